// conformance: {"with":["lib"]}
import x from "k6/experimental/browser"; export default function(){}

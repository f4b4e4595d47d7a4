// conformance: {"with":["lib"]}
import x from "k6/experimental/webcrypto"; export default function(){}

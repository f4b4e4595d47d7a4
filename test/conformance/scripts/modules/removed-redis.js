// conformance: {"with":["lib"]}
import x from "k6/experimental/redis"; export default function(){}

// conformance: {"with":["lib"]}
import x from "k6/experimental/tracing"; export default function(){}

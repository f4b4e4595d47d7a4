// conformance: {"with":["lib"]}
import x from "k6/experimental/grpc"; export default function(){}

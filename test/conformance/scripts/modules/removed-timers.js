// conformance: {"with":["lib"]}
import x from "k6/experimental/timers"; export default function(){}

// conformance: {"with":["lib"]}
import {nope} from "k6/http"; import {a} from "./lib/lib.js"; export default function(){ console.log(typeof nope, a) }

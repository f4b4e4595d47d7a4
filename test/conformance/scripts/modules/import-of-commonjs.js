// conformance: {"with":["lib"]}
import d from "./lib/cj.js"; import {foo} from "./lib/cj.js"; import e from "./lib/cj2.js"; import {x} from "./lib/cj2.js"; export default function(){ console.log(typeof d, JSON.stringify(d), foo, e, x) }

// conformance: {"with":["lib"]}
import {y,z} from "./lib/five.js"; import {top1} from "./lib/load.js"; const r=require("./lib/cjs.js"); console.log(y,z,top1,r.v,open("./lib/f.txt").trim()); export default function(){}

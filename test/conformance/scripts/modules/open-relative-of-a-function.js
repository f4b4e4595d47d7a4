// conformance: {"with":["lib"],"ignore":["log"]}
import {load} from "./lib/load.js"; console.log(load()); export default function(){}

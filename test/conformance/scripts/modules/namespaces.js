// conformance: {"with":["lib"]}
import http from "k6/http"; import {get} from "k6/http"; import * as ns from "k6/http"; export default function(){ console.log(http.get===get, ns.get===get) }

// conformance: {"with":["lib"]}
export * from "./lib/lib.js"; export {default} from "./lib/dflt.js";

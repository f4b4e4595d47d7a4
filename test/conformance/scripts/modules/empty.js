// conformance: {"with":["lib"]}


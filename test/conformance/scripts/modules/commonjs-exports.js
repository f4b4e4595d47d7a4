// conformance: {"with":["lib"]}
exports.default=function(){console.log("cjs2", typeof require, typeof module, typeof exports)}

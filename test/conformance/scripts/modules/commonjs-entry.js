// conformance: {"with":["lib"]}
module.exports.default=function(){console.log("cjs")}; module.exports.options={iterations:2};

// conformance: {"with":["lib"]}
module.exports=function(){}

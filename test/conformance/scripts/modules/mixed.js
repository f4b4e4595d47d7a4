// conformance: {"with":["lib"]}
import "k6"; module.exports={}; export default function(){}

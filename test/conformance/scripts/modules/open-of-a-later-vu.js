// conformance: {"with":["lib"]}
if (__VU === 1) { try { console.log(open("lib/f.txt")) } catch(e) { console.log(String(e)) } } export default function(){}

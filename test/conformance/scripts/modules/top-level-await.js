// conformance: {"with":["lib"]}
const x = await Promise.resolve(7); export default function(){ console.log(x) }

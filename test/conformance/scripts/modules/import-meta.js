// conformance: {"with":["lib"]}
console.log(typeof import.meta.resolve, import.meta.url, import.meta.dirname, Object.keys(import.meta).join()); export default function(){ console.log(import.meta.resolve("./x.js").startsWith("file://")) }

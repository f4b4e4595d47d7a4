// conformance: {"args":["--compatibility-mode","extended"]}
export default function(){ console.log(typeof global, typeof globalThis.global, Object.keys(globalThis).sort().join()); try{ console.log(typeof global.x) }catch(e){console.log(String(e))} }

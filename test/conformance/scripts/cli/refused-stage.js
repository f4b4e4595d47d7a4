// conformance: {"args":["-s","1s:x"],"ignore":["log"]}
export default function () { console.log('must not run'); }

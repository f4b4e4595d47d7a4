// conformance: {"args":["-s","1s"],"ignore":["log"]}
export default function () { console.log('must not run'); }

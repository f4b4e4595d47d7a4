// conformance: {"args":["-d","1d"],"ignore":["log"]}
export default function () { console.log('must not run'); }

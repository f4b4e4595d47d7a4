// conformance: {"args":["-u","-1"],"ignore":["log"]}
export default function () { console.log('must not run'); }

// conformance: {"args":["-t","foo"],"ignore":["log"]}
export default function () { console.log('must not run'); }

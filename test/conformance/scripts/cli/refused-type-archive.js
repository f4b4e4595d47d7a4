// conformance: {"args":["-t","archive"],"ignore":["log"]}
export default function () { console.log('must not run'); }

// conformance: {"args":["-u","x"],"ignore":["log"]}
export default function () { console.log('must not run'); }

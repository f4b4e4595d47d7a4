// conformance: {"args":["-t","js"]}
export default function () { console.log('runs'); }

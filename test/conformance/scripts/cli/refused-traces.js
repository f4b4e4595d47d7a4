// conformance: {"args":["--traces-output","foo"],"ignore":["log"]}
export default function () { console.log('must not run'); }

// conformance: {"args":["--tag","a="],"ignore":["log"]}
export default function () { console.log('must not run'); }

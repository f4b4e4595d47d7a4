// conformance: {"args":["--throw=maybe"],"ignore":["log"]}
export default function () { console.log('must not run'); }

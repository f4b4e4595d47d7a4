// conformance: {"args":["--address","nonsense"],"ignore":["log"]}
export default function () { console.log('must not run'); }

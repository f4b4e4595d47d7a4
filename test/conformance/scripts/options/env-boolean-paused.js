// conformance: {"env":{"K6_PAUSED":"1"},"ignore":["log"]}
export default function () { console.log('must not run'); }

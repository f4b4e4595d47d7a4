// conformance: {"env":{"K6_NO_THRESHOLDS":"yes"},"ignore":["log"]}
export default function () { console.log('must not run'); }

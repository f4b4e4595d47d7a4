// conformance: {"env":{"K6_ADDRESS":"nonsense"},"ignore":["log"]}
export default function () { console.log('runs'); }

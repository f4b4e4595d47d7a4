// conformance: {"env":{"K6_LINGER":"yes"},"ignore":["log"]}
export default function () { console.log('must not run'); }

// conformance: {"env":{"K6_NEW_MACHINE_READABLE_SUMMARY":"maybe"},"ignore":["metrics"]}
export const options = { vus: 1, iterations: 1 };
export default function () {}

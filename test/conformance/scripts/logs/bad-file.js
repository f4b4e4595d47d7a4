// conformance: {"args":["--log-output","file"],"ignore":["metrics"]}
export const options = { vus: 1, iterations: 1 };
export default function () {}

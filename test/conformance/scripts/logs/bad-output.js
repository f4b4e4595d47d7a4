// conformance: {"args":["--log-output","zz"],"ignore":["metrics"]}
export const options = { vus: 1, iterations: 1 };
export default function () {}

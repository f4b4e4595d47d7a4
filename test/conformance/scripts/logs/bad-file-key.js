// conformance: {"args":["--log-output","file=own.log,foo=1"],"ignore":["metrics"]}
export const options = { vus: 1, iterations: 1 };
export default function () {}

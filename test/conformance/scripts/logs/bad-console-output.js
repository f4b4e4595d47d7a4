// conformance: {"args":["--console-output","nowhere/console.txt"],"ignore":["metrics"]}
export const options = { vus: 1, iterations: 1 };
export default function () {}

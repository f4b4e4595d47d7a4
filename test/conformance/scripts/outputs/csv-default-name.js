// conformance: {"args":["--out","csv"],"files":["file.csv"]}
export const options = { vus: 1, iterations: 1 };
export default function () {}

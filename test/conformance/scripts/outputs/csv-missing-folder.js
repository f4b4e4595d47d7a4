// conformance: {"args":["--out","csv=nowhere/own.csv"],"ignore":["metrics"]}
export const options = { vus: 1, iterations: 1 };
export default function () {
  console.log("not reached");
}

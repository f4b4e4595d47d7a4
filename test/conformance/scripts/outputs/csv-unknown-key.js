// conformance: {"args":["--out","csv=foo=1"],"ignore":["metrics"]}
export const options = { vus: 1, iterations: 1 };
export default function () {
  console.log("not reached");
}

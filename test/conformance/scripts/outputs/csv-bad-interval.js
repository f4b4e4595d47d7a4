// conformance: {"args":["--out","csv=saveInterval=soon"],"ignore":["metrics"]}
export const options = { vus: 1, iterations: 1 };
export default function () {
  console.log("not reached");
}

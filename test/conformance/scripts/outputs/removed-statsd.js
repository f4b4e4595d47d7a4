// conformance: {"args":["--out","statsd"],"ignore":["metrics"]}
export const options = { vus: 1, iterations: 1 };
export default function () {
  console.log("not reached");
}

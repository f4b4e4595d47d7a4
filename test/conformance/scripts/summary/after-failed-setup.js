// conformance: {"files":["own.txt"]}
import http from "k6/http";

export const options = { vus: 1, iterations: 1, thresholds: { iterations: ["count>0"] } };

export function setup() {
  http.get(`${__ENV.BASE_URL}/status/200`);
  throw new Error("no setup");
}

export default function () {
  console.log("not reached");
}

export function teardown() {
  console.log("not reached");
}

export function handleSummary(data) {
  console.log(data.state.testRunDurationMs > 0, JSON.stringify(data.metrics.iterations.thresholds), data.metrics.http_reqs.values.count);
  return { "own.txt": "written\n" };
}

// conformance: {"args":["--out","csv=own.csv"],"signal":{"name":"SIGINT","after":"begun"},"ignore":["metrics","log"]}
import { sleep } from "k6";

export const options = { vus: 1, iterations: 1000 };

export default function () {
  if (__ITER === 0) console.log("begun");
  sleep(0.2);
}

export function teardown() {
  console.log("teardown");
}

export function handleSummary(data) {
  console.log("summary", data.metrics.iterations.values.count >= 0);
  return {};
}

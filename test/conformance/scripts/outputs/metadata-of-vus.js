// conformance: {"args":["--system-tags","vu,iter,scenario"],"sorted":true,"ignore":["metrics.data_sent","metrics.data_received"]}
import exec from "k6/execution";
import { Counter } from "k6/metrics";

const counter = new Counter("a_counter");
export const options = { scenarios: { own: { executor: "per-vu-iterations", vus: 3, iterations: 3 } } };

export default function () {
  const { metadata } = exec.vu.metrics;
  console.log(metadata.vu, metadata.iter, metadata.own, Object.keys(metadata).sort().join());
  metadata.own = `${__VU}-${__ITER}`;
  counter.add(1);
  for (const value of [1, true, "text", null, undefined, {}, []]) {
    try {
      metadata.kept = value;
      console.log(typeof metadata.kept, metadata.kept);
    } catch (error) {
      console.log(error.name, error.message);
    }
  }
}

// conformance: {"args":["--out","csv=own.csv"],"files":["own.csv"],"ignore":["log"]}
import exec from "k6/execution";
import { Counter } from "k6/metrics";

const counter = new Counter("a_counter");
export const options = { vus: 1, iterations: 10, systemTags: ["scenario", "iter"] };

export default function () {
  counter.add(1);
  if (__ITER === 2) exec.test.abort("enough");
}

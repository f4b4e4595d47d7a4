// conformance: {"args":["--out","csv=fileName=own.csv.gz,saveInterval=300ms,timeFormat=unix_nano","--out","json=own.ndjson.gz"],"files":["own.csv.gz","own.ndjson.gz"]}
import { Counter } from "k6/metrics";

const counter = new Counter("a_counter");
export const options = { vus: 1, iterations: 3 };

export function setup() {
  counter.add(10);
}

export default function () {
  counter.add(1, { iteration: String(__ITER) });
}

export function teardown() {
  counter.add(100);
}

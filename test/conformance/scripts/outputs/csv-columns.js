// conformance: {"args":["--out","csv=own.csv","--system-tags","vu,iter,scenario,group,check,status,method,ip"],"files":["own.csv"],"env":{"K6_CSV_TIME_FORMAT":"unix_milli"}}
import { check } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";

const counter = new Counter("a_counter");
const trend = new Trend("a_trend");

export const options = { vus: 1, iterations: 2, tags: { env: "test", zone: "z" } };

export default function () {
  exec.vu.metrics.metadata["m"] = "v";
  check(http.get(`${__ENV.BASE_URL}/status/200`, { tags: { my: "tag" } }), { ok: (r) => r.status === 200 });
  counter.add(1);
  for (const value of [1e21, 1.23456789, 5e-7, 123456789012345680000, 0.0078125, -2.5]) trend.add(value);
}

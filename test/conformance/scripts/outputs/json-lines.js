// conformance: {"args":["--out","json=own.ndjson","--system-tags","vu,iter,scenario,group,check","--tag","env=t<&>"],"files":["own.ndjson"]}
import { check, group } from "k6";
import exec from "k6/execution";
import { Counter, Gauge, Rate, Trend } from "k6/metrics";

const counter = new Counter("a_counter");
const gauge = new Gauge("a_gauge");
const rate = new Rate("a_rate");
const trend = new Trend("a_trend", true);

export const options = {
  vus: 1,
  iterations: 2,
  thresholds: {
    a_counter: ["count>0", { threshold: "count>1", abortOnFail: true, delayAbortEval: "3s" }],
    "a_counter{kind: x, other:'y'}": ["count>=0"],
    a_trend: ["p(95)<1000", { threshold: "max<1000", abortOnFail: true }],
  },
};

export default function () {
  counter.add(3, { kind: "x", other: "y" });
  exec.vu.metrics.metadata["trace"] = `t${__ITER}`;
  gauge.add(-1.5);
  rate.add(true);
  trend.add(1e21);
  trend.add(1e-7);
  trend.add(123456789.123456, { text: 'quote " \u2028 <tag>' });
  delete exec.vu.metrics.metadata["trace"];
  check(1, { "is one": (value) => value === 1, "is two": (value) => value === 2 });
  group("outer", () => group("inner", () => counter.add(1)));
}

// conformance: {"args":["--summary-export","own.json"],"shapes":["own.json"],"ignore":["files"]}
import { check, group } from "k6";
import { Counter, Gauge, Rate, Trend } from "k6/metrics";

const counter = new Counter("a_counter");
const gauge = new Gauge("a_gauge");
const rate = new Rate("a_rate");
const trend = new Trend("a_trend");

export const options = { vus: 1, iterations: 1, thresholds: { a_counter: ["count>0", "count>100"], "a_rate{a:b}": ["rate>=0"] } };

export function setup() {
  return { list: [1, "two", null], nested: { yes: true } };
}

export default function () {
  counter.add(1);
  gauge.add(2);
  rate.add(false);
  trend.add(3);
  group("outer", () => group("inner", () => check(1, { deep: () => true })));
  check(1, { root: () => false });
}

export function handleSummary() {
  return { stdout: "own\n" };
}

// conformance: {"summaryText":true}
import { check, group } from "k6";
import { Counter } from "k6/metrics";

const counters = ["Zed", "alpha", "_under", "b2", "b10", "Bx", "a_b", "aa"].map((name) => new Counter(name));

export const options = {
  vus: 1,
  iterations: 1,
  thresholds: Object.fromEntries(
    ["Zed", "alpha", "_under", "aa", "aa{x:Z}", "aa{x:a}", "aa{ x:a, b:c }", "b10{x:1}"].map((name) => [name, ["count>=0"]]),
  ),
};

export default function () {
  for (const counter of counters) counter.add(1);
  group("z", () => check(1, { "z first": () => true }));
  check(1, { "a second": () => true });
  group("a", () => check(1, { "a second": () => false, "b third": () => true }));
}

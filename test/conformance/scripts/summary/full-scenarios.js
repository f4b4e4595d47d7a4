// conformance: {"args":["--summary-mode","full"],"summaryText":true}
import { check, group } from "k6";
import { Counter } from "k6/metrics";

const counter = new Counter("a_counter");

const one = (exec, startTime) => ({ executor: "shared-iterations", vus: 1, iterations: 1, exec, startTime });
export const options = {
  scenarios: { zulu: one("both", "0s"), Alpha: one("both", "300ms"), default: one("own", "600ms"), idle: one("nothing", "900ms") },
};

export function both() {
  check(1, { outside: () => true });
  group("shared name", () => {
    counter.add(1);
    check(1, { inside: () => true, never: () => false });
  });
  group("setup", () => group("below", () => counter.add(1)));
}

export function own() {
  group("shared name", () => counter.add(1));
  counter.add(1, { group: "::by tag", scenario: "by tag" });
}

export function nothing() {}

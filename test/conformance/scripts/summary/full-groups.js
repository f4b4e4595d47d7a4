// conformance: {"args":["--summary-mode","full"],"summaryText":true}
import { check, group } from "k6";
import http from "k6/http";
import { Counter, Gauge, Rate } from "k6/metrics";

const counter = new Counter("a_counter");
const gauge = new Gauge("a_gauge");
const rate = new Rate("a_rate");

export const options = {
  vus: 1,
  iterations: 2,
  thresholds: { "a_counter{group:::first}": ["count>100"], checks: ["rate>0.1"], "http_reqs{group:::first}": ["count==2"] },
};

export function setup() {
  http.get(`${__ENV.BASE_URL}/status/200`);
  check(1, { "in setup": () => true });
  group("of setup", () => check(1, { "in a group of setup": () => true }));
}

export default function () {
  check(1, { root: () => true });
  group("first", () => {
    http.get(`${__ENV.BASE_URL}/status/200`);
    check(1, { one: () => true, two: () => false });
    counter.add(2);
    group("nested", () => {
      check(http.get(`${__ENV.BASE_URL}/status/404`), { missing: (r) => r.status === 404 });
      group("deep", () => gauge.add(5));
    });
    group("empty", () => {});
  });
  group("a second", () => rate.add(true));
  counter.add(1);
}

export function teardown() {
  counter.add(1);
  check(1, { "in teardown": () => false });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseThresholdSubject } from "../../../src/metrics/index.ts";
import { judgedTags } from "../../../src/run/judged-tags.ts";
import { healthyRecord } from "../../support/record.ts";

test("the selectors of thresholds and the endpoints of objectives are what a run is judged by", () => {
  const subjects = ["http_req_failed{name:checkout, status:500}", "http_req_duration"].map(
    parseThresholdSubject,
  );
  const endpoints = [
    { name: "/cart", method: "POST", latency: [], errorShare: 0.01 },
    { name: "/feed", latency: [], errorShare: null },
  ];
  assert.deepEqual(judgedTags(subjects, { ...healthyRecord().objectives!, endpoints }), [
    ["name", "checkout"],
    ["status", "500"],
    ["name", "/cart"],
    ["url", "/cart"],
    ["method", "POST"],
    ["name", "/feed"],
    ["url", "/feed"],
  ]);
  assert.deepEqual(judgedTags([], undefined), []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { MetricRegistry } from "../../../src/metrics/index.ts";

const errorWith = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof LakhError &&
  error.code === code &&
  error.exitCode === 107 &&
  message.test(error.message);

test("knows k6's built-in metrics with their types and kinds", () => {
  const registry = new MetricRegistry();
  const kindOf = (name: string) => [registry.get(name)?.type, registry.get(name)?.contains];
  assert.deepEqual(kindOf("http_req_duration"), ["trend", "time"]);
  assert.deepEqual(kindOf("http_req_failed"), ["rate", "default"]);
  assert.deepEqual(kindOf("data_sent"), ["counter", "data"]);
  assert.deepEqual(kindOf("vus"), ["gauge", "default"]);
  assert.deepEqual(kindOf("ws_ping"), ["trend", "time"]);
  assert.deepEqual(kindOf("grpc_streams"), ["counter", "default"]);
  assert.equal(registry.all().length, 28);
});

test("gives the same metric for the same declaration", () => {
  const registry = new MetricRegistry();
  const first = registry.define("logins", "counter", "default");
  assert.equal(registry.define("logins", "counter"), first);
  assert.equal(registry.get("logins"), first);
  assert.equal(registry.all().at(-1), first);
  assert.equal(registry.get("logouts"), undefined);
});

test("lets a script declare a built-in metric as it is", () => {
  const registry = new MetricRegistry();
  assert.equal(registry.define("http_reqs", "counter"), registry.get("http_reqs"));
});

test("refuses a name that was declared with another type, in k6's words", () => {
  const registry = new MetricRegistry();
  registry.define("ok1", "gauge");
  assert.throws(
    () => registry.define("ok1", "trend"),
    errorWith(
      "METRIC_TYPE_CONFLICT",
      /^metric 'ok1' already exists but with type gauge, instead of trend$/u,
    ),
  );
});

test("refuses a name that was declared with another kind of values", () => {
  const registry = new MetricRegistry();
  assert.throws(
    () => registry.define("http_req_duration", "trend", "default"),
    errorWith("METRIC_TYPE_CONFLICT", /but with a value type time, instead of default$/u),
  );
});

test("refuses names that k6 refuses", () => {
  const registry = new MetricRegistry();
  for (const name of ["", "x", "a b", "1st", "é_x", "a-b", "a.b", "a\n", "a".repeat(130)]) {
    assert.throws(
      () => registry.define(name, "counter"),
      errorWith("METRIC_BAD_NAME", /^Invalid metric name: '/u),
    );
  }
  for (const name of ["ab", "_x", "A9_", "a".repeat(129)]) registry.define(name, "counter");
});

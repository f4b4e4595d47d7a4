/** `--out statsd` and `--out dogstatsd` into a real StatsD. */
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { describe, it } from "node:test";
import { openOutputs } from "../../src/outputs/index.ts";
import { outputBench, type Recording } from "../support/outputs.ts";
import { startStatsd, statsdIsMissing } from "../support/statsd.ts";

const inStatsd = { skip: statsdIsMissing, timeout: 60_000 };

function record({ add }: Recording): void {
  for (let n = 0; n < 2_000; n++) {
    add("http_reqs", 1, { method: n % 2 === 0 ? "GET" : "POST", url: `http://h/${n}` });
    add("http_req_duration", n / 8, { method: "GET" });
    add("http_req_failed", n % 10 === 0 ? 1 : 0, { method: "GET" });
    add("checks", n % 4 === 0 ? 0 : 1, { check: "status is 200" });
    add("vus", n % 7);
  }
  add("vus", -2);
}

describe("a real StatsD", () => {
  it("adds up to what was recorded", inStatsd, async (t) => {
    const statsd = await startStatsd(t);
    const bench = outputBench();
    const outputs = await openOutputs([`statsd=127.0.0.1:${statsd.port}`], bench.context);
    bench.log(outputs, record);
    await outputs.stop();
    assert.deepEqual(bench.lines, []);
    const expected = {
      "k6.http_reqs": 2_000,
      "k6.http_req_failed": 200,
      "k6.http_req_failed.total": 2_000,
      "k6.http_req_failed.nonzero": 200,
      "k6.checks": 1_500,
      "k6.checks.total": 2_000,
      "k6.checks.nonzero": 1_500,
      "k6.check.status_is_200.pass": 1_500,
      "k6.check.status_is_200.fail": 500,
    };
    let counters = await statsd.counters();
    while ((counters["k6.check.status_is_200.fail"] ?? 0) < 500) {
      await wait(10);
      counters = await statsd.counters();
    }
    const own = Object.entries(counters).filter(([name]) => name.startsWith("k6."));
    assert.deepEqual(Object.fromEntries(own), expected);
    assert.equal(counters["statsd.bad_lines_seen"], 0);
    assert.equal((await statsd.gauges())["k6.vus"], -2);
    const durations = (await statsd.timers())["k6.http_req_duration"] ?? [];
    assert.deepEqual(
      durations.toSorted((a, b) => a - b),
      Array.from({ length: 2_000 }, (_, n) => n / 8),
    );
  });

  it("reads tags", inStatsd, async (t) => {
    const statsd = await startStatsd(t);
    const env = { K6_STATSD_ENABLE_TAGS: "true" };
    const bench = outputBench({ env });
    const outputs = await openOutputs([`statsd=127.0.0.1:${statsd.port}`], bench.context);
    bench.log(outputs, record);
    await outputs.stop();
    let counters = await statsd.counters();
    while (counters["k6.http_reqs;method=POST"] === undefined) {
      await wait(10);
      counters = await statsd.counters();
    }
    assert.equal(counters["k6.http_reqs;method=GET"], 1_000);
    assert.equal(counters["k6.http_reqs;method=POST"], 1_000);
    assert.equal(counters["statsd.bad_lines_seen"], 0);
  });
});

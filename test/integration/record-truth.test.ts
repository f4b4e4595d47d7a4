/** The numbers of a record against what the target itself counted and was told to do. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { runLakh, scratchFolder } from "../support/cli.ts";

const delayMs = 40;

/** The server's timer may fire a millisecond early, and a histogram's value may lie 0.28 % low. */
const leastMs = (delayMs - 1) * 0.997;

/** Answers after a fixed delay; every tenth request of /flaky fails. */
async function slowServer(
  t: TestContext,
): Promise<{ url: string; counts: Record<string, number> }> {
  const counts: Record<string, number> = {};
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const count = (counts[path] ?? 0) + 1;
    counts[path] = count;
    setTimeout(() => {
      response.statusCode = path === "/flaky" && count % 10 === 0 ? 503 : 200;
      response.end("x".repeat(1_000));
    }, delayMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, counts };
}

it("intervals, endpoints, metrics and the target's own counts agree", async (t) => {
  const { url, counts } = await slowServer(t);
  const script = `
    import http from 'k6/http';
    import { check } from 'k6';
    export const options = {
      scenarios: { open: { executor: 'constant-arrival-rate', rate: 25, timeUnit: '1s', duration: '4s', preAllocatedVUs: 30 } },
    };
    export function setup() { http.get(__ENV.BASE_URL + '/setup'); }
    export default function () {
      const steady = http.get(__ENV.BASE_URL + '/steady');
      const flaky = http.post(__ENV.BASE_URL + '/flaky', 'body');
      check(flaky, { 'answered': (r) => r.status === 200 });
    }
  `;
  const cwd = scratchFolder(t, { "script.js": script });
  const result = await runLakh(["run", "-e", `BASE_URL=${url}`, "script.js"], { cwd });
  assert.equal(result.code, 0, result.stderr);
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  const record = JSON.parse(
    readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8"),
  ) as RunRecord;

  assert.deepEqual(counts, { "/setup": 1, "/steady": 100, "/flaky": 100 });
  const sum = (of: (interval: RunRecord["intervals"][number]) => number): number =>
    record.intervals.map(of).reduce((a, b) => a + b, 0);
  assert.equal(
    sum(({ requests }) => requests),
    200,
    "setup is in no interval",
  );
  assert.equal(
    sum(({ failedRequests }) => failedRequests),
    10,
  );
  assert.equal(
    sum(({ checksFailed }) => checksFailed),
    10,
  );
  assert.equal(
    sum(({ iterationsStarted }) => iterationsStarted),
    100,
  );
  assert.equal(record.iterations.due, 100);

  const values = (name: string): Readonly<Record<string, number>> =>
    record.metrics.find((metric) => metric.name === name)!.values;
  assert.equal(values("http_reqs")["count"], 201, "setup is in the summary, as in k6");
  assert.equal(values("http_req_failed")["passes"], 10);
  assert.ok(values("http_req_duration")["min"]! >= leastMs, "never below the delay");
  assert.ok(values("http_req_waiting")["med"]! >= leastMs);
  assert.ok(values("data_received")["count"]! > 201 * 1_000);

  const { fromMs, toMs } = record.steadyState;
  const steady = record.intervals.filter(
    ({ atMs, durationMs }) => atMs + durationMs / 2 >= fromMs && atMs + durationMs / 2 < toMs,
  );
  const steadyRequests = steady.reduce((total, { requests }) => total + requests, 0);
  assert.equal(record.steadyLatency.count, steadyRequests);
  assert.equal(
    record.endpoints.reduce((total, { requests }) => total + requests, 0),
    steadyRequests,
  );
  assert.deepEqual(
    record.endpoints.map(({ method, name }) => `${method} ${name.slice(url.length)}`).sort(),
    ["GET /steady", "POST /flaky"],
  );
  for (const endpoint of record.endpoints) assert.ok(endpoint.p50Ms >= leastMs);
});

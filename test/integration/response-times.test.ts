/** Latency counted from when requests were due, against what follows from the schedule and a stall of known length. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { ExponentialHistogram } from "../../src/metrics/index.ts";
import type { RunRecord } from "../../src/record/index.ts";
import { runLakh, scratchFolder } from "../support/cli.ts";
import { serve } from "../support/local-server.ts";

/** The first two seconds are warm-up. */
const [ratePerSecond, lengthSeconds, steadySeconds, stallSeconds] = [50, 12, 10, 4];

const k6Names = ["blocked", "connecting", "duration", "duration{expected_response:true}", "failed"]
  .concat("receiving", "sending", "tls_handshaking", "waiting")
  .map((name) => `http_req_${name}`);

/** Answers at once, but for one stall: what comes in it is answered when it is over. */
async function stallingServer(t: TestContext, stallMs: number): Promise<string> {
  let firstAtMs: number | undefined;
  return serve(t, (_request, response) => {
    const now = performance.now();
    firstAtMs ??= now;
    // From two seconds after the first request on.
    const inStallMs = now - firstAtMs - 2_000;
    const waitMs = inStallMs >= 0 && inStallMs < stallMs ? stallMs - inStallMs : 0;
    if (waitMs > 0) setTimeout(() => response.end("ok"), waitMs);
    else response.end("ok");
  });
}

async function runOpen(
  t: TestContext,
  script: string,
  { baseUrl, vus }: { baseUrl: string; vus: number },
): Promise<RunRecord> {
  const load = {
    executor: "constant-arrival-rate",
    rate: ratePerSecond,
    timeUnit: "1s",
    duration: `${lengthSeconds}s`,
    preAllocatedVUs: vus,
    maxVUs: vus,
  };
  const cwd = scratchFolder(t, {
    "script.js": `import http from "k6/http";
      import exec from "k6/execution";
      export const options = ${JSON.stringify({ scenarios: { load } })};
      export default function () { ${script} http.get(__ENV.BASE_URL); }`,
  });
  const result = await runLakh(["run", "-e", `BASE_URL=${baseUrl}`, "script.js"], { cwd });
  assert.equal(result.code, 0, result.stderr);
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  return JSON.parse(readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8")) as RunRecord;
}

/** Who is due `x` into a stall waits for the rest of it: the longest waits, a share of all, are those that began first. */
function expectedMs(share: number, stalled: number): number {
  return 1_000 * (stalled - (1 - share) * steadySeconds);
}

it("one stall of the target: the p99 from when requests were due is the true one", async (t) => {
  const baseUrl = await stallingServer(t, stallSeconds * 1_000);
  const record = await runOpen(t, "", { baseUrl, vus: 2 * ratePerSecond * stallSeconds });
  const response = ExponentialHistogram.fromPlain(record.steadyResponse!);
  assert.equal(response.count, record.steadyLatency.count);
  const truthMs = expectedMs(0.99, stallSeconds);
  assert.ok(
    Math.abs(response.quantile(0.99) - truthMs) < 0.05 * truthMs,
    `${response.quantile(0.99)} ms, in truth ${truthMs} ms`,
  );
});

it("a pool of VUs that is too small hides the stall from every latency, and the drops tell", async (t) => {
  const baseUrl = await stallingServer(t, stallSeconds * 1_000);
  const record = await runOpen(t, "", { baseUrl, vus: 2 });
  const response = ExponentialHistogram.fromPlain(record.steadyResponse!);
  assert.ok(response.quantile(0.99) < 0.5 * expectedMs(0.99, stallSeconds));
  assert.ok(record.iterations.dropped >= 0.9 * ratePerSecond * stallSeconds - 2);
});

it("a stall of the generator's own is in the latency from when requests were due", async (t) => {
  const baseUrl = await stallingServer(t, 0);
  const spin = `if (exec.scenario.iterationInTest === 100) {
    const until = Date.now() + ${stallSeconds * 1_000};
    while (Date.now() < until);
  }`;
  const record = await runOpen(t, spin, { baseUrl, vus: 2 * ratePerSecond * stallSeconds });
  const response = ExponentialHistogram.fromPlain(record.steadyResponse!);
  assert.equal(response.count, record.steadyLatency.count);
  const truthMs = expectedMs(0.9, stallSeconds);
  assert.ok(response.quantile(0.9) >= 0.95 * truthMs, `${response.quantile(0.9)} ms`);
  const names = record.metrics
    .map(({ name }) => name)
    .filter((name) => name.startsWith("http_req_"));
  assert.deepEqual(names.sort(), k6Names, "k6's metrics and no more");
});

it("a closed load has no due times", async (t) => {
  const baseUrl = await stallingServer(t, 0);
  const cwd = scratchFolder(t, {
    "script.js": `import http from "k6/http";
      export const options = { vus: 2, iterations: 10 };
      export default function () { http.get(__ENV.BASE_URL); }`,
  });
  await runLakh(["run", "-e", `BASE_URL=${baseUrl}`, "script.js"], { cwd });
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  const record = JSON.parse(
    readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8"),
  ) as RunRecord;
  assert.equal(record.steadyResponse, undefined);
  assert.ok(record.intervals.every(({ lateRequests }) => lateRequests === undefined));
});

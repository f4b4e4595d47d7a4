/** `lakh run --runner k6` and `--against k6` with the real k6: same script, same record, same verdict. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { startTargetProcess } from "../../src/run/index.ts";
import { finished, repoRoot, runLakh, scratchFolder, startLakh } from "../support/cli.ts";
import { requireK6 } from "../support/k6-binary.ts";

async function jsonServer(t: TestContext): Promise<{ url: string; count: () => number }> {
  let count = 0;
  const server = createServer((request, response) => {
    count++;
    response.statusCode = request.url === "/missing" ? 404 : 200;
    response.setHeader("content-type", "application/json").end('{"ok":true}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, count: () => count };
}

function records(cwd: string): RunRecord[] {
  const folder = join(cwd, "lakh-runs");
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((id) => JSON.parse(readFileSync(join(folder, id, "record.json"), "utf8")) as RunRecord)
    : [];
}

const journey = `
  import http from 'k6/http';
  import { check, group } from 'k6';
  import { Counter } from 'k6/metrics';
  const seen = new Counter('seen');
  export const options = {
    scenarios: { s: { executor: 'per-vu-iterations', vus: 3, iterations: 4 } },
    thresholds: { http_req_failed: ['rate<0.6'], seen: ['count==12'] },
  };
  export function setup() { return http.get(__ENV.BASE_URL + '/setup').json('ok'); }
  export default function (ok) {
    group('first', () => {
      check(http.get(__ENV.BASE_URL + '/a'), { 'a is there': (r) => r.status === 200 && ok });
    });
    check(http.get(__ENV.BASE_URL + '/missing'), { 'missing is there': (r) => r.status === 200 });
    seen.add(1);
  }
  export function teardown() { http.get(__ENV.BASE_URL + '/teardown'); }
`;

/** The guide's journey; its check of latency holds on a machine that is busy with other tests, too. */
function patientJourney(): string {
  const file = join(repoRoot, "load-tests", "omgtv", "production-load-test.ts");
  const patient = readFileSync(file, "utf8").replace(
    "timings.duration < 300",
    "timings.duration < 60_000",
  );
  assert.match(patient, /duration < 60_000/u);
  return patient;
}

describe("the runner k6", () => {
  it("does what the embedded engine does, and --against k6 says so", async (t) => {
    if (requireK6(t) === undefined) return;
    const { url, count } = await jsonServer(t);
    const cwd = scratchFolder(t, { "journey.js": journey });
    const { code, stdout, stderr } = await runLakh(
      ["run", "--against", "k6", "-e", `BASE_URL=${url}`, "journey.js"],
      { cwd },
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /embedded and k6 agree on everything that the script decides/u);
    assert.equal(count(), 2 * (1 + 12 * 2 + 1));
    const [embedded, onK6] = records(cwd);
    assert.deepEqual([embedded!.runner, onK6!.runner], ["embedded", "k6"]);
    assert.deepEqual(onK6!.iterations, embedded!.iterations);
    assert.deepEqual(onK6!.checks!.toSorted(byName), embedded!.checks!.toSorted(byName));
    const endpointsOf = ({ endpoints }: RunRecord): string[] =>
      endpoints.map(({ name, requests, failed }) => `${name} ${requests} ${failed}`).sort();
    assert.deepEqual(endpointsOf(onK6!), endpointsOf(embedded!));
    const counter = (record: RunRecord, name: string): number | undefined =>
      record.metrics.find((metric) => metric.name === name)?.values["count"];
    for (const name of ["http_reqs", "seen", "iterations"])
      assert.equal(counter(onK6!, name), counter(embedded!, name), name);
    assert.equal(onK6!.population.initializedVus, 3);
    const thresholdsOf = ({ thresholds }: RunRecord): unknown[] =>
      thresholds.map(({ metric, source, ok }) => `${metric} ${source} ${ok}`).sort();
    assert.deepEqual(thresholdsOf(onK6!), thresholdsOf(embedded!));
  });

  it("runs the guide's journey on both, helper library from a URL included: same checks, same requests", async (t) => {
    if (requireK6(t) === undefined) return;
    const target = await startTargetProcess({ host: "127.0.0.1", port: 0, env: process.env });
    t.after(() => target.stop());
    const cwd = scratchFolder(t, { "journey.ts": patientJourney() });
    const flags = ["--vus", "3", "--iterations", "12", "--no-thresholds", "--offline"];
    const { code, stdout, stderr } = await runLakh(
      ["run", "--against", "k6", ...flags, "-e", `BASE_URL=${target.url}`, "journey.ts"],
      { cwd },
    );
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    assert.match(stdout, /embedded and k6 agree/u);
    const [embedded, onK6] = records(cwd);
    assert.deepEqual(onK6!.checks!.toSorted(byName), embedded!.checks!.toSorted(byName));
    for (const { endpoints } of [embedded!, onK6!])
      assert.equal(
        endpoints.reduce((sum, { requests }) => sum + requests, 0),
        12 * 4,
      );
  });

  it("ends with k6's exit code, and the record says why", async (t) => {
    if (requireK6(t) === undefined) return;
    const { url } = await jsonServer(t);
    const script = `
      import http from 'k6/http';
      import exec from 'k6/execution';
      export const options = { vus: 1, iterations: 2, thresholds: { http_reqs: ['count>100'] } };
      export default function () {
        http.get(__ENV.BASE_URL);
        if (__ENV.ABORT) exec.test.abort('enough');
        if (__ENV.THROW && __ITER === 1) throw new Error('second one');
      }`;
    const cwd = scratchFolder(t, { "script.js": script });
    const run = (variable: string) =>
      runLakh(["run", "--runner", "k6", "-e", `BASE_URL=${url}`, "-e", variable, "script.js"], {
        cwd,
      });
    assert.equal((await run("THROW=1")).code, 99);
    assert.equal((await run("ABORT=1")).code, 108);
    const [thrown, aborted] = records(cwd);
    assert.deepEqual([thrown!.outcome.reason, aborted!.outcome.reason], ["thresholds", "aborted"]);
    assert.equal(thrown!.iterations.failed, 1);
    assert.deepEqual(thrown!.exceptions, [{ message: "Error: second one", count: 1 }]);
  });

  it("says in k6's words why a run could not begin, and leaves nothing behind", async (t) => {
    if (requireK6(t) === undefined) return;
    const cwd = scratchFolder(t, {
      "setup.js":
        "export function setup() { throw new Error('no way in'); } export default function () {}",
      "syntax.js": "export default function () {",
    });
    const setup = await runLakh(["run", "--runner", "k6", "setup.js"], { cwd });
    assert.equal(setup.code, 107);
    assert.match(setup.stderr, /no way in/u);
    const syntax = await runLakh(["run", "--runner", "k6", "syntax.js"], { cwd });
    assert.equal(syntax.code, 107);
    assert.match(syntax.stderr, /K6_FAILED/u);
    assert.deepEqual(records(cwd), []);
  });

  it("passes an interrupt on to k6 and still writes the record", async (t) => {
    if (requireK6(t) === undefined) return;
    const { url, count } = await jsonServer(t);
    const script = `
      import http from 'k6/http';
      import { sleep } from 'k6';
      export const options = { vus: 2, duration: '60s' };
      export default function () { http.get(__ENV.BASE_URL); sleep(0.05); }`;
    const cwd = scratchFolder(t, { "script.js": script });
    const child = startLakh(["run", "--runner", "k6", "-e", `BASE_URL=${url}`, "script.js"], {
      cwd,
    });
    const ended = finished(child);
    while (count() < 20) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    assert.equal((await ended).code, 105);
    const [record] = records(cwd);
    assert.equal(record!.outcome.reason, "interrupted");
    assert.ok(record!.iterations.completed >= 9);
  });

  it("needs a k6, and says how to get one", async (t) => {
    const cwd = scratchFolder(t, { "script.js": "export default function () {}" });
    const env = { LAKH_K6: join(cwd, "not-there") };
    const { code, stderr } = await runLakh(["run", "--runner", "k6", "script.js"], { cwd, env });
    assert.equal(code, 255);
    assert.match(stderr, /K6_MISSING/u);
    assert.match(stderr, /install k6 2 or later/u);
    assert.deepEqual(records(cwd), []);
  });

  it("carries a load computed from daily users into k6", async (t) => {
    if (requireK6(t) === undefined) return;
    const { url } = await jsonServer(t);
    const script = `
      import http from 'k6/http';
      export const options = { vus: 7, duration: '1h' };
      export default function () { http.get(__ENV.BASE_URL + '/a'); http.get(__ENV.BASE_URL + '/b'); }`;
    const cwd = scratchFolder(t, { "script.js": script });
    const flags = ["--dau", "9000", "--warm-up", "1s", "--steady", "4s"];
    const { code, stdout, stderr } = await runLakh(
      ["run", "--runner", "k6", ...flags, "-e", `BASE_URL=${url}`, "script.js"],
      { cwd },
    );
    // Five seconds are too short for a PASS; that a verdict was reached on k6's samples is what is tested.
    assert.ok(code !== null && [0, 3, 4, 99].includes(code), stderr);
    assert.match(stdout, /requests per second/u);
    const [record] = records(cwd);
    assert.equal(record!.scenarios[0]!.executor, "constant-arrival-rate");
    const { due, started, dropped } = record!.iterations;
    // k6 starts one more at the very end of the duration (k6: 3.4); on a machine that is too busy it starts fewer,
    // or ends late and goes on meanwhile: half a second of the five.
    assert.ok(due !== null && due > 0 && started > 0);
    assert.ok(started + dropped <= due + 1 + due / 10, `${started} + ${dropped} of ${due}`);
    assert.ok(record!.population.usedVus > 1);
    assert.ok(record!.generatorHealth.some(({ startLagP99Ms }) => startLagP99Ms !== null));
  });
});

function byName(a: { group: string; name: string }, b: { group: string; name: string }): number {
  return `${a.group} ${a.name}`.localeCompare(`${b.group} ${b.name}`);
}

/** `lakh run` as a user runs it: real process, real sockets, real files. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { finished, runLakh, scratchFolder, startLakh } from "../support/cli.ts";

/** A server that counts requests by path and answers JSON. */
async function countingServer(
  t: TestContext,
): Promise<{ url: string; counts: Map<string, number> }> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    counts.set(path, (counts.get(path) ?? 0) + 1);
    response.setHeader("content-type", "application/json");
    response.statusCode = path.startsWith("/missing") ? 404 : 200;
    response.end(JSON.stringify({ path }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, counts };
}

function readOnlyRecord(cwd: string): RunRecord {
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  return JSON.parse(readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8")) as RunRecord;
}

const metric = (record: RunRecord, name: string): Readonly<Record<string, number>> =>
  record.metrics.find((candidate) => candidate.name === name)?.values ?? {};

describe("lakh run", () => {
  it("runs a script with setup, groups, checks, custom metrics and teardown, and records it", async (t) => {
    const { url, counts } = await countingServer(t);
    const script = `
      import http from 'k6/http';
      import { check, group, sleep } from 'k6';
      import { Counter, Trend } from 'k6/metrics';
      const seen = new Counter('seen');
      const size = new Trend('size');
      export const options = { vus: 3, iterations: 9, thresholds: { checks: ['rate>0.9'], seen: ['count==9'] } };
      export function setup() { return { token: http.get(__ENV.BASE_URL + '/setup').json('path') }; }
      export default function (data) {
        group('first', () => {
          const res = http.get(__ENV.BASE_URL + '/a', { headers: { 'X-Token': data.token } });
          check(res, { 'status is 200': (r) => r.status === 200, 'has a body': (r) => r.json().path === '/a' });
          size.add(res.body.length);
        });
        group('second', () => { http.post(__ENV.BASE_URL + '/b', JSON.stringify({ a: 1 })); sleep(0.01); });
        seen.add(1);
      }
      export function teardown(data) { http.get(__ENV.BASE_URL + '/teardown?' + data.token.slice(1)); }
    `;
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "-e", `BASE_URL=${url}`, "script.js"], { cwd });
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(Object.fromEntries(counts), {
      "/setup": 1,
      "/a": 9,
      "/b": 9,
      "/teardown?setup": 1,
    });
    assert.match(result.stdout, /checks_total\.*: 18/u);
    assert.match(result.stdout, /✓ status is 200/u);
    assert.match(result.stdout, /✓ 'count==9' count=9/u);

    const record = readOnlyRecord(cwd);
    assert.equal(metric(record, "http_reqs")["count"], 20);
    assert.equal(metric(record, "iterations")["count"], 9);
    assert.equal(metric(record, "checks")["passes"], 18);
    assert.equal(record.iterations.completed, 9);
    assert.equal(record.population.usedVus, 3);
    assert.equal(record.outcome.exitCode, 0);
    assert.deepEqual(
      record.thresholds.map(({ metric: name, ok }) => [name, ok]),
      [
        ["checks", true],
        ["seen", true],
      ],
    );
  });

  it("starts very many VUs in several turns: the first goes on before the last begins", async (t) => {
    for (const load of ["vus: 3000, iterations: 3000", "vus: 3000, duration: '1s'"]) {
      const script = `
        import { sleep } from 'k6';
        export const options = { ${load} };
        export default function () {
          console.log('begins');
          sleep(0.001);
          console.log('goes on');
          sleep(1);
        }
      `;
      const cwd = scratchFolder(t, { "many.js": script });
      const { stderr } = await runLakh(["run", "--quiet", "many.js"], { cwd });
      const lines = stderr.split("\n");
      const linesWith = (text: string): number[] =>
        lines.flatMap((line, index) => (line.includes(text) ? [index] : []));
      const begun = linesWith("begins");
      assert.ok(begun.length >= 3_000);
      assert.ok(linesWith("goes on")[0]! < begun[2_999]!, `with ${load}`);
    }
  });

  it("two workers share the work and count as one", async (t) => {
    const { url, counts } = await countingServer(t);
    const script = `
      import http from 'k6/http';
      import exec from 'k6/execution';
      export const options = { vus: 4, iterations: 40 };
      export default function () { http.get(__ENV.BASE_URL + '/vu' + exec.vu.idInTest); }
    `;
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "--workers", "2", "-e", `BASE_URL=${url}`, "script.js"], {
      cwd,
    });
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual([...counts.keys()].sort(), ["/vu1", "/vu2", "/vu3", "/vu4"]);
    assert.equal(
      [...counts.values()].reduce((sum, count) => sum + count, 0),
      40,
    );
    const record = readOnlyRecord(cwd);
    assert.equal(metric(record, "http_reqs")["count"], 40);
    assert.equal(record.iterations.completed, 40);
    assert.equal(record.population.usedVus, 4);
  });

  it("runs two scenarios side by side with their own functions, tags and environment", async (t) => {
    const { url, counts } = await countingServer(t);
    const script = `
      import http from 'k6/http';
      export const options = {
        scenarios: {
          open: { executor: 'constant-arrival-rate', rate: 20, timeUnit: '1s', duration: '1s', preAllocatedVUs: 5, exec: 'open', env: { WHO: 'open' } },
          closed: { executor: 'per-vu-iterations', vus: 2, iterations: 3, exec: 'closed', startTime: '200ms', tags: { kind: 'closed' } },
        },
        thresholds: { 'http_reqs{scenario:open}': ['count==20'], 'http_reqs{kind:closed}': ['count==6'] },
      };
      export function open() { http.get(__ENV.BASE_URL + '/' + __ENV.WHO); }
      export function closed() { http.get(__ENV.BASE_URL + '/closed'); }
    `;
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "-e", `BASE_URL=${url}`, "script.js"], { cwd });
    assert.equal(result.code, 0, result.stderr + result.stdout);
    assert.deepEqual(Object.fromEntries(counts), { "/open": 20, "/closed": 6 });
    const record = readOnlyRecord(cwd);
    assert.equal(record.iterations.due, 20);
    assert.equal(record.iterations.dropped, 0);
  });

  it("ramps VUs up and down", async (t) => {
    const script = `
      import { sleep } from 'k6';
      export const options = { stages: [{ duration: '1s', target: 10 }, { duration: '500ms', target: 10 }, { duration: '500ms', target: 0 }] };
      export default function () { sleep(0.05); }
    `;
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "script.js"], { cwd });
    assert.equal(result.code, 0, result.stderr);
    const record = readOnlyRecord(cwd);
    assert.equal(record.population.usedVus, 10);
    assert.ok(record.iterations.completed > 20, `${record.iterations.completed} iterations`);
  });

  it("reads TypeScript, npm packages, files and standard input", async (t) => {
    const script = `
      import { shout } from './lib/shout';
      import { pick } from 'tiny-package';
      enum Colour { Red = 'red' }
      const text: string = open('./data.txt').trim();
      export const options = { iterations: 1 };
      export default function (): void { console.log(shout(text) + pick<string>([Colour.Red])); }
    `;
    const cwd = scratchFolder(t, {
      "script.ts": script,
      "lib/shout.ts": "export const shout = (text: string): string => text.toUpperCase();\n",
      "node_modules/tiny-package/package.json":
        '{"name":"tiny-package","version":"1.0.0","main":"index.js"}',
      "node_modules/tiny-package/index.js": "exports.pick = (list) => list[0];\n",
      "data.txt": "hello\n",
    });
    const result = await runLakh(["run", "script.ts"], { cwd });
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stderr, /msg="?HELLOred/u);
    const piped = await runLakh(["run", "-"], {
      cwd,
      stdin: "export default function () { console.log('from stdin'); }",
    });
    assert.equal(piped.code, 0, piped.stderr);
    assert.match(piped.stderr, /from stdin/u);
  });

  it("gives handleSummary k6's data and writes what it returns", async (t) => {
    const script = `
      import { textSummary } from 'https://jslib.k6.io/k6-summary/0.0.2/index.js';
      export const options = { iterations: 2 };
      export default function () {}
      export function handleSummary(data) {
        return { 'summary.json': JSON.stringify(data), stdout: textSummary(data, { indent: ' ', enableColors: false }) };
      }
    `;
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "script.js"], { cwd });
    assert.equal(result.code, 0, result.stderr);
    const data = JSON.parse(readFileSync(join(cwd, "summary.json"), "utf8")) as {
      metrics: { iterations: { values: { count: number } } };
      state: { testRunDurationMs: number };
    };
    assert.equal(data.metrics.iterations.values.count, 2);
    assert.ok(data.state.testRunDurationMs > 0);
    assert.match(result.stdout, /iterations\.+: 2/u);
  });

  it("an exception in an iteration shows the user's line, counts the iteration, and does not fail the run", async (t) => {
    const script =
      "export const options = { iterations: 3 };\nexport default function () {\n  null.boom;\n}\n";
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "script.js"], { cwd });
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stderr, /script\.js:3:\d+/u);
    const record = readOnlyRecord(cwd);
    assert.equal(record.iterations.completed, 3);
    assert.equal(record.iterations.failed, 3);
    assert.equal(record.exceptions[0]?.count, 3);
  });

  it("says which thresholds held because no sample came", async (t) => {
    const cwd = scratchFolder(t, {
      "script.js": `export const options = { iterations: 1, thresholds: {
          "iterations{scenario:defualt}": ["count<9"], dropped_iterations: ["count<1"] } };
        export default function () {}`,
    });
    const { code, stderr } = await runLakh(["run", "script.js"], { cwd });
    assert.equal(code, 0, stderr);
    const remark = /warning: no sample came for the threshold on (\S+), so it held/gu;
    const inRun = [...stderr.matchAll(remark)].map((match) => match[1]);
    assert.deepEqual(inRun, ["iterations{scenario:defualt}"]);
    const report = await runLakh(["report", "latest"], { cwd });
    assert.match(report.stdout, /no sample came for the threshold on/u);
  });

  it("ends with 108 when the script aborts, 107 when setup throws, 100 when setup takes too long", async (t) => {
    const scripts: [code: number, script: string][] = [
      [
        108,
        "import exec from 'k6/execution';\nexport default function () { exec.test.abort('enough'); }",
      ],
      [
        110,
        "import exec from 'k6/execution';\nexport default function () { exec.test.fail('no good'); }",
      ],
      [
        107,
        "export function setup() { throw new Error('no setup'); }\nexport default function () {}",
      ],
      [
        100,
        "import { sleep } from 'k6';\nexport const options = { setupTimeout: '100ms' };\nexport function setup() { sleep(5); }\nexport default function () {}",
      ],
    ];
    for (const [code, script] of scripts) {
      const cwd = scratchFolder(t, { "script.js": script });
      const result = await runLakh(["run", "script.js"], { cwd });
      assert.equal(result.code, code, `${script}\n${result.stderr}`);
    }
  });

  it("the first SIGINT cuts what runs, and everything is still written", async (t) => {
    const script = `
      import { sleep } from 'k6';
      export const options = { vus: 2, duration: '60s', gracefulStop: '5s' };
      export default function () { console.log('begun'); sleep(20); }
      export function teardown() { console.log('torn down'); }
      export function handleSummary(data) { return { 'summary.json': JSON.stringify(data.state) }; }
    `;
    const cwd = scratchFolder(t, { "script.js": script });
    const child = startLakh(["run", "script.js"], { cwd });
    const ended = finished(child);
    await new Promise<void>((begun) =>
      child.stderr!.on("data", (text: string) => String(text).includes("begun") && begun()),
    );
    child.kill("SIGINT");
    const result = await ended;
    assert.equal(result.code, 105, result.stderr);
    assert.match(result.stderr, /torn down/u);
    assert.ok(existsSync(join(cwd, "summary.json")));
    const record = readOnlyRecord(cwd);
    assert.equal(record.outcome.reason, "interrupted");
    assert.ok(record.iterations.interrupted >= 1);
    assert.equal(record.iterations.completed, 0);
    assert.match(
      result.stderr,
      /msg="test run was aborted because lakh received a 'interrupt' signal"/u,
    );
  });

  it("a second SIGINT ends at once", async (t) => {
    const script =
      "import { sleep } from 'k6';\nexport default function () { console.log('begun'); sleep(60); }\n" +
      "export function teardown() { console.log('tearing down'); sleep(60); }";
    const cwd = scratchFolder(t, { "script.js": script });
    const child = startLakh(["run", "script.js"], { cwd });
    const ended = finished(child);
    await new Promise<void>((begun) =>
      child.stderr!.on("data", (text: string) => String(text).includes("begun") && begun()),
    );
    child.kill("SIGINT");
    await new Promise<void>((said) =>
      child.stderr!.on("data", (text: string) => String(text).includes("tearing down") && said()),
    );
    child.kill("SIGINT");
    assert.equal((await ended).code, 105);
  });

  it("interrupts what still runs when gracefulStop is over", async (t) => {
    const script = `
      import { sleep } from 'k6';
      export const options = { scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '100ms' } } };
      export default function () { try { sleep(30); } catch (e) { console.log('caught'); } finally { console.log('finally'); } }
    `;
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "script.js"], { cwd });
    assert.equal(result.code, 0, result.stderr);
    assert.doesNotMatch(result.stderr, /caught|finally/u);
    const record = readOnlyRecord(cwd);
    assert.equal(record.iterations.interrupted, 2);
    assert.equal(record.iterations.completed, 0);
  });

  it("recomputes the report from the record alone", async (t) => {
    const cwd = scratchFolder(t, {
      "script.js": "export const options = { iterations: 1 };\nexport default function () {}",
    });
    await runLakh(["run", "script.js"], { cwd });
    const result = await runLakh(["report", "latest"], { cwd });
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stdout, /iterations\.+: 1/u);
  });

  describe("when a worker thread ends before its time", () => {
    const script = `
      import exec from 'k6/execution';
      import { sleep } from 'k6';
      import { Counter } from 'k6/metrics';
      const seen = new Counter('seen');
      export const options = { vus: 4, duration: '60s' };
      export default function () {
        seen.add(1);
        sleep(0.05);
        if (exec.vu.idInTest === 2 && __ITER === 30) Function('return process')().exit(7);
      }
      export function teardown() { console.log('torn down'); }
      export function handleSummary({ metrics }) { return { stdout: 'seen ' + metrics.seen.values.count }; }
    `;

    for (const workers of [1, 2]) {
      it(`ends the run and keeps what was measured, with ${workers} of them`, async (t) => {
        const cwd = scratchFolder(t, { "script.js": script });
        const result = await runLakh(["run", "--workers", String(workers), "script.js"], { cwd });
        assert.equal(result.code, 109, result.stderr);
        assert.match(result.stderr, /worker thread \d ended unexpectedly: exit code 7/u);
        const record = readOnlyRecord(cwd);
        assert.deepEqual([record.outcome.reason, record.outcome.exitCode], ["error", 109]);
        const seen = metric(record, "seen")["count"] ?? 0;
        assert.ok(seen > 0, `${seen} samples`);
        if (workers === 1) {
          assert.match(result.stderr, /handleSummary\(\) was not called/u);
        } else {
          assert.match(result.stderr, /torn down/u);
          assert.ok(result.stdout.includes(`seen ${seen}`), result.stdout);
        }
      });
    }
  });
});

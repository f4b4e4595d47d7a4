/** `lakh check` as users start it: reports, JSON, exit codes, against a target of the test's own and against none. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { assertCheckDocument } from "../../src/cli/check-document.ts";
import { repoRoot, runLakh, scratchFolder } from "../support/cli.ts";

interface Target {
  readonly url: string;
  /** Requests and connections it has had. */
  readonly seen: { count: number; connections: number };
}

async function target(t: TestContext, headers: Record<string, string> = {}): Promise<Target> {
  const seen = { count: 0, connections: 0 };
  const server: Server = createServer((request, response) => {
    seen.count++;
    request.resume();
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify({ tokens: { accessToken: "a" } }));
    });
  });
  server.on("connection", () => {
    seen.connections++;
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

interface Document {
  readonly ok: boolean;
  readonly dryRun: {
    readonly made: boolean;
    readonly iterations?: number;
    readonly requests?: number;
    readonly setupRequests?: number;
    readonly connectionsOpened?: number;
    readonly checks?: number;
    readonly functions?: readonly {
      readonly exec: string;
      readonly iterations: number;
      readonly requestsPerIteration: number;
    }[];
  };
  readonly goal: { readonly requestsPerSecond: { readonly value: number } | null };
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly message: string;
  }[];
  readonly notJudged: readonly { readonly rule: string; readonly reason: string }[];
}

function parsed(stdout: string): Document {
  const document: unknown = JSON.parse(stdout);
  assertCheckDocument(document);
  return document as Document;
}

const problemsOf = ({ findings }: Document): string[] =>
  findings.filter(({ severity }) => severity === "problem").map(({ rule }) => rule);

const guide = join(repoRoot, "load-tests", "omgtv", "guide-original.js");
const journey = join(repoRoot, "load-tests", "omgtv", "production-load-test.ts");

describe("lakh check", () => {
  it("finds the faults of the guide's script, with its lines", async (t) => {
    const { url, seen } = await target(t);
    const cwd = scratchFolder(t);
    const result = await runLakh(["check", "-e", `BASE_URL=${url}`, guide], { cwd });
    assert.equal(result.code, 1, result.stderr);
    for (const rule of [
      "problem  one-sided-rate",
      "problem  closed-model-for-rate",
      "problem  load-misses-goal",
      "warning  checks-without-threshold",
      "warning  url-cardinality",
      "warning  ramp-in-percentiles",
    ])
      assert.ok(result.stdout.includes(rule), rule);
    assert.match(
      result.stdout,
      /guide-original\.js:11:19 +const errorRate = new Rate\('error_rate'\);/u,
    );
    assert.match(result.stdout, /dry run {2}9 iterations by 3 VUs, 36 requests to 127\.0\.0\.1/u);
    assert.equal(seen.count, 36);
  });

  it("finds the same without a dry run, sends nothing, and says what was not judged", async (t) => {
    const { url, seen } = await target(t);
    const args = ["check", "--no-dry-run", "--json", "-e", `BASE_URL=${url}`, guide];
    const document = parsed((await runLakh(args, { cwd: scratchFolder(t) })).stdout);
    assert.deepEqual(problemsOf(document), [
      "one-sided-rate",
      "closed-model-for-rate",
      "load-misses-goal",
    ]);
    assert.equal(document.dryRun.made, false);
    assert.ok(document.notJudged.some(({ rule }) => rule === "cdn-in-front"));
    assert.equal(seen.count, 0);
  });

  it("has no problem with the corrected journey until a goal is stated that it misses", async (t) => {
    const { url } = await target(t);
    const cwd = scratchFolder(t);
    const args = ["check", "--json", "-e", `BASE_URL=${url}`, journey];
    const plain = await runLakh(args, { cwd });
    assert.equal(plain.code, 0, plain.stderr);
    const document = parsed(plain.stdout);
    assert.deepEqual(problemsOf(document), []);
    assert.equal(document.dryRun.requests, 36);
    const judged = parsed((await runLakh([...args, "--dau", "100000"], { cwd })).stdout);
    assert.deepEqual(problemsOf(judged), ["closed-model-for-rate", "load-misses-goal"]);
    assert.equal(Math.round(judged.goal.requestsPerSecond!.value), 444);
  });

  it("counts what the target counts: requests of each function, of setup(), and connections", async (t) => {
    const { url, seen } = await target(t);
    const script = `import http from "k6/http";
import { check } from "k6";
const scenario = (exec) => ({ executor: "constant-vus", vus: 50, duration: "1h", exec });
export const options = { scenarios: { one: scenario("single"), two: scenario("double") } };
const get = () => check(http.get(__ENV.BASE_URL), { ok: (r) => r.status === 200 });
export function setup() { get(); get(); }
export function single() { get(); }
export function double() { get(); get(); }
export function teardown() { get(); }`;
    const cwd = scratchFolder(t, { "script.js": script });
    const args = ["check", "--json", "-e", `BASE_URL=${url}`, "script.js"];
    const { dryRun } = parsed((await runLakh(args, { cwd })).stdout);
    assert.deepEqual(
      dryRun.functions?.map(({ exec, iterations, requestsPerIteration }) => [
        exec,
        iterations,
        requestsPerIteration,
      ]),
      [
        ["single", 9, 1],
        ["double", 9, 2],
      ],
    );
    assert.equal(dryRun.setupRequests, 2);
    assert.equal(dryRun.requests, 2 + 9 + 18);
    assert.equal(dryRun.checks, 2 + 9 + 18);
    // The facts end before teardown(), which the target sees, too.
    assert.equal(seen.count, 2 + 9 + 18 + 1);
    assert.equal(dryRun.connectionsOpened, seen.connections - 1);
  });

  it("tells of a target that ends connections", async (t) => {
    const { url } = await target(t, { connection: "close" });
    const script = `import http from "k6/http";
export default function () { http.get(__ENV.BASE_URL); }`;
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["check", "-e", `BASE_URL=${url}`, "script.js"], { cwd });
    assert.match(result.stdout, /9 connections for 9\s+requests/u);
    assert.match(result.stdout, /9 answers said "connection: close"/u);
  });

  it("tells of a CDN by the headers of real answers", async (t) => {
    const { url } = await target(t, { "cf-ray": "8f-FRA", "cf-cache-status": "HIT" });
    const script = `import http from "k6/http";
export const options = { thresholds: { http_req_failed: ["rate<0.1"] } };
export default function () { http.get(__ENV.BASE_URL); }`;
    const cwd = scratchFolder(t, { "script.js": script });
    const args = ["check", "--rule", "cdn-in-front", "-e", `BASE_URL=${url}`, "script.js"];
    const result = await runLakh(args, { cwd });
    assert.equal(result.code, 1);
    assert.match(result.stdout, /Cloudflare answered 9 of 9 requests/u);
  });

  it("judges the script alone when nobody answers, and does not blame the script", async (t) => {
    const { url } = await target(t);
    const script = `import http from "k6/http";
export const options = { thresholds: { http_req_failed: ["rate<0.1"] } };
export default function () { http.get("http://127.0.0.1:1/").json("a"); }`;
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["check", "-e", `BASE_URL=${url}`, "script.js"], { cwd });
    assert.equal(result.code, 0, result.stdout);
    assert.match(result.stdout, /none of the dry run's 9 requests was answered/u);
    assert.ok(!result.stderr.includes("Request Failed"));
  });

  it("says that setup() failed, and goes on without a dry run", async (t) => {
    const script = `export function setup() { throw new Error("no login: hunter2-token"); }
export default function () {}`;
    const cwd = scratchFolder(t, { "script.js": script });
    const args = ["check", "-e", "API_TOKEN=hunter2-token", "script.js"];
    const result = await runLakh(args, { cwd });
    assert.equal(result.code, 0);
    assert.match(result.stdout, /the dry run could not be made: [^]*no login/u);
    assert.ok(!result.stdout.includes("hunter2"), "a secret of the environment is not repeated");
  });

  it("ends with 1 for warnings only when it is strict", async (t) => {
    const script = `export const options = { thresholds: { checks: [{ threshold: "rate>0.9", abortOnFail: true }] } };
export default function () {}`;
    const cwd = scratchFolder(t, { "script.js": script });
    const run = (...more: string[]) =>
      runLakh(["check", "--no-dry-run", ...more, "script.js"], { cwd });
    assert.equal((await run()).code, 0);
    assert.equal((await run("--strict")).code, 1);
    assert.equal((await run("--strict", "--ignore", "abort-without-delay")).code, 0);
  });

  it("reads CommonJS, imported files and standard input, and points at the right file", async (t) => {
    const files = {
      "script.js": `const http = require("k6/http");
const { get } = require("./lib.js");
module.exports.options = { vus: 2, duration: "1m" };
module.exports.default = function () { get(http, __ITER); };`,
      "lib.js": `const { Rate } = require("k6/metrics");
const errors = new Rate("errors");
module.exports.get = function (http, id) {
  if (http.get("http://127.0.0.1:1/" + id).status !== 200) errors.add(1);
};`,
    };
    const cwd = scratchFolder(t, files);
    const required = await runLakh(["check", "--no-dry-run", "script.js"], { cwd });
    assert.match(required.stdout, /lib\.js:2:\d+ +const errors = new Rate/u);
    const piped = await runLakh(["check", "--no-dry-run", "-"], {
      cwd,
      stdin: `import http from "k6/http";
export default function () { http.get("http://127.0.0.1:1/" + __ITER); }`,
    });
    assert.equal(piped.code, 1);
    assert.match(piped.stdout, /^ +-:2:\d+ +what varies/mu);
  });

  it("ends as a run does when the script cannot be run, and names a rule that it does not know", async (t) => {
    const cwd = scratchFolder(t, {
      "broken.js": "export default function ( {",
      "options.js": `export const options = { scenarios: { a: { executor: "no-such" } } };\nexport default function () {}`,
    });
    for (const script of ["broken.js", "options.js", "missing.js"]) {
      const check = await runLakh(["check", script], { cwd });
      const run = await runLakh(["run", script], { cwd });
      assert.equal(check.code, run.code, script);
      const message = (text: string): string | undefined => /msg="(.*?)"(?: |\n)/u.exec(text)?.[1];
      assert.equal(message(check.stderr), message(run.stderr), script);
      assert.equal(check.stdout, "");
    }
    const unknown = await runLakh(["check", "--rule", "one-sided-rat", guide], { cwd });
    assert.equal(unknown.code, 255);
    assert.match(unknown.stderr, /did you mean \\"one-sided-rate\\"/u);
  });
});

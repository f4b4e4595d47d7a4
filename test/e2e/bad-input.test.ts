/** Every bad input: one clear error (what, where, what to do), k6's exit code, and nothing half-written. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runLakh, scratchFolder } from "../support/cli.ts";

interface Case {
  readonly title: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly code: number;
  /** All of these must be in the message. */
  readonly says: readonly RegExp[];
}

const cases: readonly Case[] = [
  {
    title: "a syntax error names the file, the line and the column",
    script: "import http from 'k6/http';\nexport default function () {\n  http.get('x'\n}\n",
    code: 107,
    says: [/script\.js:4:\d+/u, /what to do|Expected/u],
  },
  {
    title: "a missing import names the module and the importing line",
    script: "import { x } from './missing.js';\nexport default function () { x(); }\n",
    code: 107,
    says: [/\.\/missing\.js/u, /script\.js:1/u],
  },
  {
    title: "an npm package that is not installed is named, with what to do",
    script: "import _ from 'not-installed-anywhere';\nexport default function () {}\n",
    code: 107,
    says: [/not-installed-anywhere/u, /npm install/u],
  },
  {
    title: "an exception in init shows the user's line",
    script: "const a = undefined;\n\nconst b = a.c;\nexport default function () { return b; }\n",
    code: 107,
    says: [/TypeError/u, /script\.js:3:\d+/u],
  },
  {
    title: "a script without an exported function",
    script: "export const options = { vus: 1 };\n",
    code: 255,
    says: [/no exported functions in script/u],
  },
  {
    title: "an unknown executor, with the nearest name",
    script:
      "export const options = { scenarios: { a: { executor: 'constant-vu', vus: 1, duration: '1s' } } };\nexport default function () {}\n",
    code: 104,
    says: [/unknown executor type 'constant-vu'/u, /constant-vus/u],
  },
  {
    title: "a scenario whose function does not exist",
    script:
      "export const options = { scenarios: { a: { executor: 'shared-iterations', exec: 'nope' } } };\nexport default function () {}\n",
    code: 104,
    says: [/nope/u],
  },
  {
    title: "a malformed threshold",
    script:
      "export const options = { thresholds: { http_req_duration: ['p(95)<<300'] } };\nexport default function () {}\n",
    code: 104,
    says: [/p\(95\)<<300/u, /http_req_duration/u],
  },
  {
    title: "a threshold on a metric that does not exist",
    script:
      "export const options = { thresholds: { http_req_durations: ['p(95)<300'] } };\nexport default function () {}\n",
    code: 104,
    says: [/http_req_durations/u],
  },
  {
    title: "an unknown k6 module",
    script: "import x from 'k6/nope';\nexport default function () { x(); }\n",
    code: 107,
    says: [/k6\/nope/u],
  },
  {
    title: "an extension of k6, which only a k6 binary built with it has",
    script: "import redis from 'k6/x/redis';\nexport default function () { new redis.Client(); }\n",
    code: 107,
    says: [/k6\/x\/redis/u, /script\.js:1/u, /--runner k6/u],
  },
  {
    title: "an HTTP request in the init context",
    script:
      "import http from 'k6/http';\nhttp.get('http://127.0.0.1:1/');\nexport default function () {}\n",
    code: 107,
    says: [/Making http requests in the init context is not supported/u, /script\.js:2/u],
  },
  {
    title: "an invalid metric name",
    script:
      "import { Counter } from 'k6/metrics';\nnew Counter('not a name');\nexport default function () {}\n",
    code: 107,
    says: [/not a name/u, /script\.js:2/u],
  },
  {
    title: "a metric declared twice with different types",
    script:
      "import { Counter, Trend } from 'k6/metrics';\nnew Counter('twice');\nnew Trend('twice');\nexport default function () {}\n",
    code: 107,
    says: [/twice/u, /script\.js:3/u],
  },
  {
    title: "a duration without a unit on the command line",
    script: "export default function () {}\n",
    args: ["-d", "500"],
    code: 255,
    says: [/duration/u],
  },
  {
    title: "an unknown flag, with the nearest one",
    script: "export default function () {}\n",
    args: ["--iteration", "3"],
    code: 255,
    says: [/unknown option '--iteration'/u, /--iterations/u],
  },
];

describe("bad input", () => {
  for (const { title, script, args = [], code, says } of cases) {
    it(title, async (t) => {
      const cwd = scratchFolder(t, { "script.js": script });
      const result = await runLakh(["run", ...args, "script.js"], { cwd });
      assert.equal(result.code, code, result.stderr);
      for (const pattern of says) assert.match(result.stderr, pattern);
      assert.doesNotMatch(
        result.stderr,
        /internal error|\/dist\/src\//u,
        "no frames of lakh in a user's error",
      );
      const left = existsSync(join(cwd, "lakh-runs")) ? readdirSync(join(cwd, "lakh-runs")) : [];
      assert.deepEqual(left, [], "nothing half-written");
    });
  }

  it("a script file that does not exist", async (t) => {
    const cwd = scratchFolder(t);
    const result = await runLakh(["run", "nowhere.js"], { cwd });
    assert.equal(result.code, 255);
    assert.match(result.stderr, /nowhere\.js/u);
  });

  it("an unknown command, with the nearest one", async (t) => {
    const result = await runLakh(["rnu"], { cwd: scratchFolder(t) });
    assert.equal(result.code, 255);
    assert.match(result.stderr, /Did you mean run/u);
  });

  it("a run folder that cannot be made is refused before any load is sent", async (t) => {
    const cwd = scratchFolder(t, {
      "script.js": "export default function () { console.log('ran'); }\n",
      "a-file": "",
    });
    const result = await runLakh(["run", "--runs-dir", "a-file/runs", "script.js"], { cwd });
    assert.equal(result.code, 255);
    assert.match(result.stderr, /a-file/u);
    assert.doesNotMatch(result.stderr, /ran/u);
  });

  it("a target that refuses every connection ends the run normally with every request failed", async (t) => {
    const script = `
      import http from 'k6/http';
      export const options = { iterations: 3, thresholds: { http_req_failed: ['rate<0.001'] } };
      export default function () { http.get('http://127.0.0.1:1/'); }
    `;
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "script.js"], { cwd });
    assert.equal(result.code, 99, result.stderr);
    assert.match(result.stdout, /http_req_failed\.*: 100\.00% 3 out of 3/u);
  });

  it("a base URL that is not a URL is said once, clearly", async (t) => {
    const script = `
      import http from 'k6/http';
      export const options = { iterations: 2 };
      export default function () { http.get(__ENV.BASE_URL + '/x'); }
    `;
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "-e", "BASE_URL=staging example", "script.js"], { cwd });
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stderr, /staging%20example\/x/u);
    assert.match(result.stderr, /unsupported protocol scheme/u);
  });
});

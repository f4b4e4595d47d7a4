/** A generator whose own machine runs out of something: INVALID, with the resource and what to do; never FAIL. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { judge } from "../../src/judge/index.ts";
import type { RunRecord } from "../../src/record/index.ts";
import { type CliResult, finished, lakhBinary, scratchFolder } from "../support/cli.ts";
import { serve } from "../support/local-server.ts";

/** Holds every answer for a while, so that each VU needs a connection of its own. */
async function holdingServer(t: TestContext): Promise<string> {
  return serve(t, (_request, response) => {
    setTimeout(() => response.end("ok"), 300);
  });
}

/** lakh with so many descriptors at most. */
function runLimited(
  descriptors: number,
  args: readonly string[],
  { cwd }: { cwd: string },
): Promise<CliResult> {
  const shell = `ulimit -n ${descriptors} && exec "$@"`;
  return finished(
    spawn("sh", ["-c", shell, "sh", process.execPath, lakhBinary, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

function readRecord(cwd: string): RunRecord {
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  return JSON.parse(readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8")) as RunRecord;
}

it("file descriptors used up", {
  skip: process.platform === "win32" && "needs ulimit",
}, async (t) => {
  const url = await holdingServer(t);
  const cwd = scratchFolder(t, {
    "script.js": `import http from "k6/http";
      export const options = { vus: 120, duration: "4s" };
      export default function () {
        const response = http.get(__ENV.BASE_URL);
        if (response.error_code !== 0) console.log("code " + response.error_code + ": " + response.error);
      }`,
  });
  const result = await runLimited(
    96,
    ["run", "--workers", "1", "-e", `BASE_URL=${url}`, "script.js"],
    { cwd },
  );
  assert.match(
    result.stderr,
    /code 1213: dial: unknown errno 24 error with msg `too many open files`/u,
  );
  const record = readRecord(cwd);
  const counted = record.generatorHealth.reduce(
    (sum, { socketFaultKinds }) => sum + (socketFaultKinds?.["EMFILE"] ?? 0),
    0,
  );
  assert.ok(counted > 0);
  const verdict = judge(record);
  assert.match(verdict.sentence, /^INVALID: .*EMFILE \(file descriptors .* raise ulimit -n/u);
});

it("local addresses that cannot be bound: EADDRNOTAVAIL, for HTTP and WebSockets alike", async (t) => {
  const url = await holdingServer(t);
  const cwd = scratchFolder(t, {
    "script.js": `import http from "k6/http";
      import ws from "k6/ws";
      export const options = { vus: 1, iterations: 1 };
      export default function () {
        const response = http.get(__ENV.BASE_URL);
        console.log("code " + response.error_code);
        try { ws.connect(__ENV.BASE_URL.replace("http", "ws"), {}, () => {}); } catch (error) { console.log("" + error); }
      }`,
  });
  // 192.0.2.0/24 is set aside for documentation (RFC 5737): no machine has it.
  const args = ["run", "--local-ips", "192.0.2.1", "-e", `BASE_URL=${url}`, "script.js"];
  const result = await runLimited(4_096, args, { cwd });
  assert.match(result.stderr, /code 1213/u);
  const record = readRecord(cwd);
  assert.deepEqual(
    record.generatorHealth
      .map(({ socketFaultKinds = {} }) => socketFaultKinds["EADDRNOTAVAIL"] ?? 0)
      .reduce((a, b) => a + b, 0),
    2,
    result.stderr,
  );
  assert.match(judge(record).sentence, /^INVALID: .*--local-ips/u);
});

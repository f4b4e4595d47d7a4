/** `lakh run --observe-prometheus`, from the flags to the record. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { runLakh, scratchFolder } from "../support/cli.ts";
import { freePort } from "../support/free-port.ts";
import {
  prometheusIsMissing,
  prometheusPassword,
  prometheusUser,
  startPrometheus,
} from "../support/prometheus.ts";

const script = `
import http from "k6/http";
import { sleep } from "k6";
export default function () { http.get(__ENV.BASE_URL); sleep(0.2); }
`;

/** A target that counts its requests. */
async function startTarget(t: TestContext): Promise<{ url: string; requests(): number }> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    response.end("ok");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests: () => requests };
}

function recordIn(folder: string): { record: RunRecord; text: string } {
  const runs = join(folder, "lakh-runs");
  const [run] = readdirSync(runs).filter((name) => /^\d/u.test(name));
  const text = readFileSync(join(runs, run!, "record.json"), "utf8");
  return { record: JSON.parse(text) as RunRecord, text };
}

test("the readings of the run are in its record, and no password", {
  skip: prometheusIsMissing,
}, async (t) => {
  const target = await startTarget(t);
  const bornMs = Date.now();
  const port = await startPrometheus(t, {
    api: (wallMs) =>
      `process_cpu_seconds_total ${1_000 + (wallMs - bornMs) / 2_000} ${wallMs}\nprocess_resident_memory_bytes 5e7 ${wallMs}\n`,
  });
  const cwd = scratchFolder(t, { "script.js": script });
  const { code, stdout, stderr } = await runLakh(
    [
      "run",
      "-d",
      "8s",
      "-e",
      `BASE_URL=${target.url}`,
      "--observe-prometheus",
      `http://${prometheusUser}:${prometheusPassword}@127.0.0.1:${port}`,
      "--observe-preset",
      "nodejs",
      "--observe-selector",
      "job=api",
      "script.js",
    ],
    { cwd },
  );
  assert.equal(code, 0, stderr);
  const { record, text } = recordIn(cwd);
  const read = (name: string): RunRecord["observations"][number] =>
    record.observations.find((each) => each.name === name)!;
  const cpu = read("cpu_cores").points.map(([, value]) => value);
  // Truth is 0.5; while a series is younger than the window, Prometheus tells less.
  assert.ok(cpu.length > 0 && cpu.every((cores) => cores > 0 && cores <= 0.51), String(cpu));
  assert.ok(
    read("memory_bytes").points.every(([atMs]) => atMs >= 0 && atMs <= record.durationMs + 1_000),
  );
  assert.equal(read("memory_bytes").partOf, `http://127.0.0.1:${port}`);
  assert.doesNotMatch(text + stdout + stderr, new RegExp(prometheusPassword, "u"));
});

test("a Prometheus that is down ends the run before a request is sent", async (t) => {
  const target = await startTarget(t);
  const cwd = scratchFolder(t, { "script.js": script });
  const { code, stderr } = await runLakh(
    [
      "run",
      "-e",
      `BASE_URL=${target.url}`,
      "--observe-prometheus",
      `http://127.0.0.1:${await freePort()}`,
      "--observe-query",
      "cpu_cores=vector(1)",
      "script.js",
    ],
    { cwd },
  );
  assert.equal(code, 104, stderr);
  assert.match(stderr, /Prometheus at http:\/\/127\.0\.0\.1:\d+ cannot be read: .*ECONNREFUSED/u);
  assert.equal(target.requests(), 0);
});

/** `lakh doctor` against real things: this machine, a server, a closed port, an expired certificate, a Prometheus. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { type DoctorReport, doctorSchema, type Finding } from "../../src/doctor/index.ts";
import { repoRoot, runLakh, scratchFolder } from "../support/cli.ts";
import { freePort } from "../support/free-port.ts";
import { expiredCertificate } from "../support/http-certificates.ts";

const schemaPath = join(repoRoot, "docs", "reference", "schemas", "doctor.schema.json");

interface Answer {
  readonly code: number | null;
  readonly report: DoctorReport;
  readonly line: (id: string) => Finding;
}

/** Every answer is held against the published schema. */
async function doctor(t: TestContext, args: readonly string[], cwd?: string): Promise<Answer> {
  const folder = cwd ?? scratchFolder(t);
  const { code, stdout, stderr } = await runLakh(["doctor", "--json", ...args], { cwd: folder });
  assert.notEqual(stdout, "", stderr);
  const report = JSON.parse(stdout) as DoctorReport;
  z.fromJSONSchema(JSON.parse(readFileSync(schemaPath, "utf8"))).parse(report);
  assert.equal(code, report.status === "fix" ? 1 : 0);
  const line = (id: string): Finding => {
    const found = report.groups.flatMap(({ findings }) => findings).find((each) => each.id === id);
    assert.ok(found !== undefined, `no line ${id} in ${stdout}`);
    return found;
  };
  return { code, report, line };
}

async function listening(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe("lakh doctor", () => {
  it("publishes the schema of its JSON (UPDATE_GOLDEN=1 writes it)", () => {
    const text = `${JSON.stringify(doctorSchema(), null, 2)}\n`;
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(schemaPath, text);
    assert.deepEqual(JSON.parse(readFileSync(schemaPath, "utf8")), JSON.parse(text));
  });

  it("has a schema that refuses what is no report", () => {
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(schemaPath, "utf8")));
    assert.ok(!schema.safeParse({ schemaVersion: 1, groups: [] }).success);
  });

  it("looks at this machine", async (t) => {
    const { line, report } = await doctor(t, ["--vus", "10", "--rps", "20"]);
    assert.deepEqual([report.load.vus, report.load.requestsPerSecond], [10, 20]);
    assert.equal(line("node").found, process.version.slice(1));
    assert.equal(line("esbuild").status, "ok");
    if (process.platform !== "linux") return;
    const limit = /^Max open files\s+(\d+)/mu.exec(readFileSync("/proc/self/limits", "utf8"))![1];
    assert.ok(line("open-files").found.replaceAll(",", "").startsWith(limit!));
  });

  it("wants a limit raised that the load would break", async (t) => {
    const { code, line } = await doctor(t, ["--vus", "90000000"]);
    assert.equal(code, 1);
    if (process.platform === "linux") assert.equal(line("local-ports").status, "fix");
    assert.equal(line("memory").status, "fix");
  });

  it("asks a target ten times on one connection", async (t) => {
    let requests = 0;
    const sockets = new Set<unknown>();
    const server = createServer((request, response) => {
      requests++;
      sockets.add(request.socket);
      response.setHeader("cf-ray", "8f00-FRA");
      setTimeout(() => response.end("ok"), 30);
    });
    const port = await listening(t, server);
    const { line } = await doctor(t, [`http://127.0.0.1:${port}/`]);
    assert.equal(requests, 10);
    assert.equal(line("target-answers").status, "ok");
    const median = Number(/after ([\d.]+) ms/u.exec(line("target-answers").found)![1]);
    assert.ok(median >= 29, `a server that takes 30 ms answered after ${median} ms`);
    assert.match(line("target-keep-alive").found, /^9 of 9/u);
    assert.equal(line("target-keep-alive").status, "ok");
    assert.match(line("target-front").found, /Cloudflare \(cf-ray\)/u);
    assert.equal(line("target-place").status, "warning");
    assert.equal(line("target-clock").status, "ok");
  });

  it("sees that a target closes its connections", async (t) => {
    const server = createServer((_request, response) => {
      response.setHeader("connection", "close");
      response.end("ok");
    });
    const port = await listening(t, server);
    const { line } = await doctor(t, [`http://localhost:${port}/`]);
    assert.match(line("target-keep-alive").found, /^0 of 9/u);
    assert.equal(line("target-keep-alive").status, "warning");
  });

  it("says that a port is closed", async (t) => {
    const { code, line } = await doctor(t, [`http://127.0.0.1:${await freePort()}/`]);
    assert.equal(code, 1);
    assert.match(line("target-connection").found, /ECONNREFUSED/u);
  });

  it("says that a name leads nowhere", async (t) => {
    const { code, line } = await doctor(t, ["http://no-such-host.invalid/"]);
    assert.equal(code, 1);
    assert.equal(line("target-dns").status, "fix");
  });

  it("says that a certificate has ended", async (t) => {
    const server = createTlsServer(expiredCertificate, (_request, response) => {
      response.end("ok");
    });
    const port = await listening(t, server as unknown as Server);
    const { code, line } = await doctor(t, [`https://localhost:${port}/`]);
    assert.equal(code, 1);
    assert.match(
      line("target-tls").found,
      /^TLSv1\.3, http\/1\.1, .*certificate ended \d+ days ago/u,
    );
    assert.equal(line("target-answers").status, "ok");
  });

  it("takes addresses and VUs from a script, and tells what is wrong with one", async (t) => {
    const server = createServer((_request, response) => void response.end("ok"));
    const port = await listening(t, server);
    const cwd = scratchFolder(t, {
      "good.js": `import http from "k6/http";
export const options = { vus: 7, duration: "1m" };
export default function () { http.get(__ENV.BASE_URL || "http://127.0.0.1:1/"); }`,
      "bad.js": "export const options = {;",
    });
    const good = await doctor(t, ["-e", `BASE_URL=http://127.0.0.1:${port}`, "good.js"], cwd);
    assert.equal(good.report.load.vus, 7);
    assert.match(good.line("script").found, /can be run, with 7 VUs; 1 address in -e/u);
    assert.equal(good.line("target-answers").status, "ok");
    const bad = await doctor(t, ["bad.js"], cwd);
    assert.equal(bad.line("script").status, "fix");
    const missing = await doctor(t, ["no-such.js"], cwd);
    assert.equal(missing.line("script").status, "fix");
  });

  it("prints a line a finding, what to do below it, and a conclusion", async (t) => {
    const cwd = scratchFolder(t);
    const { code, stdout } = await runLakh(["doctor", `http://127.0.0.1:${await freePort()}/`], {
      cwd,
    });
    assert.equal(code, 1);
    assert.match(stdout, /^ {2}fix +connection .*ECONNREFUSED\n +→ is it running/mu);
    assert.match(stdout, /^\d+ to fix, .*judged for 5,000 VUs and 444 requests\/s/mu);
  });
});

const hasPrometheus = spawnSync("prometheus", ["--version"]).status === 0;

describe("a real Prometheus", {
  skip: !hasPrometheus && "there is no prometheus on the PATH",
}, () => {
  for (const [what, flags, status] of [
    ["with the receiver", ["--web.enable-remote-write-receiver"], "ok"],
    ["without it", [], "fix"],
  ] as const)
    it(`${what}: ${status}`, async (t) => {
      const port = await startPrometheus(t, flags);
      const { line, code } = await doctor(t, ["--prometheus", `http://127.0.0.1:${port}`]);
      assert.match(line("prometheus").found, /^version \d+\.\d+/u);
      assert.equal(line("prometheus-write").status, status);
      if (status === "fix") assert.equal(code, 1);
    });

  it("that is not there", async (t) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    assert.match(
      (await doctor(t, ["--prometheus", url])).line("prometheus").found,
      /ECONNREFUSED/u,
    );
  });
});

async function startPrometheus(t: TestContext, flags: readonly string[]): Promise<number> {
  const folder = scratchFolder(t, { "prometheus.yml": "scrape_configs: []\n" });
  const port = await freePort();
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise((resolve) => child.once("close", resolve));
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  for (;;) {
    assert.equal(child.exitCode, null, "prometheus ended by itself");
    // oxlint-disable-next-line no-await-in-loop -- asked again until it is there
    const response = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
    if (response?.ok === true) return port;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await wait(100);
  }
}

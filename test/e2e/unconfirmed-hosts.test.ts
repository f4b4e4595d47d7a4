/**
 * Load on hosts that are not loopback needs --confirm-host above 50 requests/s. Nothing leaves this machine: requests go
 * through a proxy on loopback, which answers itself, or to an address of this machine that is not loopback.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { WebSocketServer } from "ws";
import { judge, type RunRecord } from "../../src/index.ts";
import { type CliResult, runLakh, scratchFolder } from "../support/cli.ts";
import { requireK6 } from "../support/k6-binary.ts";

const ownAddress = Object.values(networkInterfaces())
  .flatMap((entries) => entries ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
const needsAddress = {
  skip: ownAddress === undefined && "this machine has no address but loopback",
};

interface Counted {
  readonly port: number;
  /** Requests by host. */
  readonly requests: Map<string, number>;
}

/** A server, or a proxy, that answers every request with 200 and counts by host. */
async function startCounting(t: TestContext, address = "127.0.0.1"): Promise<Counted> {
  const requests = new Map<string, number>();
  const server = createServer((request, response) => {
    const host = (request.headers.host ?? "").replace(/:\d+$/u, "");
    requests.set(host, (requests.get(host) ?? 0) + 1);
    response.end("ok");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, address, resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests };
}

/** A WebSocket server that counts what it is told. */
async function startSocketCounting(
  t: TestContext,
  host: string,
): Promise<{ readonly port: number; messages: number }> {
  const server = new WebSocketServer({ host, port: 0 });
  await once(server, "listening");
  const counted = { port: (server.address() as AddressInfo).port, messages: 0 };
  server.on("connection", (socket) => {
    socket.on("message", () => counted.messages++);
  });
  t.after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return counted;
}

/** One VU that asks as fast as it can, for at most `iterations`. */
const burst = (url: string, options: Record<string, unknown> = {}): string => `
import http from "k6/http";
export const options = ${JSON.stringify({ vus: 1, iterations: 200, ...options })};
export default function () { http.get("${url}"); }
`;

function recordIn(folder: string): RunRecord {
  const [run] = readdirSync(join(folder, "lakh-runs"));
  return JSON.parse(readFileSync(join(folder, "lakh-runs", run!, "record.json"), "utf8"));
}

function runIn(
  t: TestContext,
  script: string,
  parts: { flags?: readonly string[]; env?: NodeJS.ProcessEnv },
): Promise<CliResult> & { folder: string } {
  const folder = scratchFolder(t, { "script.js": script });
  const args = ["run", "--quiet", ...(parts.flags ?? []), "script.js"];
  const result = runLakh(args, { cwd: folder, env: parts.env ?? {} });
  return Object.assign(result, { folder });
}

describe("a run through a proxy", () => {
  it("ends after 50 requests, says which flag to add, and leaves a record that is INVALID", async (t) => {
    const proxy = await startCounting(t);
    const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
    const run = runIn(t, burst("http://api.example.test/"), { env });
    const { code, stderr } = await run;
    assert.equal(code, 104, stderr);
    assert.match(stderr, /api\.example\.test is not confirmed as a target: it got 51 requests/u);
    assert.match(stderr, /--confirm-host api\.example\.test/u);
    assert.equal(proxy.requests.get("api.example.test"), 50);
    const record = recordIn(run.folder);
    assert.equal(record.outcome.exitCode, 104);
    assert.equal(judge(record).verdict, "INVALID");
    // What was not sent is in no figure.
    const sent = record.metrics.find(({ name }) => name === "http_reqs");
    assert.equal(sent?.values["count"], 50);
  });

  for (const [how, parts] of [
    ["the flag", { flags: ["--confirm-host", "*.example.test"], env: {} }],
    ["the variable", { flags: [], env: { LAKH_CONFIRM_HOST: "other.test,api.example.test" } }],
  ] as const)
    it(`goes on when ${how} names the host`, async (t) => {
      const proxy = await startCounting(t);
      const env = { ...parts.env, HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
      const { code, stderr } = await runIn(t, burst("http://api.example.test/"), {
        flags: parts.flags,
        env,
      });
      assert.equal(code, 0, stderr);
      assert.equal(proxy.requests.get("api.example.test"), 200);
    });

  it("counts the requests of all workers together", async (t) => {
    const proxy = await startCounting(t);
    const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
    const script = burst("http://api.example.test/", { vus: 8, iterations: 400 });
    const { code } = await runIn(t, script, { flags: ["--workers", "2"], env });
    assert.equal(code, 104);
    assert.equal(proxy.requests.get("api.example.test"), 50);
  });

  it("ends in setup() as well", async (t) => {
    const proxy = await startCounting(t);
    const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
    const script = `${burst("http://api.example.test/")}
export function setup() { for (let n = 0; n < 100; n++) http.get("http://api.example.test/"); }`;
    const { code, stderr } = await runIn(t, script, { env });
    assert.equal(code, 104, stderr);
    assert.match(stderr, /--confirm-host api\.example\.test/u);
    assert.equal(proxy.requests.get("api.example.test"), 50);
  });

  it("is refused before its load when the trial shows that the computed one goes there", async (t) => {
    const proxy = await startCounting(t);
    const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
    const run = runIn(t, burst("http://api.example.test/"), { flags: ["--dau", "1000000"], env });
    const { code, stderr } = await run;
    assert.equal(code, 104, stderr);
    assert.match(stderr, /1,000,000 daily users would send [\d,]+ requests\/s there; none/u);
    assert.equal(proxy.requests.get("api.example.test"), 3); // the trial's iterations
    assert.deepEqual(readdirSync(join(run.folder, "lakh-runs")), []);
  });
});

describe("a run on an address that is not loopback", () => {
  it("ends after 50 requests, by whatever name it goes there", needsAddress, async (t) => {
    const server = await startCounting(t, ownAddress);
    const hosts = { "api.example.test": ownAddress };
    const script = burst(`http://api.example.test:${server.port}/`, { hosts });
    const { code, stderr } = await runIn(t, script, {});
    assert.equal(code, 104, stderr);
    assert.match(stderr, /--confirm-host api\.example\.test/u);
    assert.equal(server.requests.get("api.example.test"), 50);
  });

  it("counts WebSocket messages, too", needsAddress, async (t) => {
    const server = await startSocketCounting(t, ownAddress!);
    const script = `
import { WebSocket } from "k6/websockets";
export const options = { vus: 1, iterations: 1 };
export default function () {
  const socket = new WebSocket("ws://${ownAddress}:${server.port}/");
  socket.onopen = () => { for (let n = 0; n < 200; n++) socket.send("hello"); };
  setTimeout(() => socket.close(), 2000);
}`;
    const { code, stderr } = await runIn(t, script, {});
    assert.equal(code, 104, stderr);
    assert.equal(server.messages, 49); // the handshake is the first of 50
  });
});

it("a name that leads to loopback needs no confirmation", async (t) => {
  const server = await startCounting(t);
  const hosts = { "api.example.test": "127.0.0.1" };
  const script = burst(`http://api.example.test:${server.port}/`, { hosts });
  const { code, stderr } = await runIn(t, script, {});
  assert.equal(code, 0, stderr);
  assert.equal(server.requests.get("api.example.test"), 200);
});

it("refuses a host that is none", async (t) => {
  const script = burst("http://127.0.0.1:9/", { iterations: 1 });
  const { code, stderr } = await runIn(t, script, { flags: ["--confirm-host", "*"] });
  assert.equal(code, 104);
  assert.match(stderr, /--confirm-host: \S+ is not a host/u);
});

describe("the runner k6", () => {
  it("is stopped when its samples show more than 50 requests/s", needsAddress, async (t) => {
    if (requireK6(t) === undefined) return;
    const server = await startCounting(t, ownAddress);
    const script = burst(`http://${ownAddress}:${server.port}/`, {
      iterations: undefined,
      duration: "60s",
    });
    const run = runIn(t, script, { flags: ["--runner", "k6"] });
    const { code, stderr } = await run;
    assert.equal(code, 104, stderr);
    assert.match(stderr, new RegExp(`--confirm-host ${ownAddress}`, "u"));
    assert.equal(judge(recordIn(run.folder)).verdict, "INVALID");
    assert.ok(recordIn(run.folder).durationMs < 30_000);
  });
});

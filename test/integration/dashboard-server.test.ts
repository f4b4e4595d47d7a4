/** The dashboard's server, without a browser: who it answers, what it tells, and that nobody holds it up. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect, createServer, type AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { silentLogger } from "../../src/base/log.ts";
import { systemClock } from "../../src/base/clock.ts";
import { openDashboard } from "../../src/dashboard/index.ts";
import { type Snapshot, tokenHeader, type Update } from "../../src/page/index.ts";
import { type LiveRunStub, openLiveRun } from "../support/live-run.ts";
import { EventReader } from "../support/server-events.ts";

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Node's fetch sets Host and Origin itself. */
function ask(
  url: string,
  given: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  const { method = "GET", headers = {}, body } = given;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      );
    });
    sent.on("error", reject).end(body);
  });
}

async function open(
  t: TestContext,
): Promise<Awaited<ReturnType<typeof openLiveRun>> & { token: string; url: string }> {
  const opened = await openLiveRun();
  t.after(() => opened.dashboard.close());
  const { url } = opened.dashboard;
  const { body } = await ask(url);
  return { ...opened, url, token: /name="lakh-token" content="([\w-]+)"/u.exec(body)![1]! };
}

const pause = JSON.stringify({ action: "pause" });

describe("the dashboard's server", () => {
  it("serves a page that may load nothing from anywhere else", async (t) => {
    const { url } = await open(t);
    for (const path of ["", "live.js", "page.css"]) {
      const { status, headers, body } = await ask(url + path);
      assert.equal(status, 200, path);
      assert.match(String(headers["content-security-policy"]), /^default-src 'none'; /u);
      assert.doesNotMatch(String(headers["content-security-policy"]), /unsafe|\*|https?:/u);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["access-control-allow-origin"], undefined);
      assert.ok(body.length > 100);
    }
    assert.equal((await ask(`${url}../package.json`)).status, 404);
  });

  it("listens on loopback alone", async (t) => {
    const { url } = await open(t);
    const { port } = new URL(url);
    const socket = connect({ host: "127.0.0.2", port: Number(port) });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNREFUSED");
  });

  it("answers to its own name only", async (t) => {
    const { url, token } = await open(t);
    const { host, port } = new URL(url);
    const good = [host, `localhost:${port}`, `LOCALHOST:${port}`];
    for (const name of good)
      assert.equal((await ask(url, { headers: { host: name } })).status, 200);
    const bad = [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1",
      "localhost:1",
      `${host}.evil`,
    ];
    for (const name of bad) {
      const headers = { host: name, [tokenHeader]: token };
      for (const path of ["", "events", "live.js"])
        assert.equal((await ask(url + path, { headers })).status, 421, `${name} ${path}`);
      const { status } = await ask(`${url}control`, { method: "POST", headers, body: pause });
      assert.equal(status, 421, name);
    }
  });

  it("does nothing for other origins, or without the token", async (t) => {
    const { url, token, stub } = await open(t);
    stub.phase = 1;
    const post = async (headers: Record<string, string>, body = pause): Promise<Reply> =>
      ask(`${url}control`, { method: "POST", headers, body });
    for (const origin of ["http://evil.example", "null", "https://127.0.0.1", "http://localhost:1"])
      assert.equal((await post({ origin, [tokenHeader]: token })).status, 403, origin);
    const crossSite = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };
    assert.equal((await post({ ...crossSite, [tokenHeader]: token })).status, 403);
    assert.equal((await post({})).status, 403);
    assert.equal((await post({ [tokenHeader]: "" })).status, 403);
    assert.equal((await post({ [tokenHeader]: `${token}x` })).status, 403);
    assert.equal(stub.paused, false);
    const { status } = await post({ [tokenHeader]: token, origin: url.slice(0, -1) });
    assert.equal(status, 200);
    assert.equal(stub.paused, true);
  });

  it("says what is wrong with a control request, and refuses in the run's words", async (t) => {
    const { url, token, stub } = await open(t);
    const post = async (body: string): Promise<readonly [number, string]> => {
      const headers = { [tokenHeader]: token };
      const reply = await ask(`${url}control`, { method: "POST", headers, body });
      return [reply.status, (JSON.parse(reply.body) as { error?: string }).error ?? ""];
    };
    for (const body of [
      "",
      "{",
      "null",
      "[]",
      '{"action":"stop"}',
      '{"action":"scale"}',
      '{"action":"scale","scenario":"a","vus":-1}',
      '{"action":"scale","scenario":"a","vus":1e9}',
      '{"action":"scale","scenario":"a","vus":"5"}',
    ])
      assert.equal((await post(body))[0], 400, body);
    assert.deepEqual(await post(pause), [409, "too late"]);
    assert.equal((await post("x".repeat(10_000)))[0], 413);
    assert.deepEqual(stub.scaled, []);
    assert.equal((await ask(`${url}control`)).status, 404);
  });

  it("takes the next port when one is taken", async (t) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const dashboard = await openDashboard({ port, clock: systemClock, logger: silentLogger });
    t.after(() => dashboard?.close());
    const taken = Number(new URL(dashboard!.url).port);
    assert.ok(taken > port || port + 20 > 65_535, String(taken));
    assert.equal((await ask(dashboard!.url)).status, 200);
  });

  it("tells whoever comes later everything, and then the same as all", async (t) => {
    const { url, stub, run } = await open(t);
    for (let second = 0; second < 5; second++) stub.tell(run);
    const readers = await Promise.all(Array.from({ length: 20 }, () => EventReader.open(url)));
    for (const reader of readers) {
      const { data } = await reader.until(({ event }) => event === "snapshot");
      assert.equal((data as Snapshot).history.length, 5);
    }
    stub.tell(run);
    for (const reader of readers) {
      const { data } = await reader.until(({ event }) => event === "update");
      assert.equal((data as Update).rows?.length, 1);
      reader.close();
    }
  });

  it("refuses one page too many, and has room again when one is closed", async (t) => {
    const { url } = await open(t);
    const readers = await Promise.all(Array.from({ length: 32 }, () => EventReader.open(url)));
    assert.equal((await ask(`${url}events`)).status, 503);
    const [first] = readers;
    await first!.until(({ event }) => event === "snapshot");
    first!.close();
    let status = 503;
    while (status === 503) {
      const reader = await EventReader.open(url);
      status = reader.response.statusCode!;
      reader.close();
    }
    assert.equal(status, 200);
    for (const reader of readers) reader.close();
  });

  it("piles nothing up for a page that does not read, and tells it everything when it does", async (t) => {
    const { url, stub, run } = await open(t);
    const { port } = new URL(url);
    const socket = connect(Number(port), "127.0.0.1");
    t.after(() => socket.destroy());
    socket.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    await once(socket, "readable");
    const before = memoryBytes();
    const seconds = 1_500;
    for (let second = 0; second < seconds; second++) {
      busySecond(stub, second);
      stub.tell(run);
      if (second % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const grownBytes = memoryBytes() - before;
    // All updates together are some 30 MB.
    assert.ok(grownBytes < 20_000_000, `${grownBytes} bytes more`);
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    const last = `"elapsedMs":${seconds * 1_000},`;
    while (!lastSnapshot(text).includes(last)) await once(socket, "data");
    assert.ok(text.length < 15_000_000, `${text.length} bytes in all`);
  });

  it("says goodbye, and closes at once although pages are open", async () => {
    const { dashboard, stub, run } = await openLiveRun();
    const reader = await EventReader.open(dashboard.url);
    const silent = connect(Number(new URL(dashboard.url).port), "127.0.0.1");
    silent.on("error", () => undefined);
    await once(silent, "connect");
    stub.tell(run);
    await dashboard.close();
    await reader.until(({ event }) => event === "bye");
    await assert.rejects(ask(dashboard.url), { code: "ECONNREFUSED" });
    silent.destroy();
  });

  it("never throws into a run, and stops with one line when it fails itself", async (t) => {
    const lines: string[] = [];
    const dashboard = (await openDashboard({
      port: 0,
      clock: systemClock,
      logger: { log: (level, message) => lines.push(`${level} ${message}`) },
    }))!;
    t.after(() => dashboard.close());
    const run = dashboard.openRun({ ...({} as Parameters<typeof dashboard.openRun>[0]) }, () => {
      throw new Error("out of order");
    });
    const broken = { ...({} as Parameters<typeof run.attach>[0]), second: () => null };
    run.attach(broken);
    run.addMoment({} as Parameters<typeof run.addMoment>[0]);
    await run.stop();
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(lines[0]!, /^warning the dashboard has stopped: /u);
  });
});

function busySecond(stub: LiveRunStub, second: number): void {
  for (let index = 0; index < 300; index++)
    stub.request(`endpoint ${index} ${"x".repeat(100)}`, (index * second) % 97);
}

function lastSnapshot(text: string): string {
  return text.slice(Math.max(0, text.lastIndexOf("event: snapshot")));
}

function memoryBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

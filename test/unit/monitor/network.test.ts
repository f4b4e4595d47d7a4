import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { describe, it, type TestContext } from "node:test";
import type { LakhError } from "../../../src/base/errors.ts";
import { ask, choosePort, fieldOf } from "../../../src/monitor/network.ts";
import { freePort } from "../../support/free-port.ts";

async function occupy(t: TestContext, port: number, host: string): Promise<number> {
  const server = createServer().listen(port, host);
  t.after(() => server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("the port of a program", () => {
  const wish = { of: "Prometheus", flag: "--prometheus-port" };
  it("is the usual one when it is free", async () => {
    const usual = await freePort();
    assert.equal(await choosePort({ ...wish, usual, asked: undefined }), usual);
  });

  for (const host of ["127.0.0.1", "0.0.0.0", "::"])
    it(`is another one when somebody listens on it at ${host}`, async (t) => {
      const usual = await occupy(t, 0, host);
      const chosen = await choosePort({ ...wish, usual, asked: undefined });
      assert.ok(chosen > usual && chosen <= usual + 20, `${usual} ${chosen}`);
    });

  it("is another one when it is promised to another program", async () => {
    const usual = await freePort();
    assert.notEqual(await choosePort({ ...wish, usual, asked: undefined }, [usual]), usual);
  });

  it("is any free one when none near the usual one is", async () => {
    const usual = await freePort();
    const near = Array.from({ length: 21 }, (_, index) => usual + index);
    const chosen = await choosePort({ ...wish, usual, asked: undefined }, near);
    assert.ok(chosen > 0 && !near.includes(chosen), String(chosen));
  });

  it("is the one that is asked for, or an error that names the flag", async (t) => {
    const free = await freePort();
    assert.equal(await choosePort({ ...wish, usual: 1, asked: free }), free);
    const asked = await occupy(t, 0, "127.0.0.1");
    await assert.rejects(choosePort({ ...wish, usual: 1, asked }), (error: LakhError) => {
      assert.match(error.message, new RegExp(`port ${asked} .*Prometheus.* taken`, "u"));
      return error.code === "MONITOR_PORT" && error.hint!.includes("--prometheus-port");
    });
  });
});

describe("a question", () => {
  async function serve(t: TestContext, body: string): Promise<string> {
    const server = createHttpServer((_request, response) => response.end(body));
    server.listen(0, "127.0.0.1");
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("gets status and text", async (t) => {
    assert.deepEqual(await ask(await serve(t, "yes")), { status: 200, text: "yes" });
  });

  it("gets nothing when nobody listens, nobody answers, or the answer has no end", async (t) => {
    assert.equal(await ask(`http://127.0.0.1:${await freePort()}`), undefined);
    const silent = await occupy(t, 0, "127.0.0.1");
    assert.equal(await ask(`http://127.0.0.1:${silent}`, { limitMs: 50 }), undefined);
    assert.equal(await ask(await serve(t, "x".repeat(1_000_001))), undefined);
  });

  it("finds a field of a JSON answer, and none in what is something else", () => {
    const reply = (text: string, status = 200) => ({ status, text });
    assert.equal(fieldOf(reply('{"data":{"a":1}}'), ["data", "a"]), 1);
    for (const other of [
      reply("{}"),
      reply("null"),
      reply("<html>"),
      reply('{"data":{"a":1}}', 500),
    ])
      assert.equal(fieldOf(other, ["data", "a"]), undefined);
    assert.equal(fieldOf(undefined, ["data"]), undefined);
  });
});

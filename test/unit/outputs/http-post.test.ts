import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { HttpPost } from "../../../src/outputs/http-post.ts";
import { freePort } from "../../support/free-port.ts";
import { authorityPem, localhostCertificate } from "../../support/http-certificates.ts";
import { serve } from "../../support/local-server.ts";

const body = Buffer.from("some samples");

function target(url: string, timeoutMs = 5_000): { url: URL; headers: {}; timeoutMs: number } {
  return { url: new URL(url), headers: {}, timeoutMs };
}

describe("HttpPost", () => {
  it("posts what it is given, over one connection, and tells the answer whatever its status", async (t) => {
    const sockets = new Set<unknown>();
    const url = await serve(t, (request, response) => {
      sockets.add(request.socket);
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        response.writeHead(418, { "x-said": "hello" });
        response.end(
          `${request.method} ${request.url} ${String(request.headers["x-own"])} ${text}`,
        );
      });
    });
    const post = new HttpPost({ ...target(`${url}/write?db=k6`), headers: { "x-own": "yes" } });
    for (let times = 0; times < 3; times++) {
      const answer = await post.send(body, { "content-type": "text/plain" });
      assert.equal(answer.status, 418);
      assert.equal(answer.headers["x-said"], "hello");
      assert.equal(answer.text, "POST /write?db=k6 yes some samples");
    }
    post.close();
    assert.equal(sockets.size, 1);
  });

  it("reads no more than 4 KB of an answer that never ends", async (t) => {
    const url = await serve(t, (_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write("x".repeat(1_000), () => setImmediate(more));
      };
      more();
    });
    const post = new HttpPost(target(url));
    const answer = await post.send(body, {});
    assert.equal(answer.text, "x".repeat(4_096));
    post.close();
  });

  it("says why there is no answer", async (t) => {
    const refused = new HttpPost(target(`http://127.0.0.1:${await freePort()}`));
    await assert.rejects(refused.send(body, {}), /ECONNREFUSED/u);
    const hanging = await serve(t, () => undefined);
    const slow = new HttpPost(target(hanging, 50));
    await assert.rejects(slow.send(body, {}), /^Error: no answer within 0.05 s$/u);
    const cut = await serve(t, (request) => request.socket.destroy());
    await assert.rejects(new HttpPost(target(cut)).send(body, {}), /socket hang up|ECONNRESET/u);
  });

  it("asks again on a new connection when a kept one was closed at the other end", async (t) => {
    let requests = 0;
    const url = await serve(t, (request, response) => {
      requests++;
      // The second request comes on the connection of the first: it gets no answer there.
      if (requests === 2) request.socket.destroy();
      else response.end("here");
    });
    const post = new HttpPost(target(url));
    assert.equal((await post.send(body, {})).text, "here");
    // The connection goes back to the agent in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await post.send(body, {})).text, "here");
    assert.equal(requests, 3);
    post.close();
  });

  it("can be called off", async (t) => {
    const url = await serve(t, () => undefined);
    const controller = new AbortController();
    const sending = new HttpPost(target(url)).send(body, {}, controller.signal);
    controller.abort();
    await assert.rejects(sending, /abort/u);
  });

  it("follows no redirect", async (t) => {
    const url = await serve(t, (_, response) => {
      response.writeHead(307, { location: "/elsewhere" });
      response.end();
    });
    const post = new HttpPost(target(url));
    assert.equal((await post.send(body, {})).status, 307);
    post.close();
  });

  it("trusts over TLS whom it is told to trust, and nobody else", async (t) => {
    const server = createServer(localhostCertificate, (_, response) => response.end("hello"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    for (const tls of [{ ca: authorityPem }, { rejectUnauthorized: false }]) {
      const post = new HttpPost({ ...target(url), tls });
      assert.equal((await post.send(body, {})).text, "hello");
      post.close();
    }
    await assert.rejects(new HttpPost(target(url)).send(body, {}), /certificate/u);
  });
});

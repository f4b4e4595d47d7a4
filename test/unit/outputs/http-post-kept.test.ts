import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { describe, it } from "node:test";
import { HttpPost } from "../../../src/outputs/http-post.ts";
import { onRequests, startRawServer } from "../../support/http-servers.ts";

const noContent = "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n";

describe("a kept connection of HttpPost", () => {
  it("that the server resets when it is used again is no failure: the request goes out on another", async (t) => {
    const server = await startRawServer(t, (socket: Socket, index) => {
      onRequests(socket, (_, nth) => {
        // The first connection takes one request, and is gone at the second.
        if (index === 0 && nth > 0) socket.resetAndDestroy();
        else socket.write(noContent);
      });
    });
    const post = new HttpPost({ url: new URL(server.url), headers: {}, timeoutMs: 10_000 });
    t.after(() => post.close());
    for (let n = 0; n < 3; n++) {
      assert.equal((await post.send(Buffer.from("body"), {})).status, 204);
      await wait(1);
    }
    assert.equal(server.sockets.length, 2);
  });

  it("that is fresh and reset is a failure", async (t) => {
    const server = await startRawServer(t, (socket: Socket) => {
      onRequests(socket, () => socket.resetAndDestroy());
    });
    const post = new HttpPost({ url: new URL(server.url), headers: {}, timeoutMs: 10_000 });
    t.after(() => post.close());
    await assert.rejects(post.send(Buffer.from("body"), {}), /ECONNRESET|socket hang up/u);
    assert.equal(server.sockets.length, 1);
  });

  it("breaks off when it is told to, also in the middle of an answer", async (t) => {
    const server = await startRawServer(t, (socket: Socket) => {
      onRequests(socket, () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
    });
    const post = new HttpPost({ url: new URL(server.url), headers: {}, timeoutMs: 10_000 });
    t.after(() => post.close());
    const stop = new AbortController();
    const answer = post.send(Buffer.from("body"), {}, stop.signal);
    setTimeout(() => stop.abort(), 50);
    await assert.rejects(answer);
  });

  it("says that there was no answer in time, also when half of it was there", async (t) => {
    const server = await startRawServer(t, (socket: Socket) => {
      onRequests(socket, () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
    });
    const post = new HttpPost({ url: new URL(server.url), headers: {}, timeoutMs: 100 });
    t.after(() => post.close());
    await assert.rejects(post.send(Buffer.from("body"), {}), /^Error: no answer within 0\.1 s$/u);
  });
});

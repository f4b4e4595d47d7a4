/** The client against real sockets: what goes over the wire, reuse of connections, repetition, timings, limits. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { systemClock } from "../../../src/base/clock.ts";
import { createHttpStack } from "../../../src/http/index.ts";
import type { Exchange } from "../../../src/http/index.ts";
import { authorityPem, localhostCertificate } from "../../support/http-certificates.ts";
import {
  defaultHttpOptions,
  get,
  onRequests,
  startAnswering,
  startClient,
  startRawServer,
  startRawTlsServer,
  textOf,
} from "../../support/http-servers.ts";

const okResponse = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** A node:http server that answers with the request it got, as JSON. */
async function startEcho(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces).toString("base64");
      response.end(
        JSON.stringify({ method: request.method, url: request.url, raw: request.rawHeaders, body }),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly raw: readonly string[];
  readonly body: string;
}

function echoOf(exchange: Exchange): Echo {
  assert.equal(exchange.failure, undefined);
  return JSON.parse(Buffer.from(exchange.body ?? []).toString("utf8")) as Echo;
}

describe("requests", () => {
  test("sends method, target and headers as given, and adds only Host", async (t) => {
    const base = await startEcho(t);
    const client = startClient(t);
    const exchange = await client.send(
      get(`${base}/a/../b?q=1#frag`, {
        headers: [
          ["x-One", " 1 "],
          ["X-One", "ü"],
        ],
      }),
    );
    const { method, url, raw } = echoOf(exchange);
    assert.deepEqual([method, url], ["GET", "/a/../b?q=1"]);
    const utf8AsLatin1 = Buffer.from("ü").toString("latin1");
    assert.deepEqual(raw, ["Host", base.slice(7), "x-One", "1", "X-One", utf8AsLatin1]);
  });

  test("takes Host from the caller and framing fields from nobody", async (t) => {
    const base = await startEcho(t);
    const headers = [
      ["Host", "other.test"],
      ["Content-Length", "99"],
      ["Transfer-Encoding", "chunked"],
    ] as const;
    const { raw, body } = echoOf(
      await startClient(t).send(get(base, { method: "POST", headers, body: "abc" })),
    );
    assert.deepEqual(raw, ["Host", "other.test", "Content-Length", "3"]);
    assert.equal(Buffer.from(body, "base64").toString(), "abc");
  });

  for (const [title, body] of [
    ["ASCII text", "hello"],
    ["text beyond ASCII", "naïve ☃ 😀"],
    ["bytes", Uint8Array.from([0, 255, 128, 13, 10])],
    ["a body of 3 MB", "x".repeat(3_000_000)],
    ["3 MB beyond ASCII", "é".repeat(1_500_000)],
  ] as const) {
    test(`sends ${title} unchanged`, async (t) => {
      const exchange = await startClient(t).send(get(await startEcho(t), { method: "PUT", body }));
      const echo = echoOf(exchange);
      assert.ok(Buffer.from(echo.body, "base64").equals(Buffer.from(body as string)));
    });
  }

  test("announces an empty body only where one is expected", async (t) => {
    const client = startClient(t);
    const base = await startEcho(t);
    const lengthOf = async (method: string) => {
      const { raw } = echoOf(await client.send(get(base, { method })));
      return raw[raw.indexOf("Content-Length") + 1];
    };
    assert.equal(await lengthOf("POST"), "0");
    assert.equal(await lengthOf("DELETE"), "Host"); // index -1 + 1: the field is absent
  });

  test("counts the bytes of heads and bodies", async (t) => {
    const server = await startAnswering(t, okResponse);
    const exchange = await startClient(t).send(
      get(`${server.url}/x`, { method: "POST", body: "é" }),
    );
    const head = `POST /x HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 2\r\n\r\n`;
    assert.deepEqual(
      [exchange.bytesSent, exchange.bytesReceived],
      [head.length + 2, okResponse.length],
    );
  });

  test("discards a body on demand", async (t) => {
    const server = await startAnswering(t, okResponse);
    const exchange = await startClient(t).send(get(server.url, { discardBody: true }));
    assert.deepEqual(
      [exchange.status, exchange.body, exchange.bytesReceived],
      [200, undefined, okResponse.length],
    );
  });
});

describe("connections", () => {
  test("are reused for requests one after the other", async (t) => {
    const server = await startAnswering(t, okResponse);
    const client = startClient(t);
    for (let index = 0; index < 5; index++)
      assert.equal((await client.send(get(server.url))).status, 200);
    assert.equal(server.sockets.length, 1);
  });

  for (const [title, response] of [
    [
      "the response says close",
      "HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 0\r\n\r\n",
    ],
    ["the response is HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"],
    ["bytes follow the response", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore"],
    [
      "length and chunked stand together",
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
  ] as const) {
    test(`are not reused when ${title}`, async (t) => {
      const server = await startAnswering(t, response);
      const client = startClient(t);
      for (let index = 0; index < 2; index++)
        assert.equal((await client.send(get(server.url))).status, 200);
      assert.equal(server.sockets.length, 2);
    });
  }

  test("are reused with HTTP/1.0 keep-alive", async (t) => {
    const server = await startAnswering(
      t,
      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
    );
    const client = startClient(t);
    for (let index = 0; index < 2; index++) await client.send(get(server.url));
    assert.equal(server.sockets.length, 1);
  });

  test("are closed, and the server told so, without connection reuse", async (t) => {
    const heads: string[] = [];
    const server = await startRawServer(t, (socket) => {
      onRequests(socket, (head) => {
        heads.push(head);
        socket.write(okResponse);
      });
    });
    const client = startClient(t, { noConnectionReuse: true });
    for (let index = 0; index < 2; index++) await client.send(get(server.url));
    assert.equal(server.sockets.length, 2);
    assert.match(heads[0] ?? "", /\r\nConnection: close\r\n/u);
  });

  test("do not outlive closeIdle", async (t) => {
    const server = await startAnswering(t, okResponse);
    const client = startClient(t);
    await client.send(get(server.url));
    client.closeIdle();
    await client.send(get(server.url));
    assert.equal(server.sockets.length, 2);
  });

  test("are not handed out shortly before the server's announced keep-alive ends", async (t) => {
    const server = await startAnswering(
      t,
      "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 0\r\n\r\n",
    );
    const client = startClient(t);
    for (let index = 0; index < 2; index++) await client.send(get(server.url));
    assert.equal(server.sockets.length, 2);
  });

  test("500 parallel requests get 500 connections, of which the limit stays", async (t) => {
    const server = await startAnswering(t, okResponse);
    const stack = createHttpStack({ ...defaultHttpOptions, maxConnectionsPerHost: 7 }, systemClock);
    t.after(() => stack.close());
    const client = stack.createClient();
    const requests = Array.from({ length: 500 }, () => client.send(get(server.url)));
    const exchanges = await Promise.all(requests);
    assert.ok(exchanges.every(({ status, body }) => status === 200 && body?.length === 2));
    assert.equal(server.sockets.length, 500);
    await Promise.all(Array.from({ length: 7 }, () => client.send(get(server.url))));
    assert.equal(server.sockets.length, 500);
  });

  test("200 parallel TLS requests pass the gate of 64 handshakes", async (t) => {
    const server = await startRawTlsServer(t, localhostCertificate, (socket) => {
      onRequests(socket, () => socket.write(okResponse));
    });
    const client = startClient(t, { extraCaPem: authorityPem });
    const exchanges = await Promise.all(
      Array.from({ length: 200 }, () => client.send(get(server.url))),
    );
    assert.ok(exchanges.every(({ status }) => status === 200));
  });

  test("belong to one client", async (t) => {
    const server = await startAnswering(t, okResponse);
    const stack = createHttpStack(defaultHttpOptions, systemClock);
    t.after(() => stack.close());
    await stack.createClient().send(get(server.url));
    await stack.createClient().send(get(server.url));
    assert.equal(server.sockets.length, 2);
    assert.equal(stack.openSockets, 2);
  });
});

describe("a connection that breaks", () => {
  /** Answers the first request of a connection; drops the first connection at its second request. */
  async function startDropping(t: TestContext, drop: "fin" | "reset") {
    return await startRawServer(t, (socket, index) => {
      onRequests(socket, (_head, count) => {
        if (index > 0 || count === 0) socket.write(okResponse);
        else if (drop === "fin") socket.end();
        else socket.resetAndDestroy();
      });
    });
  }

  for (const drop of ["fin", "reset"] as const) {
    test(`by ${drop} when reused: GET is sent again on a new connection, once`, async (t) => {
      const server = await startDropping(t, drop);
      const client = startClient(t);
      await client.send(get(server.url));
      const exchange = await client.send(get(server.url));
      assert.deepEqual([exchange.status, exchange.retries, server.sockets.length], [200, 1, 2]);
      assert.ok(exchange.timings.connecting > 0);
    });

    test(`by ${drop} when reused: POST fails, unless it has an idempotency key`, async (t) => {
      const server = await startDropping(t, drop);
      const client = startClient(t);
      await client.send(get(server.url));
      const failed = await client.send(get(server.url, { method: "POST", body: "x" }));
      assert.equal(failed.failure?.code, drop === "fin" ? 1000 : 1220);
      assert.equal(failed.retries, 0);
    });
  }

  test("is repeated for any method with an idempotency key", async (t) => {
    const server = await startDropping(t, "fin");
    const client = startClient(t);
    await client.send(get(server.url));
    const headers = [["Idempotency-Key", "1"]] as const;
    const exchange = await client.send(get(server.url, { method: "POST", body: "x", headers }));
    assert.deepEqual([exchange.status, exchange.retries], [200, 1]);
  });

  test("when fresh is not repeated", async (t) => {
    const server = await startRawServer(t, (socket) => onRequests(socket, () => socket.end()));
    const exchange = await startClient(t).send(get(server.url));
    assert.deepEqual(
      [exchange.failure?.message, exchange.retries, server.sockets.length],
      ["EOF", 0, 1],
    );
  });

  test("inside a response is not repeated", async (t) => {
    const server = await startRawServer(t, (socket) => {
      onRequests(socket, (_head, count) => {
        if (count === 0) socket.write(okResponse);
        else socket.end("HTTP/1.1 200 OK\r\nContent-Length: 1");
      });
    });
    const client = startClient(t);
    await client.send(get(server.url));
    const exchange = await client.send(get(server.url));
    assert.deepEqual([exchange.failure?.message, exchange.retries], ["unexpected EOF", 0]);
  });

  test("while idle is replaced without a repetition", async (t) => {
    const server = await startRawServer(t, (socket) => {
      onRequests(socket, () => socket.end(okResponse));
    });
    const stack = createHttpStack(defaultHttpOptions, systemClock);
    t.after(() => stack.close());
    const client = stack.createClient();
    await client.send(get(server.url));
    while (stack.openSockets > 0) await new Promise(setImmediate);
    const exchange = await client.send(get(server.url));
    assert.deepEqual([exchange.status, exchange.retries], [200, 0]);
  });

  test("by bytes that nobody asked for is not used again", async (t) => {
    const server = await startRawServer(t, (socket) => {
      onRequests(socket, () => {
        socket.write(okResponse, () =>
          setImmediate(() => socket.write("HTTP/1.1 408 Timeout\r\n\r\n")),
        );
      });
    });
    const stack = createHttpStack(defaultHttpOptions, systemClock);
    t.after(() => stack.close());
    const client = stack.createClient();
    await client.send(get(server.url));
    while (stack.openSockets > 0) await new Promise(setImmediate);
    assert.equal((await client.send(get(server.url))).status, 200);
    assert.equal(server.sockets.length, 2);
  });
});

describe("small pieces", () => {
  test("a response that arrives byte by byte is whole", async (t) => {
    const chunked =
      "HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n";
    const server = await startRawServer(t, (socket) => {
      socket.setNoDelay(true);
      onRequests(socket, async () => {
        for (const byte of chunked) {
          socket.write(byte);
          await new Promise(setImmediate);
        }
      });
    });
    const client = startClient(t);
    for (let index = 0; index < 2; index++) {
      const exchange = await client.send(get(server.url));
      assert.deepEqual(
        [exchange.status, textOf(exchange), exchange.bytesReceived],
        [200, "abcde", chunked.length],
      );
    }
    assert.equal(server.sockets.length, 1);
  });
});

describe("large and early", () => {
  test("a body of 8 MB arrives whole, counted or chunked", async (t) => {
    const body = Buffer.alloc(8_000_000, "0123456789");
    const server = await startRawServer(t, (socket) => {
      onRequests(socket, (head) => {
        if (head.startsWith("GET /counted")) {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
          socket.write(body);
        } else {
          socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          for (let at = 0; at < body.length; at += 100_000) {
            socket.write(`${(100_000).toString(16)}\r\n`);
            socket.write(body.subarray(at, at + 100_000));
            socket.write("\r\n");
          }
          socket.write("0\r\n\r\n");
        }
      });
    });
    const client = startClient(t);
    for (const path of ["/counted", "/chunked"]) {
      const exchange = await client.send(get(server.url + path));
      assert.ok(body.equals(exchange.body ?? Buffer.alloc(0)), path);
    }
    assert.equal(server.sockets.length, 1);
  });

  test("a response during the upload ends the exchange and the connection", async (t) => {
    const server = await startRawServer(t, (socket) => {
      socket.once("data", () => {
        socket.pause(); // the rest of the upload is never read
        socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
      });
    });
    const client = startClient(t);
    const body = Buffer.alloc(30_000_000);
    const exchange = await client.send(get(server.url, { method: "POST", body }));
    assert.deepEqual([exchange.status, exchange.failure], [413, undefined]);
    const next = await client.send(get(server.url, { method: "POST", body }));
    assert.equal(next.status, 413);
    assert.equal(server.sockets.length, 2);
  });

  for (const scheme of ["http", "https"] as const) {
    test(`a large ${scheme} upload that is read whole keeps its connection`, async (t) => {
      const body = Buffer.alloc(2_000_000);
      const onSocket = (socket: Socket): void => {
        const headBytes =
          `POST / HTTP/1.1\r\nHost: 127.0.0.1:${socket.localPort}\r\nContent-Length: 2000000\r\n\r\n`
            .length;
        let bytes = 0;
        socket.on("data", (data) => {
          bytes += data.length;
          if (bytes % (body.length + headBytes) === 0) socket.write(okResponse);
        });
      };
      const server =
        scheme === "http"
          ? await startRawServer(t, onSocket)
          : await startRawTlsServer(t, localhostCertificate, onSocket);
      const client = startClient(t, { extraCaPem: authorityPem });
      for (let index = 0; index < 3; index++) {
        const exchange = await client.send(get(server.url, { method: "POST", body }));
        assert.equal(exchange.status, 200);
        await new Promise(setImmediate); // over TLS the write callback comes a turn after the response
      }
      assert.equal(server.sockets.length, 1);
    });
  }
});

describe("timings", () => {
  const delayMs = 60;

  /** Answers `delayMs` after each request, the body another `delayMs` later. */
  async function startSlow(t: TestContext) {
    return await startRawServer(t, (socket) => {
      onRequests(socket, () => {
        setTimeout(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), delayMs);
        setTimeout(() => socket.write("ok"), 2 * delayMs);
      });
    });
  }

  test("show where the time went, and nothing for a connection that was there", async (t) => {
    const server = await startSlow(t);
    const client = startClient(t);
    const { timings: first } = await client.send(get(server.url));
    const { timings: second } = await client.send(get(server.url));
    assert.ok(first.connecting > 0 && first.blocked >= first.connecting);
    assert.deepEqual([second.blocked, second.connecting, second.tls_handshaking], [0, 0, 0]);
    for (const timings of [first, second]) {
      // Timers may fire a millisecond early by the other process clock's rounding.
      assert.ok(timings.waiting >= delayMs - 2, `waiting ${timings.waiting}`);
      assert.ok(timings.receiving > 0);
      assert.equal(timings.duration, timings.sending + timings.waiting + timings.receiving);
      assert.equal(timings.looking_up, 0);
    }
  });

  test("count the handshake, and name what was agreed", async (t) => {
    const server = await startRawTlsServer(t, localhostCertificate, (socket) => {
      onRequests(socket, () => socket.write(okResponse));
    });
    const client = startClient(t, { extraCaPem: authorityPem });
    const first = await client.send(get(server.url));
    const second = await client.send(get(server.url));
    assert.ok(first.timings.tls_handshaking > 0);
    assert.ok(first.timings.blocked >= first.timings.connecting + first.timings.tls_handshaking);
    assert.equal(second.timings.tls_handshaking, 0);
    assert.deepEqual(
      [second.tlsVersion, second.tlsCipherSuite],
      ["tls1.3", "TLS_AES_256_GCM_SHA384"],
    );
    assert.deepEqual(
      [second.remoteIp, second.remotePort, second.proto],
      ["127.0.0.1", server.port, "HTTP/1.1"],
    );
  });

  test("take the first byte of the final head, not of an interim one", async (t) => {
    const server = await startRawServer(t, (socket) => {
      onRequests(socket, () => {
        socket.write("HTTP/1.1 103 Early Hints\r\n\r\n");
        setTimeout(() => socket.write(okResponse), delayMs);
      });
    });
    const { timings } = await startClient(t).send(get(server.url));
    assert.ok(timings.waiting >= delayMs - 2, `waiting ${timings.waiting}`);
  });
});

describe("the end of a client", () => {
  test("fails what runs, at every stage, and what comes later", async (t) => {
    const silent = await startRawServer(t, () => undefined);
    const stack = createHttpStack(defaultHttpOptions, systemClock);
    const client = stack.createClient();
    const opening = client.send(get(silent.url));
    const looking = client.send(get("http://localhost.invalid/"));
    const waiting = client.send(get(silent.url));
    client.destroy();
    for (const exchange of await Promise.all([
      opening,
      looking,
      waiting,
      client.send(get(silent.url)),
    ])) {
      assert.deepEqual([exchange.status, exchange.failure?.message], [0, "request canceled"]);
    }
    while (stack.openSockets > 0) await new Promise(setImmediate);
  });
});

/** Sessions against a server made by hand: what goes over the wire, sharing, windows, repetition, limits, the end. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { systemClock } from "../../../../src/base/clock.ts";
import { BlockMemo, HpackDecoder } from "../../../../src/http/h2/hpack-decoder.ts";
import { createHttpStack } from "../../../../src/http/index.ts";
import type { Exchange, HttpOptions, HttpRequest } from "../../../../src/http/index.ts";
import { authorityPem, localhostCertificate } from "../../../support/http-certificates.ts";
import {
  defaultHttpOptions,
  get,
  onRequests,
  startClient,
  startRawServer,
  startRawTlsServer,
  textOf,
} from "../../../support/http-servers.ts";
import { memorySocket, openSession } from "../../../support/http2-memory.ts";
import {
  ack,
  data,
  endHeaders,
  endStream,
  frame,
  frameTypes,
  goAway,
  headers,
  okResponse,
  padded,
  payloadOf,
  rstStream,
  settingEntry,
  settings,
  startHttp2Peer,
  windowUpdate,
} from "../../../support/http2-peer.ts";
import type { PeerConnection } from "../../../support/http2-peer.ts";

const trusted: Partial<HttpOptions> = { extraCaPem: authorityPem };

function startStack(t: TestContext, options: Partial<HttpOptions> = {}) {
  const stack = createHttpStack({ ...defaultHttpOptions, ...trusted, ...options }, systemClock);
  t.after(() => stack.close());
  return stack;
}

const answerOk = (connection: PeerConnection, id: number): void => connection.write(okResponse(id));

/** What the client asked for on a stream. */
function requestOf(connection: PeerConnection, id: number): readonly (readonly [string, string])[] {
  const block = Buffer.concat([
    payloadOf(connection, frameTypes.headers, id),
    payloadOf(connection, frameTypes.continuation, id),
  ]);
  return new HpackDecoder(new BlockMemo(), 10_000_000).decode(block, 0, block.length)?.fields ?? [];
}

function framesOf(connection: PeerConnection, type: number): readonly string[] {
  return connection.frames
    .filter((one) => one.type === type)
    .map((one) => `${one.id} ${one.flags} ${one.payload.toString("hex")}`);
}

async function until(isReached: () => boolean): Promise<void> {
  while (!isReached()) await new Promise(setImmediate);
}

describe("what goes over the wire", () => {
  test("the opening announces what Go's client announces, and acknowledges the server's settings", async (t) => {
    const peer = await startHttp2Peer(t, { onRequest: answerOk });
    await startClient(t, trusted).send(get(peer.url));
    const connection = peer.connections[0]!;
    await until(() => framesOf(connection, frameTypes.settings).length === 2);
    assert.deepEqual(framesOf(connection, frameTypes.settings), [
      "0 0 000200000000" + "000400400000" + "000500004000" + "000600a00000",
      "0 1 ",
    ]);
    assert.deepEqual(framesOf(connection, frameTypes.windowUpdate), ["0 0 40000000"]);
  });

  test("pseudo-headers first, names in lower case, cookies apart, nothing that belongs to a connection", async (t) => {
    const peer = await startHttp2Peer(t, { onRequest: answerOk });
    const request: Partial<HttpRequest> = {
      method: "PUT",
      headers: [
        ["Host", "other.test"],
        ["Connection", "keep-alive"],
        ["Keep-Alive", "timeout=5"],
        ["Proxy-Connection", "x"],
        ["Transfer-Encoding", "chunked"],
        ["Content-Length", "9"],
        ["X-Custom", " ü "],
        ["Cookie", "a=b; c=d"],
        ["Authorization", "Basic xx"],
      ],
      body: "hello",
    };
    await startClient(t, trusted).send(get(`${peer.url}/a/../b?q=1#f`, request));
    const connection = peer.connections[0]!;
    assert.deepEqual(requestOf(connection, 1), [
      [":authority", "other.test"],
      [":method", "PUT"],
      [":path", "/a/../b?q=1"],
      [":scheme", "https"],
      ["x-custom", ` ${Buffer.from("ü").toString("latin1")} `],
      ["cookie", "a=b"],
      ["cookie", "c=d"],
      ["authorization", "Basic xx"],
      ["content-length", "5"],
    ]);
    assert.equal(payloadOf(connection, frameTypes.data, 1).toString(), "hello");
  });

  for (const [name, value] of [
    ["Upgrade", "h2c"],
    ["Connection", "x-other"],
  ] as const) {
    test(`${name}: ${value} is refused in Go's words, and nothing is sent`, async (t) => {
      const peer = await startHttp2Peer(t, { onRequest: answerOk });
      const client = startClient(t, trusted);
      await client.send(get(peer.url));
      const exchange = await client.send(get(peer.url, { headers: [[name, value]] }));
      assert.deepEqual(
        [exchange.failure?.code, exchange.failure?.message, exchange.timings.duration],
        [1_000, `invalid ${name} request header: ["${value}"]`, 0],
      );
    });
  }

  test("a head above the server's frame size is continued", async (t) => {
    const peer = await startHttp2Peer(t, {
      onFrame: (connection, { type, flags, id }) => {
        const isBlock = type === frameTypes.headers || type === frameTypes.continuation;
        if (isBlock && (flags & endHeaders) !== 0) connection.write(okResponse(id));
      },
    });
    const value = "v".repeat(40_000);
    const exchange = await startClient(t, trusted).send(
      get(peer.url, { headers: [["x-large", value]] }),
    );
    assert.equal(exchange.status, 200);
    const connection = peer.connections[0]!;
    assert.equal(framesOf(connection, frameTypes.continuation).length, 2);
    assert.deepEqual(requestOf(connection, 1).at(-1), ["x-large", value]);
  });

  test("PING is answered with its octets, SETTINGS once each, acknowledgements not", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id) =>
        connection.write(
          frame({ type: frameTypes.ping }, "12345678"),
          frame({ type: frameTypes.ping, flags: ack }, "abcdefgh"),
          frame({ type: frameTypes.settings, flags: ack }),
          settings(settingEntry(77, 1)),
          okResponse(id),
        ),
    });
    await startClient(t, trusted).send(get(peer.url));
    const connection = peer.connections[0]!;
    await until(() => framesOf(connection, frameTypes.ping).length > 0);
    assert.deepEqual(framesOf(connection, frameTypes.ping), ["0 1 3132333435363738"]);
    assert.equal(framesOf(connection, frameTypes.settings).length, 3);
  });
});

describe("one session for the requests of a client", () => {
  test("one after the other and side by side, also while the first handshake is under way", async (t) => {
    const held: (() => void)[] = [];
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id) => {
        held.push(() => connection.write(okResponse(id)));
        if (held.length === 20) for (const answer of held.reverse()) answer();
      },
    });
    const client = startClient(t, trusted);
    const exchanges = await Promise.all(
      Array.from({ length: 20 }, () => client.send(get(peer.url))),
    );
    assert.ok(exchanges.every((one) => one.status === 200 && textOf(one) === "ok"));
    assert.ok(exchanges.every(({ proto }) => proto === "HTTP/2.0"));
    assert.equal(peer.connections.length, 1);
    const dialled = exchanges.filter(({ timings }) => timings.connecting > 0);
    assert.equal(dialled.length, 1);
    assert.ok(exchanges.every(({ timings }) => timings.blocked > 0));
  });

  test("with HTTP/1.1 as the answer each request that waited gets its own connection", async (t) => {
    const server = await startRawTlsServer(t, localhostCertificate, (socket) => {
      onRequests(socket, () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    });
    const stack = startStack(t);
    for (let round = 0; round < 2; round++) {
      const client = stack.createClient();
      const exchanges = await Promise.all(
        Array.from({ length: 5 }, () => client.send(get(server.url))),
      );
      assert.ok(exchanges.every(({ status, proto }) => status === 200 && proto === "HTTP/1.1"));
      // The second client knows what the origin speaks: nobody waits.
      assert.equal(server.sockets.length, 5 * (round + 1));
    }
  });

  test("belongs to one client", async (t) => {
    const peer = await startHttp2Peer(t, { onRequest: answerOk });
    const stack = startStack(t);
    await stack.createClient().send(get(peer.url));
    await stack.createClient().send(get(peer.url));
    assert.deepEqual([peer.connections.length, stack.openSockets], [2, 2]);
  });

  test("as k6, gets another beside it when the server takes no more at once", async (t) => {
    const held: (() => void)[] = [];
    const peer = await startHttp2Peer(t, {
      first: settings(settingEntry(3, 2)),
      onRequest: (connection, id, count) => {
        if (count === 1)
          connection.write(okResponse(id)); // the settings are known for the others
        else held.push(() => connection.write(okResponse(id)));
        if (held.length === 4) for (const answer of held) answer();
      },
    });
    const client = startClient(t, trusted);
    await client.send(get(peer.url));
    const exchanges = await Promise.all(
      Array.from({ length: 4 }, () => client.send(get(peer.url))),
    );
    assert.ok(exchanges.every(({ status }) => status === 200));
    assert.equal(peer.connections.length, 2);
  });

  test("several requests of one tick are one write", async (t) => {
    const reads: number[] = [];
    const peer = await startHttp2Peer(t, { onRequest: answerOk });
    const client = startClient(t, trusted);
    await client.send(get(peer.url));
    const connection = peer.connections[0]!;
    await until(() => framesOf(connection, frameTypes.settings).length === 2); // acknowledged
    connection.socket.on("data", (piece) => reads.push(piece.length));
    await Promise.all(Array.from({ length: 10 }, () => client.send(get(peer.url))));
    assert.equal(reads.length, 1);
  });

  test("is not offered when HTTP/2 is switched off", async (t) => {
    const server = await startRawTlsServer(
      t,
      { ...localhostCertificate, ALPNProtocols: ["h2", "http/1.1"] },
      (socket) => {
        onRequests(socket, () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
      },
    );
    const exchange = await startClient(t, { ...trusted, http2: false }).send(get(server.url));
    assert.deepEqual([exchange.status, exchange.proto], [200, "HTTP/1.1"]);
  });

  test("requests that waited for a dial that failed fail by a dial of their own", async (t) => {
    const peer = await startHttp2Peer(t, {});
    const client = startClient(t, trusted);
    const port = Number(new URL(peer.url).port);
    const closed = `https://127.0.0.1:${port === 1 ? 2 : 1}`; // nobody listens on the first ports
    const exchanges = await Promise.all(Array.from({ length: 4 }, () => client.send(get(closed))));
    assert.deepEqual(
      exchanges.map(({ failure }) => failure?.code),
      [1_212, 1_212, 1_212, 1_212],
    );
  });
});

describe("a session ends", () => {
  test("after each request without connection reuse", async (t) => {
    const peer = await startHttp2Peer(t, { onRequest: answerOk });
    const stack = startStack(t, { noConnectionReuse: true });
    const client = stack.createClient();
    for (let index = 0; index < 2; index++) await client.send(get(peer.url));
    assert.equal(peer.connections.length, 2);
    await until(() => stack.openSockets === 0);
    assert.ok(requestOf(peer.connections[0]!, 1).every(([name]) => name !== "connection"));
  });

  test("with a request that says close", async (t) => {
    const peer = await startHttp2Peer(t, { onRequest: answerOk });
    const client = startClient(t, trusted);
    const headersWithClose = [["Connection", "close"]] as const;
    await client.send(get(peer.url, { headers: headersWithClose }));
    await client.send(get(peer.url));
    assert.equal(peer.connections.length, 2);
  });

  test("by closeIdle when nothing runs, and not while something does", async (t) => {
    const held: (() => void)[] = [];
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id) => held.push(() => connection.write(okResponse(id))),
    });
    const client = startClient(t, trusted);
    const running = client.send(get(peer.url));
    await until(() => held.length === 1);
    client.closeIdle();
    held[0]!();
    assert.equal((await running).status, 200);
    client.closeIdle();
    const next = client.send(get(peer.url));
    await until(() => held.length === 2);
    held[1]!();
    assert.deepEqual([(await next).status, peer.connections.length], [200, 2]);
  });

  test("by destroy, at every stage; what comes later fails too", async (t) => {
    const peer = await startHttp2Peer(t, {});
    const stack = startStack(t);
    const client = stack.createClient();
    const running = [client.send(get(peer.url)), client.send(get(peer.url))];
    await until(() => peer.connections.length === 1 && peer.connections[0]!.frames.length > 3);
    const other = stack.createClient();
    const dialling = [other.send(get(peer.url)), other.send(get(peer.url))];
    client.destroy();
    other.destroy();
    const all = await Promise.all([...running, ...dialling, client.send(get(peer.url))]);
    assert.deepEqual(
      all.map(({ failure }) => failure?.message),
      Array.from({ length: 5 }, () => "request canceled"),
    );
    await until(() => stack.openSockets === 0);
  });

  test("quietly when the server closes it while idle; the next request opens another", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id) => connection.socket.end(okResponse(id)),
    });
    const stack = startStack(t);
    const client = stack.createClient();
    for (let index = 1; index <= 3; index++) {
      const exchange = await client.send(get(peer.url));
      assert.deepEqual(
        [exchange.status, exchange.retries, peer.connections.length],
        [200, 0, index],
      );
      await until(() => stack.openSockets === 0);
    }
  });
});

describe("a request is sent again", () => {
  test("when the stream was refused: at once, then after a second, on the same connection", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id, count) =>
        connection.write(count < 3 ? rstStream(id, 7) : okResponse(id)),
    });
    const exchange = await startClient(t, trusted).send(
      get(peer.url, { method: "POST", body: "again" }),
    );
    assert.deepEqual([exchange.status, exchange.retries, peer.connections.length], [200, 2, 1]);
    assert.ok(exchange.timings.blocked >= 1_000);
    assert.equal(payloadOf(peer.connections[0]!, frameTypes.data, 5).toString(), "again");
  });

  test("when the server found a fault with the protocol: on a new connection", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id, count) =>
        connection.write(count === 1 ? rstStream(id, 1) : okResponse(id)),
    });
    const exchange = await startClient(t, trusted).send(get(peer.url));
    assert.deepEqual([exchange.status, exchange.retries, peer.connections.length], [200, 1, 2]);
    assert.ok(exchange.timings.connecting > 0);
  });

  test("when GOAWAY says that it was not looked at; earlier streams go on to their end", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id, count) => {
        if (count === 3) connection.write(goAway(1, 0), okResponse(1));
        if (connection.index === 1) connection.write(okResponse(id));
      },
    });
    const client = startClient(t, trusted);
    const exchanges = await Promise.all([1, 2, 3].map(() => client.send(get(peer.url))));
    assert.deepEqual(
      exchanges.map(({ status, retries }) => [status, retries]),
      [
        [200, 0],
        [200, 1],
        [200, 1],
      ],
    );
    assert.equal(peer.connections.length, 2);
  });

  test("not in the announced part of a graceful shutdown, but nothing new is sent there", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id, count) => {
        if (count === 1) connection.write(goAway(0x7fff_ffff, 0), goAway(id, 0), okResponse(id));
        else connection.write(okResponse(id));
      },
    });
    const client = startClient(t, trusted);
    const first = await client.send(get(peer.url));
    const second = await client.send(get(peer.url));
    assert.deepEqual([first.retries, second.status, peer.connections.length], [0, 200, 2]);
  });

  test("no more when the connection breaks under it, reused or not: as Go", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id, count) => {
        if (count === 1) connection.write(okResponse(id));
        else connection.socket.end();
      },
    });
    const client = startClient(t, trusted);
    await client.send(get(peer.url));
    const exchange = await client.send(get(peer.url));
    assert.deepEqual([exchange.failure?.message, exchange.retries], ["unexpected EOF", 0]);
  });
});

describe("time limits", () => {
  test("cancel one stream; the others and the connection live on; late frames are ignored", async (t) => {
    const peer = await startHttp2Peer(t, {
      onFrame: (connection, { type, id, payload }) => {
        if (type !== frameTypes.rstStream) return;
        assert.deepEqual([id, payload.readUInt32BE(0)], [1, 8]);
        connection.write(data(1, "late", 0), headers(1, [["x", "y"]], endHeaders | endStream));
        connection.write(okResponse(3));
      },
      onRequest: (connection, id, count) => {
        if (count === 1) connection.write(headers(id, [[":status", "200"]]), data(id, "part", 0));
        if (count === 3) connection.write(okResponse(id));
      },
    });
    const client = startClient(t, trusted);
    const limited = client.send(get(peer.url, { timeoutMs: 1_500 })); // time for a handshake and the first part
    const other = client.send(get(peer.url));
    const { failure, body, status, timings } = await limited;
    assert.deepEqual([failure?.code, failure?.message, status], [1_050, "request timeout", 0]);
    assert.equal(Buffer.from(body!).toString(), "part");
    assert.ok(timings.duration > 0 && timings.waiting >= 0);
    assert.equal((await other).status, 200);
    assert.equal((await client.send(get(peer.url))).status, 200);
    assert.equal(peer.connections.length, 1);
  });

  test("hold for requests that wait for the first handshake", async (t) => {
    const client = startClient(t, trusted);
    const { port } = await startRawServer(t, () => undefined); // accepts and says nothing
    const url = `https://127.0.0.1:${port}`;
    const [lead, waiting] = await Promise.all([
      client.send(get(url, { timeoutMs: 2_000 })),
      client.send(get(url, { timeoutMs: 80 })),
    ]);
    assert.deepEqual([lead.failure?.code, waiting.failure?.code], [1_050, 1_050]);
    assert.ok(waiting.timings.blocked >= 80 && waiting.timings.blocked < 2_000);
  });
});

describe("windows", () => {
  test("an upload goes as far as stream and connection allow, and on with every update", async (t) => {
    const body = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index & 0xff));
    const sizes: number[] = [];
    const peer = await startHttp2Peer(t, {
      first: settings(settingEntry(4, 10_000)),
      onFrame: (connection, { type, id, flags, payload }) => {
        if (type !== frameTypes.data) return;
        sizes.push(payload.length);
        if ((flags & endStream) !== 0) connection.write(okResponse(id));
        else connection.write(windowUpdate(id, payload.length), windowUpdate(0, payload.length));
      },
      onRequest: (connection, _id, count) => {
        if (count === 1) connection.write(okResponse(1)); // the settings are known for the second
      },
    });
    const client = startClient(t, trusted);
    await client.send(get(peer.url));
    const exchange = await client.send(get(peer.url, { method: "POST", body }));
    assert.equal(exchange.status, 200);
    assert.ok(payloadOf(peer.connections[0]!, frameTypes.data, 3).equals(body));
    assert.ok(Math.max(...sizes) <= 10_000);
    assert.ok(exchange.bytesSent > body.length);
  });

  test("settings change the windows of open streams, below zero too", async (t) => {
    const body = "x".repeat(100_000);
    let received = 0;
    const peer = await startHttp2Peer(t, {
      onFrame: (connection, { type, id, flags, payload }) => {
        if (type !== frameTypes.data) return;
        received += payload.length;
        if ((flags & endStream) !== 0) connection.write(okResponse(id));
        else if (received === 65_535) {
          // All of it is used; now it never was: 65,535 are owed before the stream may go on.
          connection.write(settings(settingEntry(4, 0)), windowUpdate(0, 200_000));
          connection.write(windowUpdate(id, 65_535), settings(settingEntry(4, 34_465)));
        }
      },
    });
    const exchange = await startClient(t, trusted).send(get(peer.url, { method: "PUT", body }));
    assert.equal(exchange.status, 200);
    assert.equal(payloadOf(peer.connections[0]!, frameTypes.data, 1).toString("latin1"), body);
  });

  test("several uploads take turns", async (t) => {
    const order: number[] = [];
    const peer = await startHttp2Peer(t, {
      onFrame: (connection, { type, id, flags, payload }) => {
        if (type !== frameTypes.data) return;
        order.push(id);
        if ((flags & endStream) !== 0) connection.write(okResponse(id));
        else connection.write(windowUpdate(id, payload.length), windowUpdate(0, payload.length));
      },
    });
    const client = startClient(t, trusted);
    const bodies = ["a", "b", "c"].map((letter) => letter.repeat(150_000));
    const exchanges = await Promise.all(
      bodies.map((body) => client.send(get(peer.url, { method: "POST", body }))),
    );
    assert.ok(exchanges.every(({ status }) => status === 200));
    const connection = peer.connections[0]!;
    for (const [index, body] of bodies.entries()) {
      assert.equal(payloadOf(connection, frameTypes.data, 1 + 2 * index).toString("latin1"), body);
    }
    assert.ok(order.indexOf(5) < order.lastIndexOf(1));
  });

  test("a response before the end of the upload ends both, and the connection lives on", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id) =>
        connection.write(headers(id, [[":status", "413"]], endHeaders | endStream)),
    });
    const client = startClient(t, trusted);
    const body = Buffer.alloc(5_000_000);
    for (let index = 0; index < 3; index++) {
      const exchange = await client.send(get(peer.url, { method: "POST", body }));
      assert.deepEqual([exchange.status, exchange.failure], [413, undefined]);
    }
    assert.equal(peer.connections.length, 1);
    await until(() => framesOf(peer.connections[0]!, frameTypes.rstStream).length > 0);
    assert.equal(framesOf(peer.connections[0]!, frameTypes.rstStream)[0], "1 0 00000000");
  });

  test("half a window is given back: of the stream, and padding counts", async (t) => {
    const payload = Buffer.concat([Buffer.of(255), Buffer.alloc(16_383)]);
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id) => {
        connection.write(headers(id, [[":status", "200"]]));
        for (let sent = 0; sent < 2_097_152; sent += 16_384) {
          connection.write(frame({ type: frameTypes.data, flags: padded, id }, payload));
        }
        connection.write(data(id, ""));
      },
    });
    const exchange = await startClient(t, trusted).send(get(peer.url));
    assert.equal(exchange.body?.length, 128 * (16_384 - 256));
    await until(() => framesOf(peer.connections[0]!, frameTypes.windowUpdate).length === 2);
    assert.deepEqual(framesOf(peer.connections[0]!, frameTypes.windowUpdate), [
      "0 0 40000000",
      "1 0 00200000",
    ]);
  });
});

describe("a hostile server", () => {
  const floods: readonly (readonly [string, (id: number) => Buffer])[] = [
    ["PING", () => frame({ type: frameTypes.ping }, Buffer.alloc(8))],
    ["SETTINGS", () => settings()],
    ["acknowledgements", () => frame({ type: frameTypes.settings, flags: ack })],
    ["PRIORITY", (id) => frame({ type: frameTypes.priority, id }, Buffer.alloc(5))],
    ["RST_STREAM of streams that are over", () => rstStream(1, 8)],
    ["empty DATA", (id) => data(id, "", 0)],
    ["heads of streams that are over", () => headers(1, [[":status", "200"]])],
    ["window updates", () => windowUpdate(0, 1)],
    ["unknown frames", () => frame({ type: 200 })],
  ];
  for (const [title, flood] of floods) {
    test(`that floods with ${title} loses its connection`, async (t) => {
      const peer = await startHttp2Peer(t, {
        onRequest: (connection, id, count) => {
          if (count === 1) connection.write(okResponse(id));
          else {
            connection.write(headers(id, [[":status", "200"]]));
            connection.write(...Array.from({ length: 40_000 }, () => flood(id)));
          }
        },
      });
      const client = startClient(t, trusted);
      await client.send(get(peer.url));
      const exchange = await client.send(get(peer.url));
      assert.deepEqual(
        [exchange.failure?.code, exchange.failure?.message],
        [1_662, "http2: connection error with http2 ErrCode ENHANCE_YOUR_CALM"],
      );
    });
  }

  test("that asks and does not read the answers loses its connection", () => {
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, wallMs: () => nowMs };
    let isClosed = false;
    const stuck = memorySocket(() => undefined, true);
    const session = openSession(stuck, { clock, onClosed: () => (isClosed = true) });
    session.onRead(9, settings());
    const pings = Buffer.concat(
      Array.from({ length: 1_000 }, () => frame({ type: frameTypes.ping }, Buffer.alloc(8))),
    );
    let rounds = 0;
    for (; !isClosed && rounds < 1_000; rounds++) {
      session.onRead(pings.length, pings);
      nowMs += 1_000; // far below what counts as a flood
    }
    assert.ok(rounds > 50 && rounds < 70, `${rounds} times 17,000 octets of answers`);
  });

  for (const [title, parts, name] of [
    [
      "an endless header block",
      Array.from({ length: 700 }, () => Buffer.alloc(16_384)),
      "PROTOCOL_ERROR",
    ],
    [
      "endless empty CONTINUATION frames",
      Array.from({ length: 2_000 }, () => Buffer.alloc(0)),
      "PROTOCOL_ERROR",
    ],
  ] as const) {
    test(`that sends ${title} loses its connection`, async (t) => {
      const peer = await startHttp2Peer(t, {
        onRequest: (connection, id) =>
          connection.write(
            frame({ type: frameTypes.headers, id }),
            ...parts.map((part) => frame({ type: frameTypes.continuation, id }, part)),
          ),
      });
      const exchange = await startClient(t, trusted).send(get(peer.url));
      assert.equal(exchange.failure?.message, `http2: connection error with http2 ErrCode ${name}`);
    });
  }

  test("that sends a small block for a huge list fails that request alone", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id, count) => {
        if (count > 1) {
          connection.write(okResponse(id));
          return;
        }
        const large = Buffer.concat([
          Buffer.from([0x40, 1, 0x61, 0x7f, 0xa1, 0x1e]), // a literal with 4,000 octets, into the table
          Buffer.alloc(4_000, "v"),
        ]);
        const block = Buffer.concat([large, Buffer.alloc(10_000, 0xbe)]); // ten thousand times
        connection.write(frame({ type: frameTypes.headers, flags: endHeaders, id }, block));
      },
    });
    const client = startClient(t, trusted);
    const exchange = await client.send(get(peer.url));
    assert.deepEqual(
      [exchange.failure?.code, exchange.failure?.message],
      [1_000, "http2: response header list larger than advertised limit"],
    );
    assert.equal((await client.send(get(peer.url))).status, 200);
    assert.equal(peer.connections.length, 1);
  });

  for (const isCounted of [true, false]) {
    test(`that sends a body above the limit fails that request (${isCounted ? "" : "not "}counted)`, async (t) => {
      const peer = await startHttp2Peer(t, {
        onRequest: (connection, id, count) => {
          if (count > 1) {
            connection.write(okResponse(id));
            return;
          }
          const length = isCounted ? ([["content-length", "60000"]] as const) : [];
          connection.write(headers(id, [[":status", "200"], ...length]));
          for (let part = 0; part < 6; part++) connection.write(data(id, "x".repeat(10_000), 0));
        },
      });
      const client = startClient(t, { ...trusted, maxBodyBytes: 30_000 });
      const exchange = await client.send(get(peer.url));
      assert.deepEqual(
        [exchange.failure?.message, exchange.body?.length ?? 0],
        ["response body exceeds the size limit", 0],
      );
      assert.equal((await client.send(get(peer.url))).status, 200);
      assert.equal(peer.connections.length, 1);
    });
  }

  test("that makes codes up gets a bounded number of texts", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id, count) => connection.write(rstStream(id, 1_000 + count)),
    });
    const client = startClient(t, trusted);
    const texts = new Set<string>();
    for (let index = 0; index < 200; index++) {
      texts.add((await client.send(get(peer.url))).failure?.message ?? "");
    }
    assert.ok(texts.size <= 65 && texts.size > 1);
  });
});

describe("figures", () => {
  const delayMs = 60;

  test("timings show where the time went, and nothing for a connection that was there", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id) => {
        connection.write(headers(id, [[":status", "103"]]));
        setTimeout(() => connection.write(headers(id, [[":status", "200"]])), delayMs);
        setTimeout(() => connection.write(data(id, "ok")), 2 * delayMs);
      },
    });
    const client = startClient(t, trusted);
    const first = await client.send(get(peer.url));
    const second = await client.send(get(peer.url));
    assert.ok(first.timings.connecting > 0 && first.timings.tls_handshaking > 0);
    assert.ok(first.timings.blocked >= first.timings.connecting + first.timings.tls_handshaking);
    const { blocked, connecting, tls_handshaking: handshaking } = second.timings;
    assert.deepEqual([blocked, connecting, handshaking], [0, 0, 0]);
    for (const { timings } of [first, second]) {
      // Timers may fire a millisecond early by the other clock's rounding.
      assert.ok(timings.waiting >= delayMs - 2, `waiting ${timings.waiting}`);
      assert.ok(timings.receiving > 0);
      assert.equal(timings.duration, timings.sending + timings.waiting + timings.receiving);
    }
    assert.deepEqual(
      [second.remoteIp, second.remotePort, second.tlsVersion, second.tlsCipherSuite],
      ["127.0.0.1", Number(new URL(peer.url).port), "tls1.3", "TLS_AES_256_GCM_SHA384"],
    );
  });

  test("bytes: every frame is counted to one exchange", async (t) => {
    let sent = settings().length;
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id) => {
        const answer = Buffer.concat([
          frame({ type: frameTypes.ping, flags: ack }, Buffer.alloc(8)),
          okResponse(id),
        ]);
        sent += answer.length;
        connection.write(answer);
      },
    });
    const client = startClient(t, trusted);
    const exchanges: Exchange[] = [];
    for (let index = 0; index < 3; index++) {
      exchanges.push(await client.send(get(peer.url, { method: "POST", body: "é" })));
    }
    assert.equal(
      exchanges.reduce((total, { bytesReceived }) => total + bytesReceived, 0),
      sent,
    );
    const connection = peer.connections[0]!;
    const acknowledgement = 9;
    const received = connection.frames.reduce((total, one) => total + 9 + one.payload.length, 24);
    const counted = exchanges.reduce((total, { bytesSent }) => total + bytesSent, 0);
    assert.ok(received - counted <= acknowledgement, `${received} received, ${counted} counted`);
  });

  test("sockets and generator faults are counted as they are", async (t) => {
    const peer = await startHttp2Peer(t, {
      onRequest: (connection, id, count) => {
        if (count % 2 === 0) connection.write(rstStream(id, 2));
        else connection.write(okResponse(id));
      },
    });
    const stack = startStack(t);
    const client = stack.createClient();
    for (let index = 0; index < 4; index++) await client.send(get(peer.url));
    assert.deepEqual([stack.openSockets, stack.generatorFaults], [1, 0]);
    client.destroy();
    await until(() => stack.openSockets === 0);
  });

  test("discarding counts the body and does not keep it", async (t) => {
    const peer = await startHttp2Peer(t, { onRequest: answerOk });
    const exchange = await startClient(t, trusted).send(get(peer.url, { discardBody: true }));
    assert.deepEqual([exchange.status, exchange.body], [200, undefined]);
    assert.ok(exchange.bytesReceived > okResponse(1).length);
  });
});

/** The client against HTTP/2 as others speak it: node:http2 and nginx. */
import assert from "node:assert/strict";
import { createSecureServer, createServer } from "node:http2";
import type { SecureServerOptions, ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import fc from "fast-check";
import { failures } from "../../../../src/http/errors.ts";
import type { Exchange, HttpOptions } from "../../../../src/http/index.ts";
import { authorityPem, localhostCertificate } from "../../../support/http-certificates.ts";
import { get, startClient, textOf } from "../../../support/http-servers.ts";
import { ask, memorySocket, openSession } from "../../../support/http2-memory.ts";
import { nginxIsMissing, startNginx } from "../../../support/nginx.ts";

const trusted: Partial<HttpOptions> = { extraCaPem: authorityPem };

interface NodePeer {
  readonly url: string;
  /** Sessions accepted so far. */
  readonly sessions: { count: number };
}

async function startNode(
  t: TestContext,
  onStream: (stream: ServerHttp2Stream, headers: Readonly<Record<string, unknown>>) => void,
  options: SecureServerOptions = {},
): Promise<NodePeer> {
  const sessions = { count: 0 };
  const server = createSecureServer({ ...localhostCertificate, ...options });
  const closers: (() => void)[] = [];
  server.on("session", (session) => {
    sessions.count++;
    session.on("error", () => undefined);
    closers.push(() => session.destroy());
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined); // the client under test may reset it
    onStream(stream, headers);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => {
    for (const close of closers) close();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, sessions };
}

function readBody(stream: ServerHttp2Stream, onBody: (body: Buffer) => void): void {
  const pieces: Buffer[] = [];
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  stream.on("end", () => onBody(Buffer.concat(pieces)));
}

function assertOk(exchange: Exchange): void {
  assert.deepEqual(
    [exchange.failure, exchange.status, exchange.proto],
    [undefined, 200, "HTTP/2.0"],
  );
}

function pattern(bytes: number): Buffer {
  const body = Buffer.allocUnsafe(bytes);
  for (let at = 0; at < bytes; at++) body[at] = at * 31 + (at >> 8);
  return body;
}

describe("node:http2", () => {
  test("100 parallel streams on one session, each with its own answer", async (t) => {
    const peer = await startNode(t, (stream, headers) => {
      setImmediate(() => {
        stream.respond({ ":status": 200 });
        stream.end(`answer to ${String(headers[":path"])}`);
      });
    });
    const client = startClient(t, trusted);
    const exchanges = await Promise.all(
      Array.from({ length: 100 }, (_, index) => client.send(get(`${peer.url}/${index}`))),
    );
    for (const [index, exchange] of exchanges.entries()) {
      assertOk(exchange);
      assert.equal(textOf(exchange), `answer to /${index}`);
    }
    assert.equal(peer.sessions.count, 1);
  });

  test("500 requests where seven at most run on a session", async (t) => {
    const peer = await startNode(
      t,
      (stream) => {
        stream.respond({ ":status": 200 });
        stream.end("x");
      },
      { settings: { maxConcurrentStreams: 7 } },
    );
    const client = startClient(t, trusted);
    for (let round = 0; round < 25; round++) {
      const exchanges = await Promise.all(
        Array.from({ length: 20 }, () => client.send(get(peer.url))),
      );
      for (const exchange of exchanges) assertOk(exchange);
    }
    assert.ok(peer.sessions.count >= 3 && peer.sessions.count <= 20, `${peer.sessions.count}`);
  });

  for (const windowBytes of [65_535, 30_000]) {
    test(`6 MB up and down through windows of ${windowBytes} octets`, async (t) => {
      const peer = await startNode(
        t,
        (stream) =>
          readBody(stream, (body) => {
            stream.respond({ ":status": 200, "content-length": body.length });
            stream.end(body);
          }),
        { settings: { initialWindowSize: windowBytes } },
      );
      const body = pattern(6_000_000);
      const client = startClient(t, trusted);
      const exchanges = await Promise.all(
        [1, 2].map(() => client.send(get(peer.url, { method: "POST", body }))),
      );
      for (const exchange of exchanges) {
        assertOk(exchange);
        assert.ok(body.equals(exchange.body!));
        assert.ok(exchange.bytesSent > 6_000_000 && exchange.bytesReceived > 6_000_000);
      }
      assert.equal(peer.sessions.count, 1);
    });
  }

  test("padding, 103, trailers, 40 KB of headers, PING", async (t) => {
    const peer = await startNode(
      t,
      (stream) => {
        stream.session?.ping(() => undefined);
        stream.additionalHeaders({ ":status": 103, link: "</x>" });
        stream.respond(
          { ":status": 200, "x-large": "v".repeat(40_000), "set-cookie": ["a=1", "b=2"] },
          { waitForTrailers: true },
        );
        stream.on("wantTrailers", () => stream.sendTrailers({ "x-trailer": "1" }));
        stream.end("body");
      },
      { paddingStrategy: 1, maxSendHeaderBlockLength: 100_000 }, // PADDING_STRATEGY_MAX
    );
    const client = startClient(t, trusted);
    for (let index = 0; index < 3; index++) {
      const exchange = await client.send(get(peer.url));
      assertOk(exchange);
      assert.equal(textOf(exchange), "body");
      const cookies = exchange.headers.filter(([name]) => name === "set-cookie");
      assert.deepEqual(
        cookies.map(([, value]) => value),
        ["a=1", "b=2"],
      );
      assert.equal(exchange.headers.find(([name]) => name === "x-large")?.[1].length, 40_000);
    }
    assert.equal(peer.sessions.count, 1);
  });

  test("every octet that a header value may hold, through its Huffman coder and tables", async (t) => {
    const octet = fc.oneof(
      fc.integer({ min: 0x21, max: 0x7e }),
      fc.integer({ min: 0x80, max: 0xff }),
    );
    const value = fc
      .array(octet, { minLength: 1, maxLength: 200 })
      .map((codes) => String.fromCharCode(...codes));
    const samples = fc.sample(fc.array(value, { minLength: 1, maxLength: 10 }), 200);
    const peer = await startNode(t, (stream, headers) => {
      const values = samples[Number(headers["x-sample"])]!;
      stream.respond({
        ":status": 200,
        ...Object.fromEntries(values.map((v, i) => [`x-${i}`, v])),
      });
      stream.end();
    });
    const client = startClient(t, trusted);
    for (const [index, values] of samples.entries()) {
      const exchange = await client.send(get(peer.url, { headers: [["x-sample", String(index)]] }));
      assertOk(exchange);
      const got = values.map((_, i) => exchange.headers.find(([name]) => name === `x-${i}`)?.[1]);
      assert.deepEqual(got, values);
    }
  });

  test("what the client sends is what it was asked to send", async (t) => {
    const peer = await startNode(t, (stream, headers) => {
      stream.respond({ ":status": 200 });
      stream.end(JSON.stringify(headers));
    });
    const client = startClient(t, trusted);
    const token = fc.stringMatching(/^x-[a-z0-9]{1,20}$/u);
    const text = fc.stringMatching(/^[!-~]{1,100}$/u);
    const samples = fc.sample(fc.dictionary(token, text, { maxKeys: 8 }), 100);
    for (const fields of samples) {
      const exchange = await client.send(get(`${peer.url}/p`, { headers: Object.entries(fields) }));
      assertOk(exchange);
      assert.deepEqual(JSON.parse(textOf(exchange)), {
        ":method": "GET",
        ":path": "/p",
        ":scheme": "https",
        ":authority": peer.url.slice(8),
        ...fields,
      });
    }
  });

  test("what HEAD, 204 and 304 announce does not come", async (t) => {
    const peer = await startNode(t, (stream, headers) => {
      stream.respond({ ":status": Number(String(headers[":path"]).slice(1)), "content-length": 5 });
      stream.end();
    });
    const client = startClient(t, trusted);
    for (const [method, status] of [
      ["HEAD", 200],
      ["GET", 204],
      ["GET", 304],
    ] as const) {
      const exchange = await client.send(get(`${peer.url}/${status}`, { method }));
      assert.deepEqual(
        [exchange.failure, exchange.status, exchange.body?.length ?? 0],
        [undefined, status, 0],
      );
    }
  });
});

interface Answer {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly hasTrailers: boolean;
}

/** Lets node:http2 answer in memory; gives every octet it sent. */
async function record(answers: readonly Answer[], paddingStrategy: number): Promise<Buffer> {
  const server = createServer({ paddingStrategy });
  server.on("stream", (stream, headers) => {
    const { status, fields, body, hasTrailers } = answers[Number(headers[":path"]!.slice(1))]!;
    stream.respond({ ":status": status, ...fields }, { waitForTrailers: hasTrailers });
    stream.on("wantTrailers", () => stream.sendTrailers({ "x-trailer": "1" }));
    if (!stream.writableEnded) stream.end(body); // 204 and 304 are over already
  });
  const pieces: Buffer[] = [];
  const serverSide = memorySocket((piece) => {
    pieces.push(Buffer.from(piece));
    session.onRead(piece.length, piece);
  });
  const session = openSession(memorySocket((piece) => serverSide.push(piece)));
  server.emit("connection", serverSide);
  await Promise.all(answers.map((_, index) => ask(session, "GET", `/${index}`)));
  session.close(failures.canceled);
  return Buffer.concat(pieces);
}

/** Feeds the octets again, cut after each of `cuts`, to a session that has asked the same. */
async function replay(
  octets: Buffer,
  cuts: readonly number[],
  requests: number,
): Promise<Exchange[]> {
  const session = openSession(memorySocket(() => undefined));
  const asked = Array.from({ length: requests }, (_, index) => ask(session, "GET", `/${index}`));
  const readBuffer = Buffer.alloc(octets.length);
  let at = 0;
  for (const cut of [...cuts, octets.length]) {
    octets.copy(readBuffer, 0, at, cut);
    session.onRead(cut - at, readBuffer);
    readBuffer.fill(0xee); // the next read overwrites it
    at = cut;
  }
  return await Promise.all(asked);
}

function assertAnswers(exchanges: readonly Exchange[], answers: readonly Answer[]): void {
  for (const [index, { status, fields, body }] of answers.entries()) {
    const exchange = exchanges[index]!;
    assert.deepEqual([exchange.failure, exchange.status], [undefined, status]);
    const isBodiless = status === 204 || status === 304;
    assert.deepEqual(exchange.body?.length, isBodiless ? undefined : body.length);
    if (!isBodiless) assert.ok(Buffer.from(body).equals(exchange.body!));
    const got = Object.fromEntries(exchange.headers);
    for (const [name, value] of Object.entries(fields)) assert.equal(got[name], value);
  }
}

describe("random responses of node:http2 agree with what was sent, cut", () => {
  const answer = fc.record({
    status: fc.constantFrom(200, 200, 204, 304, 404, 503),
    fields: fc.dictionary(
      fc.stringMatching(/^x-[a-z0-9]{1,9}$/u),
      fc.stringMatching(/^[!-~]{1,30}$/u),
      { maxKeys: 6 },
    ),
    body: fc.uint8Array({ maxLength: 300 }),
    hasTrailers: fc.boolean(),
  });
  const answers = fc.array(answer, { minLength: 1, maxLength: 4 });

  test("at every octet, and into single octets", async () => {
    for (const [index, sample] of fc.sample(answers, 6).entries()) {
      const octets = await record(sample, index % 3);
      for (let cut = 1; cut < octets.length; cut++) {
        assertAnswers(await replay(octets, [cut], sample.length), sample);
      }
      const everywhere = Array.from({ length: octets.length - 1 }, (_, at) => at + 1);
      assertAnswers(await replay(octets, everywhere, sample.length), sample);
    }
  });

  test("anywhere, several times", async () => {
    const large = answer.chain((one) =>
      fc.uint8Array({ maxLength: 60_000 }).map((body) => ({ ...one, body })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(large, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 2 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
        async (sample, padding, places) => {
          const octets = await record(sample, padding);
          const cuts = [...new Set(places.map((place) => Math.floor(place * octets.length)))];
          cuts.sort((one, other) => one - other);
          assertAnswers(await replay(octets, cuts, sample.length), sample);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("short: what has come is whole, the rest fails, and nothing is thrown", async () => {
    const [sample] = fc.sample(fc.array(answer, { minLength: 3, maxLength: 3 }), 1) as [Answer[]];
    const octets = await record(sample, 0);
    for (let end = 0; end < octets.length; end += 3) {
      const session = openSession(memorySocket(() => undefined));
      const asked = sample.map((_, index) => ask(session, "GET", `/${index}`));
      session.onRead(end, Buffer.from(octets.subarray(0, end)));
      session.onEnd();
      for (const [index, exchange] of (await Promise.all(asked)).entries()) {
        if (exchange.failure === undefined) assert.equal(exchange.status, sample[index]!.status);
        else assert.equal(exchange.failure.message, "unexpected EOF");
      }
    }
  });

  test("and with octets changed: an error or an answer, never an exception", async () => {
    const [sample] = fc.sample(fc.array(answer, { minLength: 2, maxLength: 2 }), 1) as [Answer[]];
    const octets = await record(sample, 0);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(octets.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        async (changes) => {
          const damaged = Buffer.from(octets);
          for (const [at, octet] of changes) damaged[at] = octet;
          const session = openSession(memorySocket(() => undefined));
          const asked = sample.map((_, index) => ask(session, "GET", `/${index}`));
          session.onRead(damaged.length, damaged);
          session.onEnd();
          for (const exchange of await Promise.all(asked)) {
            assert.ok(exchange.failure !== undefined || exchange.status > 0);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("nginx", { skip: nginxIsMissing }, () => {
  test("answers, small and large, with and without a body, on one session", async (t) => {
    const large = pattern(6_000_000);
    const url = await startNginx(
      t,
      `location /hello { return 200 "hello"; } location /gone { return 404; }
       location /moved { return 302 /hello; }`,
      { "large.bin": large },
    );
    const client = startClient(t, trusted);
    const hello = await client.send(get(`${url}/hello`));
    assertOk(hello);
    assert.equal(textOf(hello), "hello");
    assert.equal((await client.send(get(`${url}/gone`))).status, 404);
    const moved = await client.send(get(`${url}/moved`));
    assert.deepEqual([moved.status, moved.statusText], [302, "Found"]);
    const [first, second] = await Promise.all(
      [1, 2].map(() => client.send(get(`${url}/large.bin`))),
    );
    for (const exchange of [first!, second!]) {
      assertOk(exchange);
      assert.ok(large.equals(exchange.body!));
    }
    const head = await client.send(get(`${url}/large.bin`, { method: "HEAD" }));
    assert.deepEqual([head.status, head.body?.length, head.timings.connecting], [200, 0, 0]);
  });

  test("takes 200 requests in a batch of 50 each, and uploads of 6 MB", async (t) => {
    const url = await startNginx(
      t,
      `location /hello { return 200 "hello"; }
       location /take { proxy_pass https://127.0.0.1:$server_port/sink; proxy_ssl_verify off; }
       location /sink { client_body_buffer_size 1m; return 200 "taken"; }`,
    );
    const client = startClient(t, trusted);
    for (let round = 0; round < 4; round++) {
      const exchanges = await Promise.all(
        Array.from({ length: 50 }, () => client.send(get(`${url}/hello`))),
      );
      for (const exchange of exchanges) assertOk(exchange);
    }
    const body = pattern(6_000_000);
    const exchange = await client.send(get(`${url}/take`, { method: "POST", body }));
    assertOk(exchange);
    assert.equal(textOf(exchange), "taken");
  });

  test("closes a session after so many requests: none is lost", async (t) => {
    const url = await startNginx(t, 'keepalive_requests 10; location / { return 200 "x"; }');
    const client = startClient(t, trusted);
    for (let index = 0; index < 55; index++) assertOk(await client.send(get(url)));
    for (let round = 0; round < 10; round++) {
      const exchanges = await Promise.all(Array.from({ length: 8 }, () => client.send(get(url))));
      for (const exchange of exchanges) assertOk(exchange);
    }
  });
});

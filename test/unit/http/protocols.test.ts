/** What holds for a request whatever protocol its connection speaks: each case with HTTP/1.1 and with HTTP/2. */
import assert from "node:assert/strict";
import { createSecureServer } from "node:http2";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { systemClock } from "../../../src/base/clock.ts";
import { createHttpStack, sendFollowingRedirects } from "../../../src/http/index.ts";
import type { HttpClient, HttpOptions, HttpStack } from "../../../src/http/index.ts";
import { authorityPem, localhostCertificate } from "../../support/http-certificates.ts";
import { defaultHttpOptions, get, textOf } from "../../support/http-servers.ts";

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse, body: Buffer) => void;

interface Served {
  readonly url: string;
  readonly client: HttpClient;
  readonly stack: HttpStack;
  /** Connections accepted so far. */
  readonly sockets: readonly Socket[];
}

/** One server that speaks both, and a client that takes what the test names. */
async function serve(
  t: TestContext,
  http2: boolean,
  { handler, options = {} }: { handler: Handler; options?: Partial<HttpOptions> },
): Promise<Served> {
  const sockets: Socket[] = [];
  const server = createSecureServer(
    { ...localhostCertificate, allowHTTP1: true },
    (request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("error", () => undefined); // the client under test gives up
      response.on("error", () => undefined);
      request.on("end", () => handler(request, response, Buffer.concat(pieces)));
    },
  );
  server.on("secureConnection", (socket: Socket) => sockets.push(socket));
  server.on("sessionError", () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const stack = createHttpStack(
    { ...defaultHttpOptions, extraCaPem: authorityPem, http2, ...options },
    systemClock,
  );
  t.after(() => {
    stack.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, client: stack.createClient(), stack, sockets };
}

const mirror: Handler = (request, response, body) => {
  response.setHeader("x-method", request.method);
  response.setHeader("x-length", request.headers["content-length"] ?? "none");
  response.end(body);
};

for (const proto of ["HTTP/1.1", "HTTP/2.0"] as const) {
  const http2 = proto === "HTTP/2.0";

  describe(proto, () => {
    for (const [title, body] of [
      ["ASCII text", "hello"],
      ["text beyond ASCII", "naïve ☃ 😀"],
      ["bytes", Uint8Array.from([0, 255, 128, 13, 10])],
      ["a body of 3 MB", "x".repeat(3_000_000)],
      ["3 MB beyond ASCII", "é".repeat(1_500_000)],
    ] as const) {
      test(`sends ${title} unchanged, and gets it back`, async (t) => {
        const { client, url, sockets } = await serve(t, http2, { handler: mirror });
        for (let index = 0; index < 2; index++) {
          const exchange = await client.send(get(url, { method: "PUT", body }));
          assert.deepEqual(
            [exchange.failure, exchange.status, exchange.proto],
            [undefined, 200, proto],
          );
          const sent = Buffer.from(body as string);
          assert.ok(sent.equals(exchange.body!));
          const fields = Object.fromEntries(exchange.headers);
          assert.deepEqual([fields["x-method"], fields["x-length"]], ["PUT", String(sent.length)]);
        }
        assert.equal(sockets.length, 1);
      });
    }

    test("announces an empty body only where one is expected", async (t) => {
      const { client, url } = await serve(t, http2, { handler: mirror });
      const lengthOf = async (method: string) => {
        const exchange = await client.send(get(url, { method }));
        return Object.fromEntries(exchange.headers)["x-length"];
      };
      assert.deepEqual([await lengthOf("POST"), await lengthOf("DELETE")], ["0", "none"]);
    });

    test("204 and 304 have no body; one of no octets is one", async (t) => {
      const { client, url } = await serve(t, http2, {
        handler: (request, response) => {
          response.statusCode = Number(request.url.slice(1));
          response.end();
        },
      });
      const bodyOf = async (method: string, status: number) =>
        (await client.send(get(`${url}/${status}`, { method }))).body?.length;
      assert.deepEqual(
        [await bodyOf("GET", 204), await bodyOf("GET", 304)],
        [undefined, undefined],
      );
      assert.deepEqual([await bodyOf("GET", 200), await bodyOf("HEAD", 200)], [0, 0]);
    });

    test("repeated fields stay apart, in their order", async (t) => {
      const { client, url } = await serve(t, http2, {
        handler: (_request, response) => {
          response.setHeader("set-cookie", ["a=1", "b=2"]);
          response.end();
        },
      });
      const { headers } = await client.send(get(url));
      const cookies = headers.filter(([name]) => name.toLowerCase() === "set-cookie");
      assert.deepEqual(
        cookies.map(([, value]) => value),
        ["a=1", "b=2"],
      );
    });

    test("follows redirects", async (t) => {
      const { client, url } = await serve(t, http2, {
        handler: (request, response, body) => {
          if (request.url === "/end") {
            response.end(`${request.method} ${body.toString()}`);
            return;
          }
          response.statusCode = Number(request.url.slice(1));
          response.setHeader("location", "/end");
          response.end();
        },
      });
      for (const [status, expected] of [
        [302, "GET "],
        [307, "POST x"],
      ] as const) {
        const request = get(`${url}/${status}`, { method: "POST", body: "x" });
        const { exchanges } = await sendFollowingRedirects(client, request, { maxRedirects: 3 });
        assert.deepEqual([exchanges.length, textOf(exchanges[1]!)], [2, expected]);
      }
    });

    test("discards, counts, and limits bodies", async (t) => {
      const { client, url } = await serve(t, http2, {
        handler: (_request, response) => response.end(Buffer.alloc(50_000)),
        options: { maxBodyBytes: 40_000 },
      });
      const discarded = await client.send(get(url, { discardBody: true }));
      assert.deepEqual([discarded.status, discarded.body], [200, undefined]);
      assert.ok(discarded.bytesReceived > 50_000);
      const { failure } = await client.send(get(url));
      assert.equal(failure?.message, "response body exceeds the size limit");
    });

    test("a time limit ends the request with k6's code, and the next works", async (t) => {
      const { client, url } = await serve(t, http2, {
        handler: (request, response) => {
          if (request.url === "/quick") response.end("quick");
        },
      });
      await client.send(get(`${url}/quick`));
      const { failure, timings, tlsVersion } = await client.send(get(url, { timeoutMs: 60 }));
      assert.deepEqual(
        [failure?.code, failure?.message, tlsVersion],
        [1_050, "request timeout", ""],
      );
      assert.ok(timings.waiting >= 50);
      assert.equal(textOf(await client.send(get(`${url}/quick`))), "quick");
    });

    test("closeIdle, noConnectionReuse and destroy close what they should", async (t) => {
      const { client, url, sockets, stack } = await serve(t, http2, { handler: mirror });
      await client.send(get(url));
      client.closeIdle();
      await client.send(get(url));
      assert.equal(sockets.length, 2);
      client.destroy();
      while (stack.openSockets > 0) await new Promise(setImmediate);
      assert.equal((await client.send(get(url))).failure?.message, "request canceled");
      const other = await serve(t, http2, {
        handler: mirror,
        options: { noConnectionReuse: true },
      });
      for (let index = 0; index < 3; index++) await other.client.send(get(other.url));
      assert.equal(other.sockets.length, 3);
    });

    test("names what was agreed, and times a new connection only once", async (t) => {
      const { client, url } = await serve(t, http2, { handler: mirror });
      const first = await client.send(get(url));
      const second = await client.send(get(url));
      assert.ok(first.timings.connecting > 0 && first.timings.tls_handshaking > 0);
      assert.ok(first.timings.blocked >= first.timings.connecting + first.timings.tls_handshaking);
      const { blocked, connecting, tls_handshaking: handshaking } = second.timings;
      assert.deepEqual([blocked, connecting, handshaking], [0, 0, 0]);
      assert.deepEqual([second.tlsVersion, second.remoteIp], ["tls1.3", "127.0.0.1"]);
      assert.equal(second.tlsCipherSuite, first.tlsCipherSuite);
    });
  });
}

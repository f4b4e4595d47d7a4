/** Every error code of k6's table that can be provoked on loopback, with its fixed text; the rest from Node's codes. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { failureFromError } from "../../../src/http/errors.ts";
import type { FailureStage } from "../../../src/http/errors.ts";
import { createHttpStack, httpErrorCodes } from "../../../src/http/index.ts";
import type { HttpOptions } from "../../../src/http/index.ts";
import { systemClock } from "../../../src/base/clock.ts";
import {
  authorityPem,
  expiredCertificate,
  localhostCertificate,
  otherHostCertificate,
} from "../../support/http-certificates.ts";
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
const noTimings = {
  duration: 0,
  blocked: 0,
  looking_up: 0,
  connecting: 0,
  tls_handshaking: 0,
  sending: 0,
  waiting: 0,
  receiving: 0,
};

async function failureOf(t: TestContext, url: string, options: Partial<HttpOptions> = {}) {
  const exchange = await startClient(t, options).send(get(url));
  assert.equal(exchange.status, 0);
  assert.ok(exchange.failure !== undefined);
  assert.equal(exchange.failure.generatorFault, undefined);
  return [exchange.failure.code, exchange.failure.message] as const;
}

/** A port nobody listens on: it was given to a server that is closed again. */
async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

describe("before a connection", () => {
  for (const [url, code, message] of [
    ["/relative", 1000, 'unsupported protocol scheme ""'],
    ["http://", 1000, "http: no Host in request URL"],
    ["http:///path", 1000, "http: no Host in request URL"],
    ["http:host", 1000, "http: no Host in request URL"],
    ["http://[::1", 1020, `invalid URL: parse "http://[::1": missing ']' in host`],
    ["http://[::1]a", 1020, 'invalid URL: parse "http://[::1]a": invalid port "a" after host'],
    ["http://a b/", 1020, 'invalid URL: parse "http://a b/": invalid character " " in host name'],
    [
      "http://host/a\nb",
      1020,
      'invalid URL: parse "http://host/a\\nb": net/url: invalid control character in URL',
    ],
    ["http://host/%zz", 1020, 'invalid URL: parse "http://host/%zz": invalid URL escape "%zz"'],
    [
      "http://host:abc/",
      1020,
      'invalid URL: parse "http://host:abc/": invalid port ":abc" after host',
    ],
    [
      "http://host:80\\path",
      1020,
      'invalid URL: parse "http://host:80\\\\path": invalid port ":80\\\\path" after host',
    ],
    ["http://a%41b/", 1020, 'invalid URL: parse "http://a%41b/": invalid URL escape "%41"'],
    ["http://u r@host/", 1020, 'invalid URL: parse "http://u r@host/": net/url: invalid userinfo'],
    [":foo", 1020, 'invalid URL: parse ":foo": missing protocol scheme'],
    [
      "1http://a/",
      1020,
      'invalid URL: parse "1http://a/": first path segment in URL cannot contain colon',
    ],
    ["http://host:99999/", 1210, "dial tcp: address 99999: invalid port"],
    ["http://127.1/", 1101, "lookup: no such host"],
    ["http://:80/", 1101, "lookup: no such host"],
    ["ftp://host/", 1000, 'unsupported protocol scheme "ftp"'],
  ] as const) {
    test(`${JSON.stringify(url)} is ${code}`, async (t) => {
      assert.deepEqual(await failureOf(t, url), [code, message]);
    });
  }

  test("what cannot be sent is refused: method, header name, header value", async (t) => {
    const client = startClient(t);
    const url = "http://127.0.0.1:1/";
    const messageOf = async (more: object) => (await client.send(get(url, more))).failure?.message;
    assert.equal(await messageOf({ method: "GE T" }), 'net/http: invalid method "GE T"');
    assert.equal(
      await messageOf({ headers: [["X A", "1"]] }),
      'net/http: invalid header field name "X A"',
    );
    assert.equal(
      await messageOf({ headers: [["X", "1\r\nY: 2"]] }),
      'net/http: invalid header field value for "X"',
    );
  });

  test("a name that does not exist is 1101", async (t) => {
    const [code, message] = await failureOf(t, "http://does-not-exist.invalid/");
    // A machine without any resolver cannot say that a name does not exist: 1100.
    assert.ok(code === 1101 ? message === "lookup: no such host" : code === 1100, message);
  });

  test("refused is 1212 with all timings 0", async (t) => {
    const exchange = await startClient(t).send(get(`http://127.0.0.1:${await findClosedPort()}/`));
    assert.deepEqual(
      [exchange.failure?.code, exchange.failure?.message],
      [1212, "dial: connection refused"],
    );
    assert.deepEqual(exchange.timings, noTimings);
    assert.deepEqual([exchange.remoteIp, exchange.bytesSent], ["", 0]);
  });
});

describe("during an exchange", () => {
  test("a reset is 1220", async (t) => {
    const server = await startRawServer(t, (socket) =>
      onRequests(socket, () => socket.resetAndDestroy()),
    );
    assert.deepEqual(await failureOf(t, server.url), [1220, "read: connection reset by peer"]);
  });

  test("an end before the response is 1000 EOF", async (t) => {
    const server = await startRawServer(t, (socket) => onRequests(socket, () => socket.end()));
    assert.deepEqual(await failureOf(t, server.url), [1000, "EOF"]);
  });

  test("an end inside the body is 1000 unexpected EOF, with what came", async (t) => {
    const server = await startRawServer(t, (socket) => {
      onRequests(socket, () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"));
    });
    const exchange = await startClient(t).send(get(server.url));
    assert.deepEqual(
      [exchange.status, exchange.failure?.message, textOf(exchange)],
      [0, "unexpected EOF", "part"],
    );
  });

  test("no HTTP is 1000", async (t) => {
    const server = await startAnswering(t, "220 smtp.test ready\r\n");
    assert.deepEqual(await failureOf(t, server.url), [
      1000,
      'malformed HTTP status code "smtp.test"',
    ]);
  });

  test("a time limit is 1050 at every stage, closes the connection, and keeps a partial body", async (t) => {
    const silent = await startRawServer(t, () => undefined);
    const slow = await startAnswering(t, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart");
    for (const [server, partial] of [
      [silent, undefined],
      [slow, "part"],
    ] as const) {
      const client = startClient(t);
      const exchange = await client.send(get(server.url, { timeoutMs: 60 }));
      assert.deepEqual(
        [exchange.failure?.code, exchange.failure?.message],
        [1050, "request timeout"],
      );
      assert.ok(exchange.timings.duration + exchange.timings.blocked >= 60);
      assert.equal(exchange.body === undefined ? undefined : textOf(exchange), partial);
      assert.equal((await client.send(get(server.url, { timeoutMs: 60 }))).failure?.code, 1050);
      assert.equal(server.sockets.length, 2);
    }
  });

  test("a body above maxBodyBytes fails and is not kept", async (t) => {
    const server = await startAnswering(t, `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(2_000)}`);
    const exchange = await startClient(t, { maxBodyBytes: 1_000 }).send(get(server.url));
    assert.deepEqual(
      [exchange.failure?.message, exchange.body],
      ["response body exceeds the size limit", new Uint8Array(0)],
    );
  });
});

describe("TLS", () => {
  async function startTls(t: TestContext, certificate: { cert: string; key: string }) {
    return await startRawTlsServer(t, certificate, (socket) => {
      onRequests(socket, () => socket.write(okResponse));
    });
  }

  test("to a plain port is 1301", async (t) => {
    const server = await startRawServer(t, (socket) =>
      socket.on("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    const url = server.url.replace("http:", "https:");
    assert.deepEqual(await failureOf(t, url), [
      1301,
      "tls: first record does not look like a TLS handshake",
    ]);
  });

  test("an end during the handshake is 1000 EOF", async (t) => {
    const server = await startRawServer(t, (socket) => socket.once("data", () => socket.end()));
    assert.deepEqual(await failureOf(t, server.url.replace("http:", "https:")), [1000, "EOF"]);
  });

  test("an unknown issuer is 1310", async (t) => {
    const server = await startTls(t, localhostCertificate);
    assert.deepEqual(await failureOf(t, server.url), [1310, "x509: unknown authority"]);
  });

  test("a certificate for another host is 1311", async (t) => {
    const server = await startTls(t, otherHostCertificate);
    const expected = [1311, "x509: certificate doesn't match hostname"];
    assert.deepEqual(await failureOf(t, server.url, { extraCaPem: authorityPem }), expected);
  });

  test("an expired certificate is 1000", async (t) => {
    const server = await startTls(t, expiredCertificate);
    assert.deepEqual(await failureOf(t, server.url, { extraCaPem: authorityPem }), [
      1000,
      "x509: certificate has expired or is not yet valid",
    ]);
  });

  test("a protocol version that the server refuses is 1010", async (t) => {
    const server = await startRawTlsServer(
      t,
      {
        ...localhostCertificate,
        minVersion: "TLSv1.1",
        maxVersion: "TLSv1.1",
        ciphers: "DEFAULT@SECLEVEL=0",
      },
      () => undefined,
    );
    assert.deepEqual(await failureOf(t, server.url), [
      1010,
      "remote error: tls: protocol version not supported",
    ]);
  });

  test("a client certificate that is asked for and missing is 1010", async (t) => {
    const server = await startRawTlsServer(
      t,
      { ...localhostCertificate, requestCert: true, rejectUnauthorized: true },
      () => undefined,
    );
    const [code] = await failureOf(t, server.url, { extraCaPem: authorityPem });
    // TLS 1.3 tells the client after its handshake: by an alert, or by a reset that overtakes it.
    assert.ok(code === 1010 || code === 1000 || code === 1220, `${code}`);
  });

  test("nothing is verified with insecureSkipTlsVerify", async (t) => {
    const server = await startTls(t, otherHostCertificate);
    const exchange = await startClient(t, { insecureSkipTlsVerify: true }).send(get(server.url));
    assert.equal(exchange.status, 200);
  });

  test("the host name decides, also where hosts sends it elsewhere", async (t) => {
    const server = await startTls(t, otherHostCertificate);
    const options = {
      extraCaPem: authorityPem,
      hosts: { "other.test": `127.0.0.1:${server.port}` },
    };
    assert.equal((await startClient(t, options).send(get("https://other.test/"))).status, 200);
  });
});

describe("hosts, blockHostnames and blacklistIPs", () => {
  test("a host is found by exact name, name with port, and the longest wildcard", async (t) => {
    const server = await startAnswering(t, okResponse);
    const here = `127.0.0.1:${server.port}`;
    const hosts = { "a.test": here, "b.test:81": here, "*.c.test": here, "*.test": "127.0.0.1:1" };
    const client = startClient(t, { hosts });
    for (const url of ["http://A.test/", "http://b.test:81/", "http://x.y.c.test/"]) {
      assert.equal((await client.send(get(url))).status, 200, url);
    }
    assert.equal((await client.send(get("http://b.test:82/"))).failure?.code, 1212);
  });

  test("a blocked host is 1111, by name and wildcard, before anything is looked up", async (t) => {
    const options = {
      blockHostnames: ["evil.test", "*.ads.test"],
      hosts: { "evil.test": "127.0.0.1" },
    };
    assert.deepEqual(await failureOf(t, "http://evil.test/", options), [
      1111,
      "hostname is blocked",
    ]);
    assert.deepEqual(await failureOf(t, "http://a.b.ads.test/", options), [
      1111,
      "hostname is blocked",
    ]);
  });

  test("a blacklisted address is 1110, also from hosts and DNS", async (t) => {
    const options = { blacklistIps: ["127.0.0.0/8", "::1"], hosts: { "x.test": "127.0.0.5" } };
    for (const url of [
      "http://127.9.9.9/",
      "http://x.test/",
      "http://localhost/",
      "http://[::1]/",
    ]) {
      assert.deepEqual(await failureOf(t, url, options), [1110, "ip is blacklisted"]);
    }
  });

  for (const [title, code, options] of [
    ["hosts that point to a name", "HTTP_BAD_HOSTS", { hosts: { a: "b.test" } }],
    ["hosts with an impossible port", "HTTP_BAD_HOSTS", { hosts: { a: "1.2.3.4:70000" } }],
    ["a blacklist entry that is no CIDR", "HTTP_BAD_BLACKLIST", { blacklistIps: ["10.0.0.0/33"] }],
    [
      "a block pattern with a wildcard inside",
      "HTTP_BAD_BLOCK_PATTERN",
      { blockHostnames: ["a.*.test"] },
    ],
    ["certificates that are none", "HTTP_BAD_CA", { extraCaPem: "hello" }],
  ] as const) {
    test(`${title}: ${code}`, () => {
      assert.ok(code in httpErrorCodes);
      assert.throws(
        () => createHttpStack({ ...defaultHttpOptions, ...options }, systemClock),
        (error) =>
          error instanceof LakhError &&
          error.code === code &&
          error.exitCode === 104 &&
          error.hint !== undefined,
      );
    });
  }
});

describe("errors of Node that a test cannot provoke", () => {
  for (const [code, stage, expected, generatorFault] of [
    ["EAI_AGAIN", "lookup", 1100, true],
    ["EAI_FAIL", "lookup", 1100, false],
    ["ENOMEM", "dial", 1213, true],
    ["ETIMEDOUT", "dial", 1211, false],
    ["EHOSTUNREACH", "dial", 1213, false],
    ["ENETUNREACH", "dial", 1213, false],
    ["EACCES", "dial", 1213, false],
    ["EPIPE", "exchange", 1201, false],
    ["ETIMEDOUT", "exchange", 1200, false],
    ["EINVAL", "exchange", 1202, false],
    ["ECONNRESET", "exchange", 1220, false],
    ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "handshake", 1010, false],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "exchange", 1010, false],
    ["ERR_SSL_NO_PROTOCOLS_AVAILABLE", "handshake", 1000, false],
    ["ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "exchange", 1300, false],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "handshake", 1310, false],
    ["EMFILE", "dial", 1213, true],
    ["ENFILE", "dial", 1213, true],
    ["EADDRNOTAVAIL", "dial", 1213, true],
    ["EADDRINUSE", "dial", 1213, true],
    ["ENOBUFS", "dial", 1213, true],
  ] as const satisfies readonly (readonly [string, FailureStage, number, boolean])[]) {
    test(`${code} in ${stage} is ${expected}${generatorFault ? ", the generator's fault" : ""}`, () => {
      const error = Object.assign(new Error("80D2:error:0A00 10.0.0.1:80"), { code, syscall: "x" });
      const failure = failureFromError(error, stage);
      assert.deepEqual(
        [failure.code, failure.generatorFault],
        [expected, generatorFault ? code : undefined],
      );
      assert.doesNotMatch(failure.message, /80D2|10\.0\.0\.1/u);
    });
  }
});

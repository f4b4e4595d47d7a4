/** Go's rules for proxies from the environment, and requests through a proxy. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { ProxyRules } from "../../../src/http/proxies.ts";
import { localhostCertificate } from "../../support/http-certificates.ts";
import {
  get,
  onRequests,
  startClient,
  startRawServer,
  startRawTlsServer,
  textOf,
} from "../../support/http-servers.ts";
import type { RawServer } from "../../support/http-servers.ts";

const okResponse = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

function find(proxy: string, none: string, host: string, port = 80): unknown {
  const rules = new ProxyRules({ http: proxy, https: "", none });
  return rules.find({ isTls: false, name: host, hostname: host.toLowerCase(), port });
}

describe("ProxyRules", () => {
  test("reads a proxy with and without a scheme, with credentials, and ignores what is none", () => {
    const at = (text: string): unknown => find(text, "", "a.test");
    const plain = { hostname: "p.test", port: 81, isAddress: false, authorization: undefined };
    assert.deepEqual(at("http://p.test:81"), plain);
    assert.deepEqual(at("p.test:81"), plain);
    assert.deepEqual(at("http://us%20er:p%3Ass@127.0.0.1"), {
      hostname: "127.0.0.1",
      port: 80,
      isAddress: true,
      authorization: `Basic ${Buffer.from("us er:p:ss").toString("base64")}`,
    });
    assert.equal(at(":bad"), undefined);
    assert.equal(at(""), undefined);
  });

  for (const scheme of ["socks5", "https"]) {
    test(`refuses a ${scheme} proxy at the start`, () => {
      assert.throws(
        () => find(`${scheme}://p.test:1`, "", "a.test"),
        (error) => error instanceof LakhError && error.code === "HTTP_PROXY_UNSUPPORTED",
      );
    });
  }

  // Each of these was asked of k6 2.2.
  for (const [none, host, port, isProxied] of [
    ["", "localhost", 80, false],
    ["", "LOCALHOST", 80, true],
    ["", "127.8.8.8", 80, false],
    ["", "::1", 80, false],
    ["*", "a.test", 80, false],
    ["site.test", "site.test", 80, false],
    ["site.test", "b.site.test", 80, false],
    ["site.test", "xsite.test", 80, true],
    [".site.test", "a.b.site.test", 80, false],
    [".site.test", "site.test", 80, true],
    ["*.site.test", "a.site.test", 80, false],
    ["site.test:81", "site.test", 81, false],
    ["site.test:81", "site.test", 80, true],
    ["10.1.0.0/16, foo", "10.1.1.1", 80, false],
    ["10.1.0.0/16, foo", "10.2.1.1", 80, true],
    ["10.2.1.1", "10.2.1.1", 80, false],
    ["site.test", "site.test.", 80, true],
  ] as const) {
    test(`with NO_PROXY=${none}, ${host}:${port} is ${isProxied ? "" : "not "}proxied`, () => {
      assert.equal(find("http://p.test", none, host, port) !== undefined, isProxied);
    });
  }
});

/** Notes request heads; tunnels CONNECT to `target`, and answers other requests itself. */
async function startProxy(
  t: TestContext,
  target: () => number,
): Promise<RawServer & { readonly heads: string[] }> {
  const heads: string[] = [];
  const server = await startRawServer(t, (socket) => {
    onRequests(socket, (head) => {
      heads.push(head);
      if (!head.startsWith("CONNECT")) {
        socket.write(okResponse);
        return;
      }
      socket.removeAllListeners("data");
      const onward = connect(target(), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
      t.after(() => onward.destroy());
    });
  });
  return { ...server, heads };
}

describe("through a proxy", () => {
  test("http: is asked for by its whole URL, over one connection for all hosts", async (t) => {
    const proxy = await startProxy(t, () => 0);
    const client = startClient(t, {
      proxies: { http: `http://u:p@127.0.0.1:${proxy.port}`, https: "", none: "" },
    });
    for (const url of ["http://a.test/x?y", "http://b.test:81/z"]) {
      const exchange = await client.send(get(url));
      assert.deepEqual([exchange.status, exchange.remotePort], [200, proxy.port]);
    }
    assert.deepEqual(
      proxy.heads.map((head) => head.split("\r\n").slice(0, 3)),
      [
        ["GET http://a.test/x?y HTTP/1.1", "Host: a.test", "Proxy-Authorization: Basic dTpw"],
        ["GET http://b.test:81/z HTTP/1.1", "Host: b.test:81", "Proxy-Authorization: Basic dTpw"],
      ],
    );
    assert.equal(proxy.sockets.length, 1);
  });

  test("https: goes through a tunnel that is used again", async (t) => {
    const site = await startRawTlsServer(t, localhostCertificate, (socket) =>
      onRequests(socket, (head) => socket.write(okResponse.replace("ok", head.slice(4, 6)))),
    );
    const proxy = await startProxy(t, () => site.port);
    const client = startClient(t, {
      insecureSkipTlsVerify: true,
      proxies: { http: "", https: `http://u:p@127.0.0.1:${proxy.port}`, none: "" },
    });
    for (const path of ["/a", "/b"]) {
      const exchange = await client.send(get(`https://site.test${path}`));
      assert.equal(exchange.failure, undefined);
      assert.equal(textOf(exchange), path);
      assert.equal(exchange.tlsVersion, "tls1.3");
    }
    assert.deepEqual(proxy.heads, [
      "CONNECT site.test:443 HTTP/1.1\r\nHost: site.test:443\r\nUser-Agent: Go-http-client/1.1\r\nProxy-Authorization: Basic dTpw\r\n\r\n",
    ]);
  });

  for (const [what, answer, message] of [
    [
      "refuses",
      "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
      "Proxy Authentication Required",
    ],
    ["speaks nonsense", "garbage\r\n\r\n", 'malformed HTTP response "garbage"'],
    ["ends", "", "unexpected EOF"],
  ] as const) {
    test(`a proxy that ${what} is 1000 ${message}`, async (t) => {
      const proxy = await startRawServer(t, (socket) =>
        onRequests(socket, () => (answer === "" ? socket.end() : socket.write(answer))),
      );
      const client = startClient(t, {
        proxies: { http: "", https: `127.0.0.1:${proxy.port}`, none: "" },
      });
      const { failure } = await client.send(get("https://site.test/"));
      assert.deepEqual([failure?.code, failure?.message], [1000, message]);
    });
  }

  test("a proxy that cannot be reached is 1200", async (t) => {
    const client = startClient(t, { proxies: { http: "127.0.0.1:1", https: "", none: "" } });
    const { failure } = await client.send(get("http://site.test/"));
    assert.deepEqual(
      [failure?.code, failure?.message],
      [1200, "proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused"],
    );
  });
});

/** `k6/ws`; the expected texts and orders were observed with k6 2.2.0. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { HttpOptions } from "../../../../src/http/index.ts";
import { createHttp } from "../../../../src/k6/http/module.ts";
import { createWs } from "../../../../src/k6/ws/ws.ts";
import type { ModuleOptions } from "../../../../src/k6/index.ts";
import { localhostCertificate } from "../../../support/http-certificates.ts";
import { startClient } from "../../../support/http-servers.ts";
import { TestVu } from "../../../support/k6-vu.ts";
import { startWsServer } from "../../../support/ws-server.ts";

interface Socket {
  on(event: string, handler: (...args: never[]) => unknown): void;
  send(data: unknown): void;
  sendBinary(...data: unknown[]): void;
  ping(): void;
  close(code?: unknown): void;
  setTimeout(callback: unknown, delay?: unknown): void;
  setInterval(callback: unknown, delay?: unknown): void;
}

interface SocketError {
  readonly code?: number;
  readonly text?: string;
  error(): string;
  toString(): string;
}

interface Response {
  url: string;
  status: number;
  headers: Record<string, string>;
  body: string;
  error: string;
}

interface Script {
  readonly vu: TestVu;
  readonly connect: (...args: unknown[]) => Promise<Response>;
}

function startVu(
  t: TestContext,
  options: Partial<ModuleOptions> = {},
  http: Partial<HttpOptions> = {},
): Script {
  const vu = new TestVu({ options, http: startClient(t, http) });
  const ws = createWs(vu);
  return { vu, connect: (...args) => vu.settle(() => ws.connect(...args)) };
}

const noop = (): void => undefined;

test("refuses bad arguments, and every call in the init context, in k6's words", async (t) => {
  const { vu, connect } = startVu(t);
  const url = "ws://127.0.0.1:1/";
  const refusals: [unknown[], string][] = [
    [[], "invalid number of arguments to ws.connect"],
    [[url], "invalid number of arguments to ws.connect"],
    [[url, null], "last argument to ws.connect must be a function"],
    [[url, {}, 3], "last argument to ws.connect must be a function"],
    [
      [url, { tags: { a: {} } }, noop],
      "invalid ws.connect() metric tags: invalid value for metric tag 'a': only String, Boolean and Number types are accepted as a metric tag values",
    ],
    [
      [url, { compression: "gzip" }, noop],
      "unsupported compression algorithm 'gzip', supported algorithm is 'deflate'",
    ],
    [
      [url, { compression: null }, noop],
      "unsupported compression algorithm 'null', supported algorithm is 'deflate'",
    ],
  ];
  for (const [args, message] of refusals)
    await assert.rejects(connect(...args), { name: "GoError", message });
  vu.phase = "init";
  await assert.rejects(connect(url, noop), {
    name: "GoError",
    message: "using websockets in the init context is not supported",
  });
});

test("gives a response with status 0 and Go's text for what cannot be dialled", async (t) => {
  const server = await startWsServer(t);
  const { vu, connect } = startVu(t, {}, { blockHostnames: ["*.blocked.test"] });
  vu.execution = { ...vu.execution, testOptions: { blockHostnames: ["*.blocked.test"] } };
  const { url } = server;
  const errors: [string, string][] = [
    ["http://127.0.0.1/", "malformed ws or wss URL"],
    ["nope", "malformed ws or wss URL"],
    ["ws://u:p@127.0.0.1/", "malformed ws or wss URL"],
    [":", 'parse ":": missing protocol scheme'],
    ["ws://127.0.0.1:77 01/", 'parse "ws://127.0.0.1:77 01/": invalid port ":77 01" after host'],
    ["ws://exa mple/", 'parse "ws://exa mple/": invalid character " " in host name'],
    ["ws://127.0.0.1/%zz", 'parse "ws://127.0.0.1/%zz": invalid URL escape "%zz"'],
    ["ws://127.0.0.1:99999/", "dial tcp: address 99999: invalid port"],
    ["ws:///x", "lookup : no such host"],
    ["ws://127.0.0.1:1/", "dial tcp 127.0.0.1:1: connect: connection refused"],
    ["ws://a.blocked.test/", "hostname (a.blocked.test) is in a blocked pattern (*.blocked.test)"],
    [`${url.replace("ws:", "wss:")}/`, "tls: first record does not look like a TLS handshake"],
    [`${url}/nowhere`, "unexpected EOF"],
    [`${url}/garbage`, 'malformed HTTP response "garbage"'],
  ];
  for (const [address, error] of errors) {
    const response = await connect(address, () => assert.fail("the callback was called"));
    assert.deepEqual({ ...response }, { url: "", status: 0, headers: {}, body: "", error });
  }
  assert.equal(vu.companions.size, 0);
});

test("shows the response of a server that refuses, without following it", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, connect } = startVu(t);
  const refused = await connect(`${url}/401`, noop);
  assert.deepEqual(
    { ...refused },
    {
      url: "",
      status: 401,
      headers: { "X-Thing": "a", "Content-Length": "4" },
      body: "nope",
      error: "",
    },
  );
  assert.equal((await connect(`${url}/redirect`, noop)).status, 302);
  assert.equal((await connect(`${url}/badaccept`, noop)).status, 101);
  assert.deepEqual(
    vu.samplesOf("ws_session_duration").map(({ tags }) => tags["status"]),
    ["401", "302", "101"],
  );
});

test("throws what made a dial fail when the option throw is set", async (t) => {
  const { connect } = startVu(t, { throwOnFailure: true });
  await assert.rejects(connect("ws://127.0.0.1:1/", noop), {
    name: "GoError",
    message: "dial tcp 127.0.0.1:1: connect: connection refused",
  });
});

test("runs handlers one after the other, each to its end, in the order of what happened", async (t) => {
  const server = await startWsServer(t);
  const { vu, connect } = startVu(t);
  const log: unknown[] = [];
  const response = await connect(`${server.url}/echo`, (socket: Socket) => {
    socket.on("open", () => log.push("open 1"));
    socket.on("open", () => {
      log.push("open 2");
      socket.send("a");
      socket.send("b");
    });
    socket.on("message", async (message: string) => log.push(`1 ${message}`));
    socket.on("message", (message: string) => {
      log.push(`2 ${message}`);
      // A handler that blocks: the next event waits for it.
      return vu.block(
        new Promise((resolve) =>
          setImmediate(() => {
            log.push(`2 ${message} ends`);
            if (message === "b") socket.close();
            resolve(undefined);
          }),
        ),
      );
    });
    socket.on("close", (code: number) => log.push(`close ${code}`));
    log.push("callback ends");
  });
  assert.deepEqual(log, [
    "callback ends",
    "open 1",
    "open 2",
    "1 a",
    "2 a",
    "2 a ends",
    "1 b",
    "2 b",
    "2 b ends",
    "close 1001",
  ]);
  assert.equal(response.status, 101);
  assert.equal(response.url, `${server.url}/echo`);
  assert.equal(response.headers["X-From"], "server");
  assert.throws(() => Object.assign(response, { other: 1 }), TypeError);
  await server.closed(1);
  assert.deepEqual(server.closeCodes, [1001]);
});

test("tells of the server's close: an error unless the code is 1000 or 1001, then close", async (t) => {
  const { url } = await startWsServer(t);
  const { connect } = startVu(t);
  const events = async (path: string): Promise<unknown[]> => {
    const log: unknown[] = [];
    await connect(url + path, (socket: Socket) => {
      socket.on("message", (text: string) => log.push(text));
      socket.on("error", (error: SocketError) =>
        log.push(error.error(), error.code, error.text, error.toString()),
      );
      socket.on("close", (code: number) => log.push(code));
    });
    return log;
  };
  assert.deepEqual(await events("/push"), ["m0", "m1", "m2", "m3", "m4", 1000]);
  assert.deepEqual(await events("/close?code=1001"), [1001]);
  const abc = "websocket: close 3005: abc";
  assert.deepEqual(await events("/close?code=3005&reason=abc"), [abc, 3005, "abc", abc, 3005]);
  const none = "websocket: close 1005 (no status)";
  assert.deepEqual(await events("/nocode"), [none, 1005, "", none, 1005]);
  const eof = "websocket: close 1006 (abnormal closure): unexpected EOF";
  assert.deepEqual(await events("/terminate"), [eof, 1006, "unexpected EOF", eof, 1006]);
  const sent = "websocket: close sent";
  assert.deepEqual(await events("/badframe"), [sent, undefined, undefined, sent, 1001]);
});

test("a handler that throws ends the socket and the call, after the close handlers", async (t) => {
  const server = await startWsServer(t);
  const { connect } = startVu(t);
  const boom = new Error("boom");
  const fail = (): never => {
    throw boom;
  };
  const closesOf = async (path: string, prepare: (socket: Socket) => void): Promise<number[]> => {
    const codes: number[] = [];
    await assert.rejects(
      connect(server.url + path, (socket: Socket) => {
        socket.on("close", (code: number) => codes.push(code));
        prepare(socket);
      }),
      boom,
    );
    return codes;
  };
  assert.deepEqual(await closesOf("/echo", fail), [1001]);
  assert.deepEqual(await closesOf("/echo", (socket) => socket.on("open", fail)), [1001]);
  assert.deepEqual(await closesOf("/push", (socket) => socket.on("message", fail)), [1001]);
  assert.deepEqual(await closesOf("/echo", (socket) => socket.setTimeout(fail, 1)), [1001]);
  assert.deepEqual(await closesOf("/badframe", (socket) => socket.on("error", fail)), []);
  assert.deepEqual(await closesOf("/push", (socket) => socket.on("close", fail)), [1000]);
  await server.closed(6);
  assert.equal(server.openCount, 0);
});

test("checks what is sent, and sends any value as text", async (t) => {
  const { url } = await startWsServer(t);
  const { connect } = startVu(t);
  const texts: unknown[] = [];
  const problems: unknown[] = [];
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      problems.push((error as Error).message);
    }
  };
  const bytes: unknown[] = [];
  await connect(`${url}/echo`, (socket: Socket) => {
    for (const value of [undefined, null, 1, { a: 1 }, "x"]) socket.send(value);
    attempt(() => socket.sendBinary());
    for (const value of [undefined, null, 1, "x", {}, [], new Uint8Array(1)])
      attempt(() => socket.sendBinary(value));
    socket.sendBinary(new Uint8Array([7, 8]).buffer);
    socket.on("message", (text: string) => texts.push(text));
    socket.on("binaryMessage", (data: ArrayBuffer) => {
      bytes.push(...new Uint8Array(data));
      socket.close();
    });
  });
  assert.deepEqual(texts, ["", "", "1", "[object Object]", "x"]);
  assert.deepEqual(bytes, [7, 8]);
  const received = (what: string): string => `expected ArrayBuffer as argument, received: ${what}`;
  assert.deepEqual(problems, [
    "missing argument, expected ArrayBuffer",
    ...["undefined", "null", "Number", "String", "Object", "Array", "Uint8Array"].map(received),
  ]);
});

test("after close nothing is sent: the error handlers hear of it at once", async (t) => {
  const server = await startWsServer(t);
  const { vu, connect } = startVu(t);
  const log: unknown[] = [];
  await connect(`${server.url}/echo`, (socket: Socket) => {
    socket.on("error", (error: { error(): string }) => log.push(error.error()));
    socket.on("close", (code: number) => log.push(code));
    socket.on("open", () => {
      socket.close(5);
      socket.close(1000);
      socket.send("x");
      socket.ping();
      log.push("open ends");
    });
  });
  const sent = "websocket: close sent";
  assert.deepEqual(log, [5, sent, sent, "open ends"]);
  assert.equal(vu.samplesOf("ws_msgs_sent").length, 1, "counted though it was not sent, as in k6");
  assert.deepEqual([...vu.companions], []);
});

test("timers of the socket want a positive delay, repeat, and end with the socket", async (t) => {
  const { url } = await startWsServer(t);
  const { connect } = startVu(t);
  const messages: string[] = [];
  let ticks = 0;
  await connect(`${url}/echo`, (socket: Socket) => {
    for (const delay of [0, -1, undefined, "x", null]) {
      for (const name of ["setTimeout", "setInterval"] as const) {
        try {
          socket[name](noop, delay);
        } catch (error) {
          messages.push((error as Error).message);
        }
      }
    }
    assert.throws(() => socket.setTimeout(3, 5), {
      name: "TypeError",
      message: "could not convert function call parameter 0: could not convert 3 to sobek.Callable",
    });
    socket.setInterval(() => {
      if (++ticks === 3) socket.setTimeout(() => socket.close(), "1");
    }, 1);
  });
  assert.ok(ticks >= 3);
  assert.equal(messages[0], "setTimeout requires a >0 timeout parameter, received 0.00");
  assert.equal(messages[3], "setInterval requires a >0 timeout parameter, received -1.00");
  assert.equal(messages[6], "setTimeout requires a >0 timeout parameter, received NaN");
  assert.equal(messages.length, 10);
});

test("sends headers in Go's order, the jar's cookies unless the script gives some, and stores those it is given", async (t) => {
  const { url, httpUrl } = await startWsServer(t);
  const { vu, connect } = startVu(t);
  const headersOf = async (params: object): Promise<string[]> => {
    let headers: string[] = [];
    await connect(`${url}/headers`, params, (socket: Socket) => {
      socket.on("message", (text: string) => {
        headers = JSON.parse(text) as string[];
        socket.close();
      });
    });
    return headers.map((text, i) => (headers[i - 1] === "Sec-WebSocket-Key" ? "KEY" : text));
  };
  const host = url.slice("ws://".length);
  const common = [
    "Sec-WebSocket-Key",
    "KEY",
    "Sec-WebSocket-Version",
    "13",
    "Upgrade",
    "websocket",
  ];
  assert.deepEqual(await headersOf({}), [
    "Host",
    host,
    "User-Agent",
    "lakh-test",
    "Connection",
    "Upgrade",
    ...common,
  ]);
  assert.deepEqual(vu.cookieJar.cookiesForUrl(httpUrl), { from: ["ws"] });
  const given = { "x-b": [1, 2], "User-Agent": "me", Host: "example.com", Cookie: "q=1" };
  assert.deepEqual(await headersOf({ headers: given }), [
    "Host",
    "example.com",
    "User-Agent",
    "me",
    "Connection",
    "Upgrade",
    "Cookie",
    "q=1",
    ...common,
    "X-B",
    "1,2",
  ]);
  const http = createHttp(vu);
  const jar = new (
    http as unknown as { CookieJar: new () => { set(...args: string[]): void } }
  ).CookieJar();
  jar.set(httpUrl, "own", "1");
  const own = await headersOf({ jar, compression: "deflate" });
  assert.equal(own[own.indexOf("Cookie") + 1], "own=1");
  assert.equal(
    own[own.indexOf("Sec-WebSocket-Extensions") + 1],
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
  );
  const twice = await connect(`${url}/echo`, { headers: { upgrade: "x" } }, noop);
  assert.equal(twice.error, "websocket: duplicate header not allowed: Upgrade");
});

test("compresses when the server agrees", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, connect } = startVu(t);
  const text = "hello ".repeat(1_000);
  let received = "";
  await connect(`${url}/deflate`, { compression: "deflate" }, (socket: Socket) => {
    socket.on("open", () => socket.send(text));
    socket.on("message", (message: string) => {
      received = message;
      socket.close();
    });
  });
  assert.equal(received, text);
  assert.ok(vu.sentBytes < 1_000 && vu.receivedBytes < 1_000);
});

test("records k6's samples with k6's tags, and the bytes on the wire", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, connect } = startVu(t);
  const address = `${url}/proto?x=1`;
  const params = {
    headers: { "Sec-WebSocket-Protocol": "a,b" },
    tags: { mine: 1, url: "U", name: "N" },
  };
  await connect(address, params, (socket: Socket) => {
    socket.on("open", () => {
      socket.ping();
      socket.send("abc");
    });
    let heard = 0;
    const count = (): void => {
      if (++heard === 2) socket.close();
    };
    socket.on("pong", count);
    socket.on("message", count);
  });
  const tags = {
    group: "",
    scenario: "browse",
    mine: "1",
    name: "N",
    status: "101",
    subproto: "a",
    url: address,
  };
  const names = vu.samples.map(({ metric }) => metric);
  assert.deepEqual(names.slice(0, 3), ["ws_sessions", "ws_connecting", "ws_msgs_sent"]);
  assert.deepEqual(names.slice(3).sort(), ["ws_msgs_received", "ws_ping", "ws_session_duration"]);
  assert.equal(names.at(-1), "ws_session_duration");
  for (const sample of vu.samples) assert.deepEqual(sample.tags, tags);
  assert.ok(vu.sentBytes > 150 && vu.receivedBytes > 100);
  vu.samples.length = 0;
  await connect("ws://127.0.0.1:1/", noop);
  const failed = { group: "", scenario: "browse", url: "ws://127.0.0.1:1/" };
  assert.deepEqual(
    vu.samples.map(({ metric, tags: its }) => [metric, its]),
    ["ws_sessions", "ws_connecting", "ws_session_duration"].map((metric) => [metric, failed]),
  );
});

test("dials over TLS under the options of the test", async (t) => {
  const server = await startWsServer(t, localhostCertificate);
  const close = (socket: Socket): void => socket.close();
  const strict = await startVu(t).connect(`${server.url}/echo`, close);
  assert.equal(
    strict.error,
    "tls: failed to verify certificate: x509: certificate signed by unknown authority",
  );
  const lax = await startVu(t, {}, { insecureSkipTlsVerify: true }).connect(
    `${server.url}/echo`,
    close,
  );
  assert.equal(lax.status, 101);
});

test("an abandoned VU closes its socket with 1001, and the script hears nothing", async (t) => {
  const server = await startWsServer(t);
  const { vu, connect } = startVu(t);
  const heard: unknown[] = [];
  void connect(`${server.url}/echo`, (socket: Socket) => {
    socket.on("close", (code: number) => heard.push(code));
    socket.on("open", () => {
      vu.interrupted = true;
      for (const companion of vu.companions) setImmediate(() => companion.destroy());
    });
  });
  await server.closed(1);
  assert.deepEqual(server.closeCodes, [1001]);
  assert.deepEqual(heard, []);
  assert.deepEqual([...vu.companions], []);
});

/** `k6/websockets`; the expected texts, fields and orders were observed with k6 2.2.0. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  createExperimentalWebsockets,
  createWebsockets,
} from "../../../../src/k6/ws/websockets.ts";
import { startClient } from "../../../support/http-servers.ts";
import { TestVu } from "../../../support/k6-vu.ts";
import { startWsServer } from "../../../support/ws-server.ts";

type Event = Record<string, unknown>;
type Handler = ((event: Event) => unknown) | null | undefined;

interface Socket {
  readonly url: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly extensions: string[];
  readonly protocol: string;
  binaryType: string;
  onopen: Handler;
  onmessage: Handler;
  onerror: Handler;
  onclose: Handler;
  onping: Handler;
  onpong: Handler;
  addEventListener(type?: unknown, listener?: unknown): void;
  send(data?: unknown): void;
  ping(): void;
  close(code?: unknown, reason?: unknown): void;
}

interface BlobLike {
  toString(): string;
  size: number;
  type: string;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array>;
  slice(start?: number, end?: number, type?: string): BlobLike;
  stream(): { getReader(): { read(): Promise<{ value?: unknown; done: boolean }> } };
}

interface Module {
  WebSocket: new (url?: unknown, protocols?: unknown, params?: unknown) => Socket;
  Blob: new (parts?: unknown, options?: unknown) => BlobLike;
}

function startVu(t: TestContext): Module & { vu: TestVu } {
  const vu = new TestVu({ http: startClient(t) });
  return { vu, ...(createWebsockets(vu) as unknown as Module) };
}

/** Resolves when the iteration would end: no socket keeps it alive. */
async function idle(vu: TestVu): Promise<void> {
  while (vu.companions.size > 0) await new Promise((resolve) => setImmediate(resolve));
}

/** The events of a socket in a readable form. */
function listen(socket: Socket): unknown[] {
  const log: unknown[] = [];
  for (const type of ["open", "message", "error", "close", "ping", "pong"]) {
    socket.addEventListener(type, (event: Event) => {
      const { type: seen, target, timestamp, ...rest } = event;
      assert.equal(seen, type);
      assert.equal(target, socket);
      assert.equal(typeof timestamp, "number");
      log.push({ [type]: rest });
    });
  }
  return log;
}

const messageOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return "nothing was thrown";
};

test("refuses a bad url and bad params in k6's words, and every socket of the init context", (t) => {
  const { vu, WebSocket } = startVu(t);
  const url = "ws://127.0.0.1:1/";
  const refusals: [unknown[], string][] = [
    [[], "WebSocket requires a url"],
    [["http://x/"], 'WebSocket requires url with scheme ws or wss, but got "http"'],
    [["nope"], 'WebSocket requires url with scheme ws or wss, but got ""'],
    [[`${url}#x`], 'WebSocket requires no url fragment, but got "x"'],
    [
      [":"],
      'WebSocket requires valid url, but got ":" which resulted in parse ":": missing protocol scheme',
    ],
    [[url, null, { foo: 1 }], "unknown WebSocket's option foo"],
    [[url, null, "x"], "unknown WebSocket's option 0"],
    [
      [url, null, { tags: { a: [] } }],
      "invalid WebSocket tags option: invalid value for metric tag 'a': only String, Boolean and Number types are accepted as a metric tag values",
    ],
    [
      [url, null, { compression: "" }],
      "unsupported compression algorithm '', supported algorithm is 'deflate'",
    ],
  ];
  for (const [args, message] of refusals)
    assert.equal(
      messageOf(() => new WebSocket(...args)),
      `GoError: ${message}`,
    );
  vu.phase = "init";
  assert.equal(
    messageOf(() => new WebSocket(url)),
    "GoError: using websockets in the init context is not supported",
  );
});

test("has k6's members in k6's order, and refuses bad values for them", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const socket = new WebSocket(`${url}/proto`, ["a", "b"]);
  assert.deepEqual(Object.keys(socket), [
    "addEventListener",
    "send",
    "ping",
    "close",
    "url",
    "readyState",
    "bufferedAmount",
    "extensions",
    "protocol",
    "binaryType",
    "onmessage",
    "onerror",
    "onopen",
    "onclose",
    "onping",
    "onpong",
  ]);
  assert.equal(
    JSON.stringify(socket),
    `{"url":"${url}/proto","readyState":0,"bufferedAmount":0,"extensions":[],"protocol":"","binaryType":"blob"}`,
  );
  assert.equal(
    messageOf(() => Object.assign(socket, { url: "x" })),
    "TypeError: Cannot assign to read only property 'url'",
  );
  assert.equal(
    messageOf(() => Object.assign(socket, { binaryType: 5 })),
    'GoError: unknown binaryType 5, the supported ones are "blob" and "arraybuffer"',
  );
  assert.equal(
    messageOf(() => Object.assign(socket, { onopen: 5 })),
    "GoError: a value for 'onopen' should be callable",
  );
  assert.equal(typeof socket.onopen, "function");
  assert.equal(
    messageOf(() => socket.addEventListener("open")),
    'GoError: handler for event type "open" isn\'t a callable function',
  );
  assert.match(
    messageOf(() => socket.addEventListener("open", 5)),
    /^TypeError: could not convert/u,
  );
  socket.addEventListener("nope", () => undefined);
  assert.equal(vu.lines[0]?.message, "can't add event handler: unknown event type: nope");
  assert.equal(
    messageOf(() => socket.send("x")),
    "GoError: InvalidStateError",
  );
  assert.equal(
    messageOf(() => socket.ping()),
    "GoError: InvalidStateError",
  );
  const seen: unknown[] = [];
  socket.onopen = () => {
    seen.push(socket.readyState, socket.protocol);
    socket.close();
    seen.push(socket.readyState);
  };
  socket.onclose = () => seen.push(socket.readyState);
  await idle(vu);
  assert.deepEqual(seen, [1, "a", 2, 3]);
});

test("tells of everything the server does, in events with k6's fields", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const eventsOf = async (path: string, prepare?: (socket: Socket) => void): Promise<unknown[]> => {
    const socket = new WebSocket(url + path);
    const log = listen(socket);
    prepare?.(socket);
    await idle(vu);
    return log;
  };
  const open = { open: {} };
  const origin = `${url}/push`;
  assert.deepEqual(await eventsOf("/push"), [
    open,
    ...[0, 1, 2, 3, 4].map((i) => ({ message: { data: `m${i}`, origin } })),
    { close: { code: 1000, reason: "done" } },
  ]);
  assert.deepEqual(await eventsOf("/close?code=1001&reason=abc"), [
    open,
    { close: { code: 1001, reason: "abc" } },
  ]);
  assert.deepEqual(await eventsOf("/close?code=3005&reason=abc"), [
    open,
    { error: { error: "websocket: close 3005: abc" } },
    { close: { code: 3005, reason: "abc" } },
  ]);
  assert.deepEqual(await eventsOf("/nocode"), [
    open,
    { error: { error: "websocket: close 1005 (no status)" } },
    { close: { code: 1005, reason: "" } },
  ]);
  assert.deepEqual(await eventsOf("/terminate"), [
    open,
    { error: { error: "websocket: close 1006 (abnormal closure): unexpected EOF" } },
    { close: { code: 1006, reason: "unexpected EOF" } },
  ]);
  assert.deepEqual(await eventsOf("/badframe"), [open, { close: { reason: "" } }]);
  const closing = (socket: Socket): void => {
    socket.onping = () => socket.close();
    socket.onpong = () => socket.close(3001, "mine");
  };
  assert.deepEqual(await eventsOf("/ping", closing), [
    open,
    { ping: {} },
    { close: { code: 1000, reason: "" } },
  ]);
  assert.deepEqual(await eventsOf("/pong", closing), [
    open,
    { pong: {} },
    { error: { error: "websocket: close 3001: mine" } },
    { close: { code: 3001, reason: "mine" } },
  ]);
  assert.equal(vu.lines.at(-1)?.message, "received pong for unknown ping ID unasked");
  assert.deepEqual(vu.thrown, []);
});

test("tells of a dial that failed by an error and a close without code", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const failures: [string, string][] = [
    ["ws://127.0.0.1:1/", "dial tcp 127.0.0.1:1: connect: connection refused"],
    ["ws://u:p@127.0.0.1/", "malformed ws or wss URL"],
    [`${url}/401`, "websocket: bad handshake"],
    [`${url}/nowhere`, "unexpected EOF"],
  ];
  for (const [address, error] of failures) {
    const log = listen(new WebSocket(address));
    await idle(vu);
    assert.deepEqual(log, [{ error: { error } }, { close: { reason: "" } }]);
  }
  assert.deepEqual(vu.samplesOf("ws_session_duration"), []);
  assert.equal(vu.samplesOf("ws_sessions").length, 4);
});

test("checks codes and reasons of close, and keeps a close that comes before the open", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const socket = new WebSocket(`${url}/echo`);
  socket.onopen = () => {
    for (const code of [1001, 999, 5000, 2999]) {
      assert.equal(
        messageOf(() => socket.close(code)),
        "GoError: InvalidAccessError: Failed to execute 'close' on 'WebSocket': " +
          `The close code must be either 1000, or between 3000 and 4999. ${code} is neither`,
      );
    }
    assert.equal(
      messageOf(() => socket.close(3000, "é".repeat(62))),
      "GoError: SyntaxError: Failed to execute 'close' on 'WebSocket': The message must not be greater than 123 bytes",
    );
    assert.equal(socket.readyState, 1);
    socket.close("x", null);
    socket.close(7);
    assert.equal(
      messageOf(() => socket.send("x")),
      "GoError: InvalidStateError",
    );
  };
  const log = listen(socket);
  await idle(vu);
  assert.deepEqual(log, [{ open: {} }, { close: { code: 1000, reason: "" } }]);
  const early = new WebSocket(`${url}/echo`);
  const heard = listen(early);
  early.close("3000", 5);
  assert.equal(early.readyState, 2);
  await idle(vu);
  assert.deepEqual(heard, [
    { error: { error: "websocket: close 3000: 5" } },
    { close: { code: 3000, reason: "5" } },
  ]);
  assert.deepEqual(vu.thrown, []);
});

test("sends text, buffers and typed arrays, counts what is buffered, and names what it cannot send", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, WebSocket, Blob } = startVu(t);
  const socket = new WebSocket(`${url}/echo`);
  socket.binaryType = "arraybuffer";
  const problems: string[] = [];
  const received: unknown[] = [];
  socket.onopen = () => {
    for (const value of [undefined, null, 1, 1.5, {}, [], true, 1n, new Map(), new Blob(["a"])])
      problems.push(messageOf(() => socket.send(value)));
    socket.send("é");
    assert.equal(socket.bufferedAmount, 2);
    socket.send(new Uint8Array([1, 2, 3]).subarray(1));
    assert.equal(socket.bufferedAmount, 4);
    socket.send(new Uint8Array([9]).buffer);
  };
  socket.onmessage = ({ data }) => {
    received.push(typeof data === "string" ? data : [...new Uint8Array(data as ArrayBuffer)]);
    if (received.length === 3) socket.close();
  };
  await idle(vu);
  assert.deepEqual(received, ["é", [2, 3], [9]]);
  assert.equal(socket.bufferedAmount, 0);
  const types =
    "<nil> <nil> int64 float64 map[string]interface+{} []interface+{} bool *big.Int [][2]interface+{} map[string]interface+{}";
  assert.deepEqual(
    problems,
    types.split(" ").map((type) => `GoError: unsupported send type ${type.replace("+", " ")}`),
  );
});

test("binary messages are blobs unless the script wants buffers", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const socket = new WebSocket(`${url}/binary`);
  let blob: BlobLike | undefined;
  socket.onmessage = ({ data }) => {
    blob = data as BlobLike;
    socket.close();
  };
  await idle(vu);
  assert.equal(blob!.toString(), "[object Blob]");
  assert.deepEqual([...(await blob!.bytes())], [1, 2, 3]);
});

test("listeners run one after the other, the handler first, and a blocked one delays all the rest", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const socket = new WebSocket(`${url}/push`);
  const log: string[] = [];
  socket.addEventListener("message", ({ data }: Event) => log.push(`listener ${String(data)}`));
  socket.onmessage = ({ data }) => {
    log.push(`handler ${String(data)}`);
    return vu.block(
      new Promise((resolve) =>
        setImmediate(() => {
          log.push(`handler ${String(data)} ends`);
          resolve(undefined);
        }),
      ),
    );
  };
  socket.onclose = () => log.push("close");
  await idle(vu);
  const of = (i: number): string[] => [`handler m${i}`, `handler m${i} ends`, `listener m${i}`];
  assert.deepEqual(log, [...[0, 1, 2, 3, 4].flatMap(of), "close"]);
});

test("a listener that throws ends its socket by error and close, and then the iteration with all other sockets", async (t) => {
  const server = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const other = new WebSocket(`${server.url}/echo`);
  const heardByOther = listen(other);
  other.onopen = () => {
    const socket = new WebSocket(`${server.url}/push`);
    heard = listen(socket);
    socket.onmessage = () => {
      throw new Error("boom");
    };
  };
  let heard: unknown[] = [];
  await idle(vu);
  assert.deepEqual(
    vu.thrown.map((error) => (error as Error).message),
    ["boom"],
  );
  assert.deepEqual(heard, [
    { open: {} },
    { error: { error: "Error: boom" } },
    { close: { reason: "" } },
  ]);
  assert.deepEqual(heardByOther, [{ open: {} }, { close: { code: 1000, reason: "" } }]);
  await server.closed(2);
  assert.deepEqual(
    server.closeCodes.toSorted((a, b) => a - b),
    [1000, 1006],
  );
});

test("what a handler of error or close throws is the iteration's, and nothing else is told", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const fail = (): never => {
    throw new Error("late");
  };
  const closing = new WebSocket(`${url}/push`);
  closing.onclose = fail;
  await idle(vu);
  const failing = new WebSocket("ws://127.0.0.1:1/");
  failing.onerror = fail;
  failing.onclose = () => assert.fail("close was told");
  await idle(vu);
  assert.equal(vu.thrown.length, 2);
});

test("an abandoned VU closes its sockets with 1000, open or not, and the script hears nothing", async (t) => {
  const server = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const socket = new WebSocket(`${server.url}/echo`);
  const log = listen(socket);
  const dialling = listen(new WebSocket("ws://127.0.0.1:1/"));
  await new Promise<void>((resolve) => {
    socket.onopen = () => setImmediate(resolve);
  });
  vu.interrupted = true;
  for (const companion of vu.companions) companion.destroy();
  await server.closed(1);
  assert.deepEqual(server.closeCodes, [1000]);
  assert.deepEqual(log, [{ open: {} }]);
  assert.ok(dialling.length <= 2);
  assert.equal(vu.samplesOf("ws_session_duration").length, 0);
});

test("records k6's samples with k6's tags: a close and a ping are messages sent, a name stands for the url", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const run = async (params: object | null): Promise<void> => {
    vu.samples.length = 0;
    const socket = new WebSocket(`${url}/echo`, null, params);
    socket.onopen = () => {
      socket.ping();
      socket.send("x");
    };
    let heard = 0;
    socket.onmessage = socket.onpong = () => {
      if (++heard === 2) socket.close();
    };
    await idle(vu);
  };
  await run({ tags: { mine: "1" } });
  const count = (metric: string): number => vu.samplesOf(metric).length;
  assert.equal(count("ws_msgs_sent"), 3);
  assert.equal(count("ws_msgs_received"), 1);
  assert.equal(count("ws_ping"), 1);
  assert.equal(count("ws_sessions"), 1);
  assert.equal(count("ws_connecting"), 1);
  assert.equal(count("ws_session_duration"), 1);
  const own = { group: "", scenario: "browse", status: "101", subproto: "" };
  const address = `${url}/echo`;
  for (const { tags } of vu.samples) {
    assert.deepEqual(tags, { ...own, mine: "1", name: address, url: address });
  }
  assert.ok(vu.sentBytes > 150 && vu.receivedBytes > 100);
  await run({ tags: { name: "N", url: "U" } });
  for (const { tags } of vu.samples) assert.deepEqual(tags, { ...own, name: "N", url: "N" });
});

test("subprotocols, extensions and params reach the handshake", async (t) => {
  const { url } = await startWsServer(t);
  const { vu, WebSocket } = startVu(t);
  const socket = new WebSocket(`${url}/headers`, "only", {
    headers: { "X-A": 1 },
    tags: null,
    jar: 5,
  });
  let headers: string[] = [];
  socket.onmessage = ({ data }) => {
    headers = JSON.parse(String(data)) as string[];
    socket.close();
  };
  await idle(vu);
  assert.equal(headers[headers.indexOf("Sec-WebSocket-Protocol") + 1], "only");
  assert.equal(headers[headers.indexOf("X-A") + 1], "1");
  const deflating = new WebSocket(`${url}/deflate`, null, { compression: "deflate" });
  let echoed: unknown;
  deflating.onopen = () => deflating.send("hello hello hello");
  deflating.onmessage = ({ data }) => {
    echoed = data;
    deflating.close();
  };
  await idle(vu);
  assert.equal(echoed, "hello hello hello");
  assert.deepEqual(deflating.extensions, [
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
  ]);
});

test("a blob gives its bytes in every form, slices, and names the parts that it cannot take", async (t) => {
  const { Blob } = startVu(t);
  const blob = new Blob(["a", new Uint8Array([66]), new Uint8Array([67]).buffer], { type: "t/x" });
  assert.deepEqual(Object.keys(blob), [
    "size",
    "type",
    "arrayBuffer",
    "bytes",
    "slice",
    "text",
    "stream",
  ]);
  assert.equal(blob.size, 3);
  assert.equal(blob.type, "t/x");
  assert.equal(await blob.text(), "aBC");
  assert.deepEqual([...new Uint8Array(await blob.arrayBuffer())], [97, 66, 67]);
  assert.equal(await blob.slice(1, 2).text(), "B");
  assert.equal(blob.slice(1).size, 2);
  const reader = blob.stream().getReader();
  assert.deepEqual({ ...(await reader.read()) }, { value: "aBC", done: false });
  assert.equal(new Blob().size, 0);
  assert.equal(new Blob([new Blob(["in"])]).size, 2);
  const problem = (what: string): string => `GoError: failed to process [blobParts]: ${what}`;
  assert.equal(
    messageOf(() => new Blob("abc")),
    problem("could not convert abc to []interface {}"),
  );
  assert.equal(
    messageOf(() => new Blob([1])),
    problem("unsupported type: int64"),
  );
  assert.equal(
    messageOf(() => new Blob([null])),
    problem("unsupported type: <nil>"),
  );
  assert.equal(
    messageOf(() => new Blob([{}])),
    problem("unsupported type: map[string]interface {}"),
  );
});

test("the experimental name warns once a worker that it is deprecated", () => {
  const vu = new TestVu();
  createExperimentalWebsockets(vu);
  createExperimentalWebsockets(vu);
  assert.deepEqual(
    vu.lines.map(({ level, message }) => [level, message]),
    [
      [
        "warning",
        "k6/experimental/websockets is deprecated and will be removed in a future release. Please use k6/websockets instead.",
      ],
    ],
  );
});

/**
 * What a broken server makes of a request: statuses, error codes and texts as k6 2.2 gave them for the same frames from
 * the same kind of server, except where a line says otherwise. And whether the connection may live on.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { authorityPem } from "../../../support/http-certificates.ts";
import { get, startClient } from "../../../support/http-servers.ts";
import {
  ack,
  data,
  endHeaders,
  endStream,
  frame,
  frameTypes,
  goAway,
  headerBlock,
  headers,
  okResponse,
  padded,
  priorityFlag,
  rstStream,
  settingEntry,
  settings,
  startHttp2Peer,
  uint32,
  windowUpdate,
} from "../../../support/http2-peer.ts";
import type { PeerConnection } from "../../../support/http2-peer.ts";

/** What the first request meets. */
type Answer = (connection: PeerConnection, id: number) => void;

interface Fault {
  readonly title: string;
  readonly answer: (id: number) => Buffer;
  readonly code: number;
  readonly message: string;
  readonly body?: string | undefined;
}

const withEnd = endHeaders | endStream;
const streamText = "http2: stream error with http2 ErrCode ";
const connectionText = "http2: connection error with http2 ErrCode ";
const partOf = (id: number, length?: string): Buffer =>
  Buffer.concat([
    headers(id, [
      [":status", "200"],
      ...(length === undefined ? [] : ([["content-length", length]] as const)),
    ]),
    data(id, "part", 0),
  ]);

/** The server resets the stream. 1 and 7 are repeated and stand in another test. */
const resets: readonly (readonly [code: number, expected: number, name: string])[] = [
  [0, 1_631, "NO_ERROR"],
  [2, 1_633, "INTERNAL_ERROR"],
  [3, 1_634, "FLOW_CONTROL_ERROR"],
  [4, 1_635, "SETTINGS_TIMEOUT"],
  [5, 1_636, "STREAM_CLOSED"],
  [6, 1_637, "FRAME_SIZE_ERROR"],
  [8, 1_639, "CANCEL"],
  [9, 1_640, "COMPRESSION_ERROR"],
  [10, 1_641, "CONNECT_ERROR"],
  [11, 1_642, "ENHANCE_YOUR_CALM"],
  [12, 1_643, "INADEQUATE_SECURITY"],
  [13, 1_644, "HTTP_1_1_REQUIRED"],
  [14, 1_630, "unknown error code 0xe"],
  [99, 1_630, "unknown error code 0x63"],
];

/** A stream error: 1632 unless said otherwise. */
function malformed(title: string, answer: (id: number) => Buffer): Fault {
  return { title, answer, code: 1_632, message: `${streamText}PROTOCOL_ERROR` };
}

const streamFaults: readonly Fault[] = [
  ...resets.flatMap(([code, expected, name]): Fault[] => [
    {
      title: `RST_STREAM ${code} before the head`,
      answer: (id) => rstStream(id, code),
      code: expected,
      message: streamText + name,
    },
    {
      title: `RST_STREAM ${code} inside the body`,
      answer: (id) => Buffer.concat([partOf(id), rstStream(id, code)]),
      code: expected,
      message: streamText + name,
      body: "part",
    },
  ]),
  malformed("data before the head", (id) => data(id, "x", 0)),
  malformed("the end of the stream before the head", (id) => data(id, "")),
  malformed("no status", (id) => headers(id, [["a", "b"]], withEnd)),
  malformed("a status that is no number", (id) => headers(id, [[":status", "abc"]], withEnd)),
  malformed("two statuses", (id) =>
    headers(
      id,
      [
        [":status", "200"],
        [":status", "200"],
      ],
      withEnd,
    ),
  ),
  malformed("a pseudo-header after a field", (id) =>
    headers(
      id,
      [
        ["a", "b"],
        [":status", "200"],
      ],
      withEnd,
    ),
  ),
  malformed("an unknown pseudo-header", (id) =>
    headers(
      id,
      [
        [":status", "200"],
        [":foo", "x"],
      ],
      withEnd,
    ),
  ),
  malformed("a pseudo-header of requests", (id) =>
    headers(
      id,
      [
        [":status", "200"],
        [":path", "/x"],
      ],
      withEnd,
    ),
  ),
  malformed("an upper-case name", (id) =>
    headers(
      id,
      [
        [":status", "200"],
        ["Aaa", "x"],
      ],
      withEnd,
    ),
  ),
  malformed("a name with a blank", (id) =>
    headers(
      id,
      [
        [":status", "200"],
        ["a b", "x"],
      ],
      withEnd,
    ),
  ),
  malformed("an empty name", (id) =>
    headers(
      id,
      [
        [":status", "200"],
        ["", "x"],
      ],
      withEnd,
    ),
  ),
  malformed("a line feed in a value", (id) =>
    headers(
      id,
      [
        [":status", "200"],
        ["a", "x\ny"],
      ],
      withEnd,
    ),
  ),
  malformed("a NUL in a value", (id) =>
    headers(
      id,
      [
        [":status", "200"],
        ["a", "x\0y"],
      ],
      withEnd,
    ),
  ),
  malformed("an interim head that ends the stream", (id) =>
    headers(id, [[":status", "103"]], withEnd),
  ),
  malformed("interim heads without end (k6 stops earlier)", (id) =>
    Buffer.concat(Array.from({ length: 200 }, () => headers(id, [[":status", "103"]]))),
  ),
  malformed("a window update of 0 for the stream", (id) => windowUpdate(id, 0)),
  {
    title: "a stream window above 2^31-1 (k6 hangs)",
    answer: (id) => Buffer.concat([windowUpdate(id, 0x7fff_ffff), windowUpdate(id, 0x7fff_ffff)]),
    code: 1_634,
    message: `${streamText}FLOW_CONTROL_ERROR`,
  },
  {
    title: "more data than Content-Length",
    answer: (id) =>
      Buffer.concat([
        headers(id, [
          [":status", "200"],
          ["content-length", "1"],
        ]),
        data(id, "abc"),
      ]),
    code: 1_000,
    message: "net/http: server replied with more than declared Content-Length; truncated",
    body: "a",
  },
  {
    title: "less data than Content-Length",
    answer: (id) =>
      Buffer.concat([
        headers(id, [
          [":status", "200"],
          ["content-length", "10"],
        ]),
        data(id, "abc"),
      ]),
    code: 1_000,
    message: "unexpected EOF",
    body: "abc",
  },
  {
    title: "Content-Length and no data at all",
    answer: (id) =>
      headers(
        id,
        [
          [":status", "200"],
          ["content-length", "10"],
        ],
        withEnd,
      ),
    code: 1_000,
    message: "unexpected EOF",
    body: "",
  },
];

/** A connection error: 1652 unless said otherwise. */
function broken(title: string, answer: (id: number) => Buffer, body?: string): Fault {
  return { title, answer, code: 1_652, message: `${connectionText}PROTOCOL_ERROR`, body };
}

function badSize(title: string, answer: () => Buffer): Fault {
  return { title, answer, code: 1_657, message: `${connectionText}FRAME_SIZE_ERROR` };
}

function badBlock(title: string, block: readonly number[]): Fault {
  return {
    title,
    answer: (id) =>
      frame({ type: frameTypes.headers, flags: endHeaders, id }, Uint8Array.from(block)),
    code: 1_660,
    message: `${connectionText}COMPRESSION_ERROR`,
  };
}

function badWindow(title: string, answer: () => Buffer): Fault {
  return { title, answer, code: 1_654, message: `${connectionText}FLOW_CONTROL_ERROR` };
}

const { ping, pushPromise, continuation, priority, windowUpdate: windowUpdateType } = frameTypes;
const someHead = headerBlock([[":status", "200"]]);

const connectionFaults: readonly Fault[] = [
  {
    // The stream failed; but as in Go nothing is sent any more to a server that finds faults with the protocol.
    title: "RST_STREAM 1 inside the body",
    answer: (id) => Buffer.concat([partOf(id), rstStream(id, 1)]),
    code: 1_632,
    message: `${streamText}PROTOCOL_ERROR`,
    body: "part",
  },
  {
    title: "a frame above 16,384 octets",
    answer: (id) => frame({ type: frameTypes.data, id }, Buffer.alloc(20_000)),
    code: 1_000,
    message: "http2: frame too large",
  },
  {
    title: "HTTP/1.1 in the middle",
    answer: () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"),
    code: 1_000,
    message: "http2: frame too large",
  },
  broken("DATA on stream 0", () => data(0, "xx", 0)),
  broken("DATA on a stream that was never opened", () => data(101, "x", 0)),
  broken("a window update of 0 for the connection", () => windowUpdate(0, 0)),
  broken("PUSH_PROMISE", (id) =>
    frame({ type: pushPromise, flags: endHeaders, id }, Buffer.concat([uint32(2), someHead])),
  ),
  broken("CONTINUATION without HEADERS", (id) =>
    frame({ type: continuation, flags: endHeaders, id }, someHead),
  ),
  broken("another frame inside a header block", (id) =>
    Buffer.concat([
      frame({ type: frameTypes.headers, id }, someHead),
      frame({ type: ping }, Buffer.alloc(8)),
    ]),
  ),
  broken("DATA inside a header block", (id) =>
    Buffer.concat([frame({ type: frameTypes.headers, id }, someHead), data(id, "x")]),
  ),
  broken("CONTINUATION of another stream", (id) =>
    Buffer.concat([
      frame({ type: frameTypes.headers, id }, someHead),
      frame({ type: continuation, flags: endHeaders, id: id + 2 }, someHead),
    ]),
  ),
  broken("PING on a stream", () => frame({ type: ping, id: 1 }, Buffer.alloc(8))),
  broken("SETTINGS on a stream", () => frame({ type: frameTypes.settings, id: 1 })),
  broken("RST_STREAM on stream 0", () => rstStream(0, 8)),
  broken("GOAWAY on a stream", () => frame({ type: frameTypes.goAway, id: 1 }, uint32(0, 0))),
  broken("HEADERS on stream 0", () =>
    frame({ type: frameTypes.headers, flags: endHeaders }, someHead),
  ),
  broken("SETTINGS with a maximum frame size of 100", () => settings(settingEntry(5, 100))),
  broken("SETTINGS with a maximum frame size of 2^24", () => settings(settingEntry(5, 2 ** 24))),
  broken(
    "trailers with a pseudo-header",
    (id) => Buffer.concat([partOf(id), headers(id, [[":status", "200"]], withEnd)]),
    "part",
  ),
  broken(
    "trailers that do not end the stream",
    (id) => Buffer.concat([partOf(id), headers(id, [["x-t", "1"]])]),
    "part",
  ),
  broken(
    "more padding than payload",
    (id) =>
      Buffer.concat([
        headers(id, [[":status", "200"]]),
        frame({ type: frameTypes.data, flags: padded | endStream, id }, Uint8Array.of(9, 1, 2)),
      ]),
    "",
  ),
  broken(
    "padded DATA without a payload",
    (id) =>
      Buffer.concat([
        headers(id, [[":status", "200"]]),
        frame({ type: frameTypes.data, flags: padded, id }),
      ]),
    "",
  ),
  {
    // k6 keeps the connection, whose tables then differ.
    title: "HEADERS with more padding than payload",
    answer: (id) =>
      frame({ type: frameTypes.headers, flags: withEnd | padded, id }, Uint8Array.of(9, 1, 2)),
    code: 1_632,
    message: `${streamText}PROTOCOL_ERROR`,
  },
  badSize("RST_STREAM of 3 octets", () =>
    frame({ type: frameTypes.rstStream, id: 1 }, Buffer.alloc(3)),
  ),
  badSize("PING of 3 octets", () => frame({ type: ping }, Buffer.alloc(3))),
  badSize("SETTINGS of 5 octets", () => frame({ type: frameTypes.settings }, Buffer.alloc(5))),
  badSize("an acknowledgement with a payload", () =>
    frame({ type: frameTypes.settings, flags: ack }, Buffer.alloc(6)),
  ),
  badSize("PRIORITY of 1 octet", () => frame({ type: priority, id: 1 }, Buffer.alloc(1))),
  badSize("GOAWAY of 4 octets", () => frame({ type: frameTypes.goAway }, Buffer.alloc(4))),
  badSize("WINDOW_UPDATE of 5 octets", () => frame({ type: windowUpdateType }, Buffer.alloc(5))),
  badWindow("a connection window above 2^31-1", () =>
    Buffer.concat([windowUpdate(0, 0x7fff_ffff), windowUpdate(0, 0x7fff_ffff)]),
  ),
  badWindow("SETTINGS with a window above 2^31-1", () => settings(settingEntry(4, 0x8000_0000))),
  badBlock("an index beyond the table", [0xff, 0x80, 0x01]),
  badBlock("index 0", [0x80]),
  badBlock("a block that is cut", [0x00, 0x05, 0x61]),
];

async function failWith(t: Parameters<typeof startClient>[0], answer: Answer) {
  const peer = await startHttp2Peer(t, {
    onRequest: (connection, id, count) => {
      if (count === 1) answer(connection, id);
      else connection.write(okResponse(id));
    },
  });
  const client = startClient(t, { extraCaPem: authorityPem });
  const exchange = await client.send(get(`${peer.url}/x`));
  return { peer, exchange, next: await client.send(get(`${peer.url}/x`)) };
}

function summaryOf(exchange: Awaited<ReturnType<typeof failWith>>["exchange"]): readonly unknown[] {
  const { status, proto, failure, headers: fields, body } = exchange;
  const text = body === undefined ? undefined : Buffer.from(body).toString();
  return [status, proto, failure?.code, failure?.message, fields.length, text];
}

describe("an error of one request, after which the connection lives on:", () => {
  for (const { title, answer, code, message, body } of streamFaults) {
    test(title, async (t) => {
      const { peer, exchange, next } = await failWith(t, (one, id) => one.write(answer(id)));
      assert.deepEqual(summaryOf(exchange), [0, "", code, message, 0, body]);
      assert.deepEqual([next.status, next.failure, peer.connections.length], [200, undefined, 1]);
    });
  }
});

describe("an error of the connection, which is closed:", () => {
  for (const { title, answer, code, message, body } of connectionFaults) {
    test(title, async (t) => {
      const { peer, exchange, next } = await failWith(t, (one, id) => one.write(answer(id)));
      assert.deepEqual(summaryOf(exchange), [0, "", code, message, 0, body]);
      assert.deepEqual([next.status, next.failure, peer.connections.length], [200, undefined, 2]);
    });
  }

  test("the server is told why", async (t) => {
    const { peer } = await failWith(t, (one) => one.write(windowUpdate(0, 0)));
    const { frames } = peer.connections[0]!;
    const isTold = (): boolean => frames.some(({ type }) => type === frameTypes.goAway);
    while (!isTold()) await new Promise(setImmediate);
    assert.equal(frames.at(-1)?.payload.toString("hex"), "0000000000000001");
  });

  test("the server does not begin with SETTINGS", async (t) => {
    const first = frame({ type: ping }, Buffer.alloc(8));
    const peer = await startHttp2Peer(t, { first });
    const exchange = await startClient(t, { extraCaPem: authorityPem }).send(get(peer.url));
    assert.equal(exchange.failure?.message, `${connectionText}PROTOCOL_ERROR`);
  });
});

describe("the end of the connection", () => {
  for (const [title, answer, code, message, body] of [
    ["FIN before the head", (one) => one.socket.end(), 1_000, "unexpected EOF", undefined],
    [
      "FIN inside a counted body",
      (one, id) => one.socket.end(partOf(id, "10")),
      1_000,
      "unexpected EOF",
      "part",
    ],
    [
      "FIN inside a body without a length",
      (one, id) => one.socket.end(partOf(id)),
      1_000,
      "unexpected EOF",
      "part",
    ],
    [
      "GOAWAY 0 that promised an answer, then FIN",
      (one, id) => one.socket.end(goAway(id, 0)),
      1_611,
      "http2: received GoAway with http2 ErrCode NO_ERROR",
      undefined,
    ],
    [
      "GOAWAY 2 that promised an answer, then FIN",
      (one, id) => one.socket.end(goAway(id, 2)),
      1_613,
      "http2: received GoAway with http2 ErrCode INTERNAL_ERROR",
      undefined,
    ],
    [
      "GOAWAY 99 that promised an answer, then FIN",
      (one, id) => one.socket.end(goAway(id, 99)),
      1_610,
      "http2: received GoAway with http2 ErrCode unknown error code 0x63",
      undefined,
    ],
    [
      "GOAWAY 11 that did not look at the request",
      (one) => one.write(goAway(0, 11)),
      1_000,
      "http2: Transport received GOAWAY from server ErrCode:ENHANCE_YOUR_CALM",
      undefined,
    ],
    [
      "GOAWAY 99 that did not look at the request",
      (one) => one.write(goAway(0, 99)),
      1_000,
      "http2: Transport received GOAWAY from server ErrCode:unknown error code 0x63",
      undefined,
    ],
  ] as const satisfies readonly (readonly [string, Answer, number, string, string | undefined])[]) {
    test(title, async (t) => {
      const { peer, exchange, next } = await failWith(t, answer);
      assert.deepEqual(summaryOf(exchange), [0, "", code, message, 0, body]);
      assert.deepEqual([next.status, peer.connections.length], [200, 2]);
    });
  }
});

describe("what is not an error:", () => {
  for (const [title, answer, expected] of [
    ["status 42", (id) => headers(id, [[":status", "42"]], withEnd), [42, "", ""]],
    [
      "a status without a phrase",
      (id) => headers(id, [[":status", "299"]], withEnd),
      [299, "", ""],
    ],
    [
      "connection-specific fields",
      (id) =>
        headers(
          id,
          [
            [":status", "200"],
            ["connection", "close"],
          ],
          withEnd,
        ),
      [200, "OK", ""],
    ],
    [
      "a Content-Length that is no number",
      (id) =>
        Buffer.concat([
          headers(id, [
            [":status", "200"],
            ["content-length", "x"],
          ]),
          data(id, "abc"),
        ]),
      [200, "OK", "abc"],
    ],
    [
      "two Content-Lengths",
      (id) =>
        Buffer.concat([
          headers(id, [
            [":status", "200"],
            ["content-length", "3"],
            ["content-length", "4"],
          ]),
          data(id, "abc"),
        ]),
      [200, "OK", "abc"],
    ],
    [
      "304 with a Content-Length",
      (id) =>
        headers(
          id,
          [
            [":status", "304"],
            ["content-length", "10"],
          ],
          withEnd,
        ),
      [304, "Not Modified", undefined],
    ],
    [
      "204 with data",
      (id) => Buffer.concat([headers(id, [[":status", "204"]]), data(id, "abc")]),
      [204, "No Content", undefined],
    ],
    [
      "interim heads, 101 among them",
      (id) =>
        Buffer.concat([
          headers(id, [
            [":status", "103"],
            ["link", "x"],
          ]),
          headers(id, [[":status", "101"]]),
          okResponse(id),
        ]),
      [200, "OK", "ok"],
    ],
    [
      "trailers",
      (id) => Buffer.concat([partOf(id), headers(id, [["x-t", "1"]], withEnd)]),
      [200, "OK", "part"],
    ],
    [
      "unknown frames, PRIORITY, PING, an update of the window",
      (id) =>
        Buffer.concat([
          frame({ type: 99, flags: 255, id }, "x"),
          frame({ type: priority, id }, Buffer.concat([uint32(id), Buffer.from([1])])),
          frame({ type: ping }, Buffer.alloc(8)),
          windowUpdate(0, 1),
          windowUpdate(id, 1),
          okResponse(id),
        ]),
      [200, "OK", "ok"],
    ],
    [
      "a head with a priority and padding",
      (id) =>
        frame(
          { type: frameTypes.headers, flags: withEnd | padded | priorityFlag, id },
          Buffer.concat([Buffer.of(3, 0, 0, 0, 0, 15), someHead, Buffer.alloc(3)]),
        ),
      [200, "OK", ""],
    ],
    [
      "RST_STREAM after the end",
      (id) => Buffer.concat([okResponse(id), rstStream(id, 0)]),
      [200, "OK", "ok"],
    ],
    [
      "DATA after the end",
      (id) => Buffer.concat([okResponse(id), data(id, "x", 0)]),
      [200, "OK", "ok"],
    ],
    [
      "GOAWAY that promises an answer, and the answer",
      (id) => Buffer.concat([goAway(id, 2), okResponse(id)]),
      [200, "OK", "ok"],
    ],
    [
      "a head in many CONTINUATION frames",
      (id) =>
        Buffer.concat([
          frame({ type: frameTypes.headers, flags: endStream, id }, someHead.subarray(0, 3)),
          ...Array.from(someHead.subarray(3), (octet) =>
            frame({ type: continuation, id }, Uint8Array.of(octet)),
          ),
          frame({ type: continuation, flags: endHeaders, id }),
        ]),
      [200, "OK", ""],
    ],
    [
      "a head of 300 KB",
      (id) => {
        const block = headerBlock([
          [":status", "200"],
          ...Array.from({ length: 30 }, (_, index) => [`x-${index}`, "v".repeat(10_000)] as const),
        ]);
        const parts: Buffer[] = [];
        for (let at = 0; at < block.length; at += 16_384) {
          const type = at === 0 ? frameTypes.headers : continuation;
          const isLast = at + 16_384 >= block.length;
          const flags = (at === 0 ? endStream : 0) | (isLast ? endHeaders : 0);
          parts.push(frame({ type, flags, id }, block.subarray(at, at + 16_384)));
        }
        return Buffer.concat(parts);
      },
      [200, "OK", ""],
    ],
  ] as const satisfies readonly (readonly [
    string,
    (id: number) => Buffer,
    readonly [number, string, string | undefined],
  ])[]) {
    test(title, async (t) => {
      const { exchange, next } = await failWith(t, (one, id) => one.write(answer(id)));
      const { status, statusText, failure, body } = exchange;
      assert.equal(failure, undefined);
      const text = body === undefined ? undefined : Buffer.from(body).toString();
      assert.deepEqual([status, statusText, text], expected);
      assert.equal(next.status, 200);
    });
  }
});

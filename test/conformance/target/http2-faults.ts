/** An HTTP/2 server that breaks the protocol: the path says how. Frame by frame, as no library would send them. */
import { BlockMemo, HpackDecoder } from "../../../src/http/h2/hpack-decoder.ts";
import {
  data,
  endHeaders,
  endStream,
  frame,
  frameTypes,
  goAway,
  headers,
  okResponse,
  padded,
  rstStream,
  settings,
  startHttp2Peer,
  windowUpdate,
  type PeerConnection,
} from "../../support/http2-peer.ts";

/** Answers the request on stream `id`; `code` is the number after the path's first part. */
type Fault = (connection: PeerConnection, id: number, code: number) => void;

const ended = endHeaders | endStream;
const ok = [":status", "200"] as const;

function partOf(id: number, ...more: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat([headers(id, [ok, ...more]), data(id, "part", 0)]);
}

const faults: Readonly<Record<string, Fault>> = {
  ok: (connection, id) => connection.write(okResponse(id)),
  reset: (connection, id, code) => connection.write(rstStream(id, code)),
  "reset-body": (connection, id, code) => connection.write(partOf(id), rstStream(id, code)),
  goaway: (connection, _id, code) => connection.write(goAway(0, code)),
  "goaway-end": (connection, id, code) => connection.socket.end(goAway(id, code)),
  "goaway-answer": (connection, id, code) => connection.write(goAway(id, code), okResponse(id)),
  end: (connection) => connection.socket.end(),
  "end-body": (connection, id) => connection.socket.end(partOf(id)),
  "too-large": (connection, id) =>
    connection.write(frame({ type: frameTypes.data, id }, Buffer.alloc(20_000))),
  "data-first": (connection, id) => connection.write(data(id, "x", 0)),
  "data-zero": (connection) => connection.write(data(0, "x", 0)),
  "window-zero": (connection, id) => connection.write(windowUpdate(id, 0)),
  "window-zero-all": (connection) => connection.write(windowUpdate(0, 0)),
  "bad-block": (connection, id) =>
    connection.write(
      frame({ type: frameTypes.headers, flags: endHeaders, id }, Uint8Array.of(0x80)),
    ),
  "bad-ping": (connection) => connection.write(frame({ type: frameTypes.ping }, "abc")),
  "bad-settings": (connection) => connection.write(frame({ type: frameTypes.settings }, "abcde")),
  "bad-padding": (connection, id) =>
    connection.write(
      headers(id, [ok]),
      frame({ type: frameTypes.data, flags: padded | endStream, id }, Uint8Array.of(9, 1)),
    ),
  push: (connection, id) =>
    connection.write(
      frame({ type: frameTypes.pushPromise, flags: endHeaders, id }, "\0\0\0\u0002"),
    ),
  "no-status": (connection, id) => connection.write(headers(id, [["a", "b"]], ended)),
  "text-status": (connection, id) => connection.write(headers(id, [[":status", "abc"]], ended)),
  "two-statuses": (connection, id) => connection.write(headers(id, [ok, ok], ended)),
  "late-status": (connection, id) => connection.write(headers(id, [["a", "b"], ok], ended)),
  "unknown-pseudo": (connection, id) => connection.write(headers(id, [ok, [":x", "y"]], ended)),
  "request-pseudo": (connection, id) => connection.write(headers(id, [ok, [":path", "/"]], ended)),
  "upper-case": (connection, id) => connection.write(headers(id, [ok, ["Aaa", "x"]], ended)),
  "bad-value": (connection, id) => connection.write(headers(id, [ok, ["a", "x\ny"]], ended)),
  "interim-end": (connection, id) => connection.write(headers(id, [[":status", "103"]], ended)),
  "trailer-status": (connection, id) => connection.write(partOf(id), headers(id, [ok], ended)),
  long: (connection, id) =>
    connection.write(headers(id, [ok, ["content-length", "1"]]), data(id, "abc")),
  short: (connection, id) =>
    connection.write(headers(id, [ok, ["content-length", "9"]]), data(id, "abc")),
  "two-lengths": (connection, id) =>
    connection.write(
      headers(id, [ok, ["content-length", "3"], ["content-length", "4"]]),
      data(id, "abc"),
    ),
  status: (connection, id, code) =>
    connection.write(headers(id, [[":status", String(code)]], ended)),
  interim: (connection, id) =>
    connection.write(
      headers(id, [
        [":status", "103"],
        ["link", "</x>"],
      ]),
      okResponse(id),
    ),
  trailers: (connection, id) =>
    connection.write(partOf(id), headers(id, [["x-trailer", "1"]], ended)),
  settings: (connection, id) => connection.write(settings(), okResponse(id)),
};

/** Starts the server. */
export async function startHttp2Faults(): Promise<{ port: number; close(): Promise<void> }> {
  const closers: (() => void)[] = [];
  const decoders = new WeakMap<PeerConnection, HpackDecoder>();
  const refused = new Set<string>();
  const peer = await startHttp2Peer(
    { after: (close) => closers.push(close) },
    {
      onFrame: (connection, { type, id, payload }) => {
        if (type !== frameTypes.headers) return;
        let decoder = decoders.get(connection);
        if (decoder === undefined) {
          decoder = new HpackDecoder(new BlockMemo(), 1_000_000);
          decoders.set(connection, decoder);
        }
        const fields = decoder.decode(payload, 0, payload.length)?.fields ?? [];
        const path = fields.find(([name]) => name === ":path")?.[1] ?? "/";
        const [, name = "", code = "0"] = path.split("/");
        if (name === "refuse-once" && !refused.has(path)) {
          refused.add(path); // each path once
          connection.write(rstStream(id, Number(code)));
          return;
        }
        (faults[name] ?? faults["ok"]!)(connection, id, Number(code));
      },
    },
  );
  return {
    port: Number(new URL(peer.url).port),
    close: async () => {
      for (const close of closers) close();
    },
  };
}

/**
 * An HTTP/2 server made by hand over TLS: sends exactly the frames it is told, also those that no honest server sends,
 * and keeps every frame it gets. Its header blocks are literals; those of the client are read with node's rules in mind:
 * literals and static indices, because the client under test uses no table.
 */
import { createServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { localhostCertificate } from "./http-certificates.ts";

/** Types and flags by their RFC 9113 numbers. */
export const frameTypes = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;
export const endStream = 1;
export const ack = 1;
export const endHeaders = 4;
export const padded = 8;
export const priorityFlag = 0x20;

export interface PeerFrame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

/** A frame as bytes; `length` may lie. */
export function frame(
  { type, flags = 0, id = 0 }: { type: number; flags?: number; id?: number },
  payload: Uint8Array | string = "",
  length?: number,
): Buffer {
  const body = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
  const head = Buffer.alloc(9);
  head.writeUIntBE(length ?? body.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id >>> 0, 5);
  return Buffer.concat([head, body]);
}

/** Numbers of four octets, one after the other. */
export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, 4 * index));
  return bytes;
}

/** An entry of SETTINGS. */
export function settingEntry(id: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([0, id]), uint32(value)]);
}

type Fields = readonly (readonly [name: string, value: string])[];

/** A header block of literals that the table does not take. */
export function headerBlock(fields: Fields): Buffer {
  const text = (value: string): Buffer =>
    Buffer.concat([Buffer.from(prefixed(0, 7, value.length)), Buffer.from(value, "latin1")]);
  return Buffer.concat(
    fields.map(([name, value]) => Buffer.concat([Buffer.from([0]), text(name), text(value)])),
  );
}

export function headers(id: number, fields: Fields, flags: number = endHeaders): Buffer {
  return frame({ type: frameTypes.headers, flags, id }, headerBlock(fields));
}

export function data(id: number, payload: Uint8Array | string, flags: number = endStream): Buffer {
  return frame({ type: frameTypes.data, flags, id }, payload);
}

/** 200 with a body of two octets. */
export function okResponse(id: number): Buffer {
  return Buffer.concat([
    headers(id, [
      [":status", "200"],
      ["content-length", "2"],
    ]),
    data(id, "ok"),
  ]);
}

export function goAway(lastId: number, code: number): Buffer {
  return frame({ type: frameTypes.goAway }, uint32(lastId, code));
}

export function rstStream(id: number, code: number): Buffer {
  return frame({ type: frameTypes.rstStream, id }, uint32(code));
}

export function settings(...entries: Buffer[]): Buffer {
  return frame({ type: frameTypes.settings }, Buffer.concat(entries));
}

export function windowUpdate(id: number, bytes: number): Buffer {
  return frame({ type: frameTypes.windowUpdate, id }, uint32(bytes));
}

/** One connection of the peer. */
export interface PeerConnection {
  readonly socket: TLSSocket;
  /** Counted from 0 over the server. */
  readonly index: number;
  /** All frames so far, in order. */
  readonly frames: PeerFrame[];
  write(...frames: Buffer[]): void;
}

export interface Http2Peer {
  readonly url: string;
  readonly connections: readonly PeerConnection[];
}

/** What a peer does. */
export interface PeerBehaviour {
  /** Sent at once; an empty SETTINGS when left out. */
  readonly first?: Buffer;
  /** Does not acknowledge settings by itself. */
  readonly onFrame?: (connection: PeerConnection, frame: PeerFrame) => void;
  /** A HEADERS frame has come; `count` is the number of requests over all connections, from 1. */
  readonly onRequest?: (connection: PeerConnection, id: number, count: number) => void;
}

const prefaceBytes = 24;

/** Starts a peer; it ends with `t`, a test or what has the like. */
export async function startHttp2Peer(
  t: { after(close: () => void): unknown },
  { first = settings(), onFrame, onRequest }: PeerBehaviour,
): Promise<Http2Peer> {
  const connections: PeerConnection[] = [];
  let requests = 0;
  const server = createServer({ ...localhostCertificate, ALPNProtocols: ["h2"] }, (socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => undefined); // the client under test may reset it
    const connection: PeerConnection = {
      socket,
      index: connections.length,
      frames: [],
      write: (...frames) => {
        if (!socket.destroyed) socket.write(Buffer.concat(frames));
      },
    };
    connections.push(connection);
    connection.write(first);
    readFrames(socket, (received) => {
      connection.frames.push(received);
      onFrame?.(connection, received);
      if (received.type === frameTypes.headers) onRequest?.(connection, received.id, ++requests);
    });
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => {
    for (const { socket } of connections) socket.destroy();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, connections };
}

/** The payload of the client's frames of a type on a stream, together. */
export function payloadOf(connection: PeerConnection, type: number, id: number): Buffer {
  return Buffer.concat(
    connection.frames.filter((one) => one.type === type && one.id === id).map((one) => one.payload),
  );
}

function readFrames(socket: TLSSocket, onFrame: (frame: PeerFrame) => void): void {
  let received: Buffer = Buffer.alloc(0);
  let isOpened = false;
  socket.on("data", (piece) => {
    received = Buffer.concat([received, piece]);
    if (!isOpened) {
      if (received.length < prefaceBytes) return;
      isOpened = true;
      received = received.subarray(prefaceBytes);
    }
    while (received.length >= 9) {
      const end = 9 + received.readUIntBE(0, 3);
      if (received.length < end) return;
      const one: PeerFrame = {
        type: received[3]!,
        flags: received[4]!,
        id: received.readUInt32BE(5) & 0x7fff_ffff,
        payload: Buffer.from(received.subarray(9, end)),
      };
      received = received.subarray(end);
      onFrame(one);
    }
  });
}

/** An HPACK integer. */
function prefixed(pattern: number, bits: number, value: number): number[] {
  const mask = 2 ** bits - 1;
  if (value < mask) return [pattern | value];
  const octets = [pattern | mask];
  let rest = value - mask;
  for (; rest > 127; rest = Math.floor(rest / 128)) octets.push((rest % 128) | 128);
  octets.push(rest);
  return octets;
}

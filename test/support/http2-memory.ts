/** HTTP/2 sessions without a network: what a socket would read is handed to them, what they write is handed on. */
import { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { systemClock } from "../../src/base/clock.ts";
import type { Clock } from "../../src/base/clock.ts";
import { ReadyQueue } from "../../src/base/ready-queue.ts";
import { DeadlineSweep } from "../../src/http/deadline-sweep.ts";
import { BlockMemo } from "../../src/http/h2/hpack-decoder.ts";
import { Http2Session } from "../../src/http/h2/session.ts";
import type { Exchange } from "../../src/http/index.ts";
import { OriginCache, isOrigin } from "../../src/http/origin.ts";
import { PendingExchange } from "../../src/http/pending-exchange.ts";
import { ProxyRules } from "../../src/http/proxies.ts";
import { HeadTemplates, isTemplate } from "../../src/http/request-head.ts";
import { get } from "./http-servers.ts";

/** As much of a socket as a session and node:http2 use. */
export class MemorySocket extends Duplex {
  destroySoon(): void {
    this.destroy();
  }
}

/** A socket that calls `onWrite` with what is written. @param isStuck the first write never ends */
export function memorySocket(onWrite: (piece: Buffer) => void, isStuck = false): MemorySocket {
  const socket = new MemorySocket({
    read: () => undefined,
    write: (piece: Buffer, _encoding, done) => {
      onWrite(piece);
      if (!isStuck) done();
    },
  });
  socket.on("error", () => undefined); // one end may be gone before the other has said all
  return socket;
}

/** A session on such a socket. */
export function openSession(
  socket: MemorySocket,
  {
    clock = systemClock,
    onClosed = () => undefined,
  }: { clock?: Clock; onClosed?: () => void } = {},
): Http2Session {
  return new Http2Session(
    {
      clock,
      sweep: new DeadlineSweep(() => clock.nowMs()),
      ready: new ReadyQueue(clock),
      blocks: new BlockMemo(),
      maxBodyBytes: 10_000_000,
    },
    { onRoom: () => undefined, onClosed, repeat: () => false },
    {
      socket: socket as unknown as TLSSocket,
      address: { kind: "address", ip: "127.0.0.1", port: 443 },
      tls: { version: "tls1.3", cipherSuite: "" },
      isGuarded: false,
    },
  );
}

/** Sends a request without headers or body on a session. */
export async function ask(
  session: Http2Session,
  method: string,
  target: string,
): Promise<Exchange> {
  const origin = new OriginCache(new ProxyRules({ http: "", https: "", none: "" })).find(
    "https://memory.test",
  );
  if (!isOrigin(origin)) throw new Error(origin.message);
  const template = new HeadTemplates(false).find(origin, []);
  if (!isTemplate(template)) throw new Error(template.message);
  return await new Promise((resolve) => {
    session.serve(
      new PendingExchange(
        { ...get(`https://memory.test${target}`, { method }), timeoutMs: Infinity },
        { origin, target, template },
        { client: session, receiver: { onExchange: resolve }, startMs: 0 },
      ),
      0,
    );
  });
}

/** Both kinds of TCP wire against real sockets: the one on Node's handles must do what the one of Node's streams does. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { describe, test, type TestContext } from "node:test";
import { connectNodeWire } from "../../../src/http/node-wire.ts";
import { connectTcpWire, hasTcpHandles } from "../../../src/http/tcp-wire.ts";
import type { ConnectWire, Wire, WireListener } from "../../../src/http/wire.ts";
import { freePort } from "../../support/free-port.ts";

/** A wire that writes down what it is told, and whoever waits for a word. */
class Notes implements WireListener {
  readonly words: string[] = [];
  received = Buffer.alloc(0);
  wire: Wire | undefined;
  onPiece: () => void = () => {};
  #waiting: { word: string; resolve: () => void } | undefined;

  /** Resolves when `word` has been noted, before or after the call. */
  async until(word: string): Promise<void> {
    if (this.words.includes(word)) return;
    await new Promise<void>((resolve) => {
      this.#waiting = { word, resolve };
    });
  }

  note(word: string): void {
    this.words.push(word);
    if (this.#waiting?.word === word) this.#waiting.resolve();
  }

  onRead(bytes: number, buffer: Buffer): void {
    this.received = Buffer.concat([this.received, buffer.subarray(0, bytes)]);
    this.onPiece();
    this.note(`read ${this.received.length}`);
  }

  onFlushed(): void {
    this.note("flushed");
  }

  onEnd(): void {
    this.note("end");
  }

  onError(error: NodeJS.ErrnoException): void {
    this.note(`error ${error.code} ${error.syscall}`);
  }

  onClosed(): void {
    this.note("closed");
  }
}

const buffer = Buffer.allocUnsafeSlow(65_536);

interface Peer {
  readonly port: number;
  /** The server's end of the first connection. */
  readonly accepted: Promise<Socket>;
}

async function listen(t: TestContext, host = "127.0.0.1"): Promise<Peer> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, host);
  await once(server, "listening");
  const accepted = new Promise<Socket>((resolve) => {
    server.on("connection", (socket) => {
      socket.on("error", () => {});
      t.after(() => socket.destroy());
      resolve(socket);
    });
  });
  t.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, accepted };
}

interface Start {
  readonly host?: string;
  readonly port: number;
  readonly localAddress?: string;
}

function start(t: TestContext, connect: ConnectWire, where: Start): Notes {
  const notes = new Notes();
  const { host = "127.0.0.1", port, localAddress } = where;
  notes.wire = connect(
    { host, port, localAddress },
    { buffer, listener: notes, onConnect: () => notes.note("connected") },
  );
  assert.deepEqual(notes.words, [], "nothing is told before the start is over");
  t.after(() => notes.wire!.destroy());
  return notes;
}

async function receive(socket: Socket, bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let length = 0; length < bytes; length += pieces.at(-1)!.length)
    pieces.push(((await once(socket, "data")) as [Buffer])[0]);
  return Buffer.concat(pieces);
}

function contract(name: string, connect: ConnectWire): void {
  describe(name, () => {
    test("connects, writes and reads, over IPv4 and IPv6", async (t) => {
      for (const host of ["127.0.0.1", "::1"]) {
        const peer = await listen(t, host);
        const notes = start(t, connect, { host, port: peer.port });
        assert.equal(notes.wire!.isOpen, false);
        await notes.until("connected");
        assert.equal(notes.wire!.isOpen, true);
        const socket = await peer.accepted;
        assert.equal(notes.wire!.send("GET \u00ff", undefined), true);
        assert.deepEqual(await receive(socket, 5), Buffer.from("GET \u00ff", "latin1"));
        socket.write("hello");
        await notes.until("read 5");
        assert.equal(notes.received.toString(), "hello");
      }
    });

    test("writes heads as latin1, and bodies as UTF-8 or as they are", async (t) => {
      const peer = await listen(t);
      const notes = start(t, connect, { port: peer.port });
      await notes.until("connected");
      const socket = await peer.accepted;
      assert.equal(notes.wire!.send("h\u00e9", "b\u00f6dy"), true);
      assert.deepEqual(
        await receive(socket, 7),
        Buffer.concat([Buffer.from("h\u00e9", "latin1"), Buffer.from("b\u00f6dy", "utf8")]),
      );
      assert.equal(notes.wire!.send("h", new Uint8Array([0, 255, 7]).subarray(1)), true);
      assert.deepEqual([...(await receive(socket, 3))], [0x68, 255, 7]);
    });

    test("says when a large body that had to wait is written, and can write again", async (t) => {
      const peer = await listen(t);
      const notes = start(t, connect, { port: peer.port });
      await notes.until("connected");
      const socket = await peer.accepted;
      const body = Buffer.alloc(20_000_000, "x");
      for (const content of [body, body.toString("latin1")]) {
        notes.words.length = 0;
        assert.equal(notes.wire!.send("head", content), false);
        assert.deepEqual(notes.words, []);
        const received = await receive(socket, 4 + body.length);
        assert.equal(received.toString("latin1", 0, 6), "headxx");
        assert.equal(received.length, 4 + body.length);
        await notes.until("flushed");
      }
      assert.equal(notes.wire!.send("again", undefined), true);
      assert.equal((await receive(socket, 5)).toString(), "again");
    });

    test("a reader who falls silent for a while loses nothing", async (t) => {
      const peer = await listen(t);
      const notes = start(t, connect, { port: peer.port });
      await notes.until("connected");
      const socket = await peer.accepted;
      const body = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => index % 251));
      socket.write(body);
      await notes.until(`read ${body.length}`);
      assert.ok(notes.received.equals(body));
    });

    test("tells the end of the peer, and is not open any more", async (t) => {
      const peer = await listen(t);
      const notes = start(t, connect, { port: peer.port });
      await notes.until("connected");
      (await peer.accepted).end("bye");
      await notes.until("end");
      assert.deepEqual(notes.words, ["connected", "read 3", "end"]);
      assert.equal(notes.wire!.isOpen, false);
      notes.wire!.destroy();
      await notes.until("closed");
    });

    test("tells a refused dial, and a reset connection", async (t) => {
      const refused = start(t, connect, { port: await freePort() });
      await refused.until("error ECONNREFUSED connect");
      refused.wire!.destroy();
      await refused.until("closed");
      const peer = await listen(t);
      const notes = start(t, connect, { port: peer.port });
      await notes.until("connected");
      (await peer.accepted).resetAndDestroy();
      await notes.until("error ECONNRESET read");
      assert.equal(notes.wire!.isOpen, false);
    });

    test("tells what a write into a closed connection comes to, after the write", async (t) => {
      const peer = await listen(t);
      const notes = start(t, connect, { port: peer.port });
      await notes.until("connected");
      const socket = await peer.accepted;
      socket.destroy();
      await notes.until("end");
      // The first write is answered by a reset, so that a later one is refused by this side's kernel.
      while (!notes.words.some((word) => word.startsWith("error"))) {
        notes.wire!.send("x", undefined);
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.match(notes.words.at(-1)!, /^error (?:EPIPE|ECONNRESET) /u);
    });

    test("leaves from the local address, and says which it cannot have", async (t) => {
      const peer = await listen(t);
      const notes = start(t, connect, { port: peer.port, localAddress: "127.0.0.9" });
      await notes.until("connected");
      assert.equal((await peer.accepted).remoteAddress, "127.0.0.9");
      const foreign = start(t, connect, { port: peer.port, localAddress: "192.0.2.1" });
      await foreign.until("error EADDRNOTAVAIL bind");
    });

    test("destroyed inside a read it tells nothing more but that it is closed", async (t) => {
      const peer = await listen(t);
      const notes = start(t, connect, { port: peer.port });
      notes.onPiece = () => notes.wire!.destroy();
      await notes.until("connected");
      (await peer.accepted).end(Buffer.alloc(200_000));
      await notes.until("closed");
      assert.deepEqual(
        notes.words.filter((word) => !word.startsWith("read")),
        ["connected", "closed"],
      );
      assert.equal(notes.words.filter((word) => word.startsWith("read")).length, 1);
    });

    test("destroyed while it connects or writes it closes, and says nothing else", async (t) => {
      const peer = await listen(t);
      const early = start(t, connect, { port: peer.port });
      early.wire!.destroy();
      early.wire!.destroy();
      await early.until("closed");
      assert.deepEqual(early.words, ["closed"]);
      const busy = start(t, connect, { port: peer.port });
      await busy.until("connected");
      busy.wire!.send("head", Buffer.alloc(20_000_000));
      busy.wire!.destroy();
      await busy.until("closed");
      assert.deepEqual(busy.words, ["connected", "closed"]);
    });

    test("hands on to another listener", async (t) => {
      const peer = await listen(t);
      const first = start(t, connect, { port: peer.port });
      await first.until("connected");
      const second = new Notes();
      first.wire!.listener = second;
      (await peer.accepted).write("for you");
      await second.until("read 7");
      assert.deepEqual(first.words, ["connected"]);
    });
  });
}

contract("a wire of Node's streams", connectNodeWire);
contract("a wire on Node's handles", connectTcpWire);

test("this Node has the handles that the fast wire is made of", () => {
  assert.equal(hasTcpHandles, true);
});

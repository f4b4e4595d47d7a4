/**
 * Opens a WebSocket: address, TCP, TLS, handshake. Ends once, in one of three ways: open, refused by the server (an HTTP
 * response of another kind), or failed, with Go's text for why.
 * resolving → connecting → (securing) → upgrading → over.
 */
import { type IncomingMessage, request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import type { VuContext } from "../context.ts";
import { hostPort } from "../dial-errors.ts";
import { SocketDial } from "../dial-socket.ts";
import { canonicalHeaderName } from "../http/headers.ts";
import {
  buildHead,
  createKey,
  findDuplicate,
  type Handshake,
  httpUrlOf,
  isAccepted,
  readDeflate,
} from "./handshake.ts";

/** What the server said, in k6's shape. */
export interface HandshakeResponse {
  readonly status: number;
  /** By canonical name; several values with commas between. */
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly remoteIp: string;
}

/** How a dial ended. */
export type DialOutcome =
  | {
      readonly kind: "open";
      readonly response: HandshakeResponse;
      readonly socket: Socket;
      /** What came with the response. */
      readonly firstBytes: Buffer;
      readonly usesDeflate: boolean;
      /** To be asked before each message that is sent. */
      readonly admits: () => boolean;
    }
  | { readonly kind: "refused"; readonly response: HandshakeResponse }
  | { readonly kind: "failed"; readonly error: string };

/** Of dial and handshake together, as in k6. */
const limitMs = 60_000;
/** As much of the body of a refusal as k6 shows. */
const shownBodyBytes = 1_024;

/** One attempt to open a WebSocket. */
export class Dial {
  readonly #vu: VuContext;
  readonly #handshake: Handshake;
  readonly #onEnd: (outcome: DialOutcome) => void;
  #dial: SocketDial | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /** `onEnd` is called once, and not before the constructor has returned. */
  constructor(vu: VuContext, handshake: Handshake, onEnd: (outcome: DialOutcome) => void) {
    this.#vu = vu;
    this.#handshake = handshake;
    this.#onEnd = onEnd;
    this.#timer = setTimeout(() => this.#onLimit(), limitMs);
    this.#start().catch((error: unknown) => this.#fail((error as Error).message));
  }

  /** Bytes on the wire of this dial; those of an open one go on with its connection. */
  get bytes(): { sent: number; received: number } {
    const socket = this.#dial?.socket;
    return { sent: socket?.bytesWritten ?? 0, received: socket?.bytesRead ?? 0 };
  }

  /** Ends the dial as failed. */
  cancel(): void {
    this.#fail(`dial tcp ${this.#where}: operation was canceled`);
  }

  /** Ends the dial; nobody is told. */
  destroy(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#dial?.destroy();
  }

  async #start(): Promise<void> {
    await Promise.resolve(); // nobody hears of the end before the start is over
    const { url } = this.#handshake;
    const duplicate = findDuplicate(this.#handshake);
    if (url.error !== "") {
      this.#fail(url.error);
    } else if (url.hasUser || (url.scheme !== "ws" && url.scheme !== "wss")) {
      this.#fail("malformed ws or wss URL");
    } else if (duplicate !== undefined) {
      this.#fail(`websocket: duplicate header not allowed: ${duplicate}`);
    } else {
      await this.#connect();
    }
  }

  async #connect(): Promise<void> {
    const { url } = this.#handshake;
    const isTls = url.scheme === "wss";
    const port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port);
    if (port > 65_535) {
      this.#fail(`dial tcp: address ${url.port}: invalid port`);
      return;
    }
    const tls = isTls
      ? { ...this.#vu.http.tlsOptions(url.hostname), ALPNProtocols: ["http/1.1"] }
      : undefined;
    this.#dial = new SocketDial(this.#vu, { hostname: url.hostname, port, tls });
    const socket = await this.#dial.open();
    if (this.#isOver) socket.destroy();
    else this.#upgrade(socket);
  }

  #upgrade(socket: Socket): void {
    const key = createKey();
    const request = httpRequest({
      createConnection: () => socket,
      method: "GET",
      path: this.#handshake.url.target,
      // Name and value in turn: sent as they stand.
      headers: buildHead(this.#handshake, key) as never,
    });
    request.on("upgrade", (response, _socket, firstBytes) =>
      this.#onUpgrade(response, { key, socket, firstBytes }),
    );
    request.on("response", (response) => this.#onRefusal(response, socket));
    request.on("error", (error: NodeJS.ErrnoException) => this.#fail(this.#exchangeError(error)));
    request.end();
  }

  #onUpgrade(
    message: IncomingMessage,
    { key, socket, firstBytes }: { key: string; socket: Socket; firstBytes: Buffer },
  ): void {
    if (this.#isOver) return;
    this.#storeCookies(message);
    const response = this.#describe(message, "");
    const usesDeflate = readDeflate(message.headers["sec-websocket-extensions"]);
    if (message.statusCode !== 101 || !isAccepted(message.headers, key)) {
      socket.destroy();
      this.#end({ kind: "refused", response });
    } else if (usesDeflate === "invalid") {
      this.#fail("websocket: invalid compression negotiation");
    } else {
      const admits = (): boolean => this.#dial!.admits();
      this.#end({ kind: "open", response, socket, firstBytes, usesDeflate, admits });
    }
  }

  #onRefusal(message: IncomingMessage, socket: Socket): void {
    this.#storeCookies(message);
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (): void => {
      const body = Buffer.concat(chunks).subarray(0, shownBodyBytes).toString("utf8");
      this.#end({ kind: "refused", response: this.#describe(message, body) });
      socket.destroy();
    };
    message.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= shownBodyBytes) end();
    });
    message.on("end", end);
    message.on("error", end);
  }

  #describe(message: IncomingMessage, body: string): HandshakeResponse {
    const headers: Record<string, string> = {};
    for (const [name, values] of Object.entries(message.headersDistinct))
      if (!isClosing(name, values!)) headers[canonicalHeaderName(name)] = values!.join(", ");
    return {
      status: message.statusCode!,
      headers,
      body,
      remoteIp: this.#dial!.remoteIp,
    };
  }

  #storeCookies(message: IncomingMessage): void {
    const cookies = message.headers["set-cookie"];
    if (cookies === undefined) return;
    const fields = cookies.map((value) => ["Set-Cookie", value] as const);
    this.#handshake.params.jar.storeAll(httpUrlOf(this.#handshake.url), fields);
  }

  #exchangeError(error: NodeJS.ErrnoException & { rawPacket?: Buffer }): string {
    if (error.rawPacket !== undefined) {
      const [line = ""] = error.rawPacket.toString("latin1").split(/\r?\n/u);
      return `malformed HTTP response ${JSON.stringify(line)}`;
    }
    if (error.code === "ECONNRESET" && error.syscall === undefined) return "unexpected EOF";
    const what = error.code === "ECONNRESET" ? "connection reset by peer" : error.message;
    return `read tcp ${this.#route}: read: ${what}`;
  }

  #onLimit(): void {
    const isConnected = this.#dial?.socket?.connecting === false;
    this.#fail(
      isConnected ? `read tcp ${this.#route}: i/o timeout` : `dial tcp ${this.#where}: i/o timeout`,
    );
  }

  get #where(): string {
    return this.#dial?.where ?? this.#handshake.url.host;
  }

  get #route(): string {
    const { localAddress = "", localPort = 0 } = this.#dial!.socket!;
    return `${hostPort(localAddress, localPort)}->${this.#where}`;
  }

  #fail(error: string): void {
    if (this.#isOver) return;
    this.#end({ kind: "failed", error });
    this.#dial?.destroy();
  }

  #end(outcome: DialOutcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#onEnd(outcome);
  }
}

/** Go keeps "Connection: close" to itself. */
function isClosing(name: string, values: readonly string[]): boolean {
  return name === "connection" && values.some((value) => value.toLowerCase() === "close");
}

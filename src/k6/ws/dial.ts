/**
 * Opens a WebSocket: address, TCP, TLS, handshake. Ends once, in one of three ways: open, refused by the server (an HTTP
 * response of another kind), or failed, with Go's text for why.
 * resolving → connecting → (securing) → upgrading → over.
 */
import { type IncomingMessage, request as httpRequest } from "node:http";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { DialAddress, HttpFailure } from "../../http/index.ts";
import type { VuContext } from "../context.ts";
import {
  connectErrorText,
  handshakeErrorText,
  hostPort,
  resolveErrorText,
} from "../dial-errors.ts";
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
  #socket: Socket | undefined;
  #address: DialAddress | undefined;
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
    return { sent: this.#socket?.bytesWritten ?? 0, received: this.#socket?.bytesRead ?? 0 };
  }

  /** Ends the dial as failed. */
  cancel(): void {
    const where = this.#address === undefined ? this.#handshake.url.host : this.#where;
    this.#fail(`dial tcp ${where}: operation was canceled`);
  }

  /** Ends the dial; nobody is told. */
  destroy(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
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
      await this.#resolve();
    }
  }

  async #resolve(): Promise<void> {
    const { url } = this.#handshake;
    const defaultPort = url.scheme === "wss" ? 443 : 80;
    const port = url.port === "" ? defaultPort : Number(url.port);
    if (port > 65_535) return this.#fail(`dial tcp: address ${url.port}: invalid port`);
    if (url.hostname === "") return this.#fail("lookup : no such host");
    const outcome = await this.#vu.http.resolveAddress(url.hostname, port);
    if (this.#isOver) return undefined;
    if (isFailure(outcome)) {
      const { testOptions } = this.#vu.execution;
      return this.#fail(resolveErrorText(outcome, url.hostname, testOptions));
    }
    this.#address = outcome;
    return this.#connect(outcome);
  }

  #connect(address: DialAddress): void {
    const { url } = this.#handshake;
    const where = {
      host: address.ip,
      port: address.port,
      autoSelectFamily: false,
      ...(address.localAddress === undefined ? {} : { localAddress: address.localAddress }),
    };
    const isTls = url.scheme === "wss";
    let stage: "connecting" | "securing" | "upgrading" = "connecting";
    const socket = isTls
      ? connectTls({
          ...where,
          ...this.#vu.http.tlsOptions(url.hostname),
          ALPNProtocols: ["http/1.1"],
        })
      : connectTcp(where);
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.once("connect", () => {
      stage = isTls ? "securing" : "upgrading";
      if (!isTls) this.#upgrade(socket);
    });
    socket.once("secureConnect", () => {
      stage = "upgrading";
      this.#upgrade(socket);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (stage === "connecting") this.#fail(connectErrorText(error, this.#where));
      else if (stage === "securing") this.#fail(handshakeErrorText(error, url.hostname));
      // Afterwards the request, or the connection, hears of it.
    });
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
      this.#onUpgrade(response, { key, firstBytes }),
    );
    request.on("response", (response) => this.#onRefusal(response));
    request.on("error", (error: NodeJS.ErrnoException) => this.#fail(this.#exchangeError(error)));
    request.end();
  }

  #onUpgrade(
    message: IncomingMessage,
    { key, firstBytes }: { key: string; firstBytes: Buffer },
  ): void {
    if (this.#isOver) return;
    this.#storeCookies(message);
    const response = this.#describe(message, "");
    const usesDeflate = readDeflate(message.headers["sec-websocket-extensions"]);
    if (message.statusCode !== 101 || !isAccepted(message.headers, key)) {
      this.#socket!.destroy();
      this.#end({ kind: "refused", response });
    } else if (usesDeflate === "invalid") {
      this.#fail("websocket: invalid compression negotiation");
    } else {
      this.#end({ kind: "open", response, socket: this.#socket!, firstBytes, usesDeflate });
    }
  }

  #onRefusal(message: IncomingMessage): void {
    this.#storeCookies(message);
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (): void => {
      const body = Buffer.concat(chunks).subarray(0, shownBodyBytes).toString("utf8");
      this.#end({ kind: "refused", response: this.#describe(message, body) });
      this.#socket!.destroy();
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
      remoteIp: this.#address!.ip,
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
    const isConnected = this.#socket !== undefined && !this.#socket.connecting;
    this.#fail(
      isConnected ? `read tcp ${this.#route}: i/o timeout` : `dial tcp ${this.#where}: i/o timeout`,
    );
  }

  get #where(): string {
    const { hostname, port } = this.#handshake.url;
    const address = this.#address;
    return address === undefined ? `${hostname}:${port}` : hostPort(address.ip, address.port);
  }

  get #route(): string {
    const { localAddress = "", localPort = 0 } = this.#socket!;
    return `${hostPort(localAddress, localPort)}->${this.#where}`;
  }

  #fail(error: string): void {
    if (this.#isOver) return;
    this.#end({ kind: "failed", error });
    this.#socket?.destroy();
  }

  #end(outcome: DialOutcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#onEnd(outcome);
  }
}

function isFailure(outcome: DialAddress | HttpFailure): outcome is HttpFailure {
  return "code" in outcome;
}

/** Go keeps "Connection: close" to itself. */
function isClosing(name: string, values: readonly string[]): boolean {
  return name === "connection" && values.some((value) => value.toLowerCase() === "close");
}

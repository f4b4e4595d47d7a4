/**
 * Opens a connection that is not the HTTP client's own (WebSocket, gRPC) under the options of the test: address, TCP,
 * TLS. What goes wrong is a `DialError` with Go's text for it.
 */
import { connect as connectTcp, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { DialAddress, HttpFailure } from "../http/index.ts";
import type { VuContext } from "./context.ts";
import { connectErrorText, handshakeErrorText, hostPort, resolveErrorText } from "./dial-errors.ts";

/** Where to. */
export interface SocketTarget {
  readonly hostname: string;
  readonly port: number;
  /** Undefined: plain TCP. */
  readonly tls: ConnectionOptions | undefined;
}

/** A connection that could not be opened, and how far it had come. */
export class DialError extends Error {
  override readonly name = "DialError";
  readonly stage: "resolving" | "connecting" | "securing";

  constructor(message: string, stage: DialError["stage"]) {
    super(message);
    this.stage = stage;
  }
}

/** A dial under way; `socket` may be destroyed to end it. */
export class SocketDial {
  readonly #vu: VuContext;
  readonly #target: SocketTarget;
  #address: DialAddress | undefined;
  #socket: Socket | undefined;
  #isDestroyed = false;

  constructor(vu: VuContext, target: SocketTarget) {
    this.#vu = vu;
    this.#target = target;
  }

  /** The socket as soon as there is one, connected or not. */
  get socket(): Socket | undefined {
    return this.#socket;
  }

  /** "ip:port", or as much as is known. */
  get where(): string {
    const { hostname, port } = this.#target;
    return this.#address === undefined
      ? `${hostname}:${port}`
      : hostPort(this.#address.ip, this.#address.port);
  }

  get remoteIp(): string {
    return this.#address?.ip ?? "";
  }

  /** False when a further message to this host must not be sent: it is not confirmed for load. */
  admits(): boolean {
    return this.#address?.admits?.() !== false;
  }

  /** @throws DialError */
  async open(): Promise<Socket> {
    const { hostname, port } = this.#target;
    if (hostname === "") throw new DialError("lookup : no such host", "resolving");
    const outcome = await this.#vu.http.resolveAddress(hostname, port);
    if (isFailure(outcome)) {
      this.#vu.http.noteDialError(outcome);
      const { testOptions } = this.#vu.execution;
      throw new DialError(resolveErrorText(outcome, hostname, testOptions), "resolving");
    }
    this.#address = outcome;
    if (this.#isDestroyed) throw new DialError("operation was canceled", "resolving");
    return await this.#connect(outcome);
  }

  /** Ends the dial, which then fails; an open socket is destroyed. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#socket?.destroy(new Error("operation was canceled"));
  }

  #connect(address: DialAddress): Promise<Socket> {
    const { tls, hostname } = this.#target;
    const where = {
      host: address.ip,
      port: address.port,
      autoSelectFamily: false,
      ...(address.localAddress === undefined ? {} : { localAddress: address.localAddress }),
    };
    const socket = tls === undefined ? connectTcp(where) : connectTls({ ...where, ...tls });
    this.#socket = socket;
    socket.setNoDelay(true);
    let isConnected = false;
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException): void => {
        this.#vu.http.noteDialError(error);
        reject(
          isConnected
            ? new DialError(handshakeErrorText(error, hostname), "securing")
            : new DialError(connectErrorText(error, this.where), "connecting"),
        );
      };
      socket.once("error", onError);
      socket.once("connect", () => {
        isConnected = true;
        if (tls === undefined) resolve(socket);
      });
      socket.once("secureConnect", () => resolve(socket));
      // Later errors are for whoever uses the socket; without a listener they would end the process.
      socket.on("error", () => undefined);
    });
  }
}

function isFailure(outcome: DialAddress | HttpFailure): outcome is HttpFailure {
  return "code" in outcome;
}

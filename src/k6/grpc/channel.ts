/**
 * A gRPC connection: one HTTP/2 session, dialled under the options of the test, and dialled again when a call finds it
 * closed, as Go's channels are. Ends with its VU.
 */
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { Socket } from "node:net";
import { type ConnectionOptions, createSecureContext, rootCertificates } from "node:tls";
import type { VuContext } from "../context.ts";
import { DialError, SocketDial } from "../dial-socket.ts";
import { GoError } from "../errors.ts";
import { Call, type CallListener, localEnd } from "./call.ts";
import type { ConnectParams, Metadata } from "./params.ts";
import { codes } from "./status.ts";

/** What a call sends besides its messages. */
export interface CallRequest {
  /** "/package.Service/Method" */
  readonly path: string;
  readonly metadata: Metadata;
  readonly timeoutMs: number;
}

/** As Go opens a window: larger messages would wait for the server's next turn. */
const windowBytes = 1024 * 1024;
/** Between two attempts, as Go's first pause. */
const tryAgainMs = 1_000;

/** Why an attempt came to nothing. */
interface Problem {
  readonly text: string;
  readonly kind: "final" | "tryAgain" | "late";
}

interface Target {
  readonly hostname: string;
  readonly port: number;
}

export class Channel {
  readonly #vu: VuContext;
  readonly #params: ConnectParams;
  readonly #target: Target;
  readonly #authority: string;
  readonly #disown: () => void;
  #dial: SocketDial | undefined;
  #session: ClientHttp2Session | undefined;
  #socket: Socket | undefined;
  #countedSent = 0;
  #countedReceived = 0;
  #isClosed = false;

  /** @throws GoError for an address that is none */
  constructor(vu: VuContext, address: string, params: ConnectParams) {
    this.#vu = vu;
    this.#params = params;
    const bare = address.replace(/^(?:dns|passthrough):\/\/[^/]*\//u, "");
    this.#target = parseAddress(bare);
    this.#authority = params.authority === "" ? bare : params.authority;
    this.#disown = vu.own(this);
  }

  /**
   * Dials until there is a connection or the time is over; what can never succeed fails at once.
   * @throws GoError in Go's words
   */
  async open(timeoutMs: number): Promise<void> {
    const deadlineMs = this.#vu.clock.nowMs() + timeoutMs;
    const leftMs = (): number => Math.max(0, deadlineMs - this.#vu.clock.nowMs());
    let last: Problem | undefined;
    do {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other is the point
      const problem = await this.#attempt(leftMs());
      if (problem === undefined) return;
      if (problem.kind === "final") throw new GoError(problem.text);
      if (problem.kind === "tryAgain") last = problem;
      // oxlint-disable-next-line no-await-in-loop -- k6 fails when the time is over, not before
      await this.#vu.sleep(Math.min(tryAgainMs, leftMs()));
    } while (leftMs() > 0 && !this.#isClosed);
    const tail = last === undefined ? "" : `: ${last.text}`;
    throw new GoError(`context deadline exceeded${tail}`);
  }

  /**
   * Begins a call. Tells the listener of the end if there is no connection and none can be made.
   * @returns undefined when the call has to wait for a connection that was lost
   */
  start(request: CallRequest, listener: CallListener): Promise<Call | undefined> | Call {
    const session = this.#session;
    if (session !== undefined && !session.closed && !session.destroyed) {
      if (this.#dial?.admits() !== false) return this.#call(session, request, listener);
      return this.#refuse(listener);
    }
    return this.#reopen(request, listener);
  }

  /** Bytes on the wire since the last look. */
  countData(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    const sent = socket.bytesWritten;
    const received = socket.bytesRead;
    this.#vu.countData(sent - this.#countedSent, received - this.#countedReceived);
    this.#countedSent = sent;
    this.#countedReceived = received;
  }

  /** Ends all calls and the connection. */
  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#disown();
    this.countData();
    this.#session?.destroy();
    this.#dial?.destroy();
  }

  async #reopen(request: CallRequest, listener: CallListener): Promise<Call | undefined> {
    const problem = await this.#attempt(request.timeoutMs);
    if (problem === undefined) return this.#call(this.#session!, request, listener);
    listener.onEnd(localEnd(codes.unavailable, problem.text));
    return undefined;
  }

  /** Not before the start of the call is over. */
  async #refuse(listener: CallListener): Promise<undefined> {
    await Promise.resolve();
    listener.onEnd(localEnd(codes.unavailable, "host is not confirmed for load"));
    return undefined;
  }

  #call(session: ClientHttp2Session, request: CallRequest, listener: CallListener): Call {
    const stream = session.request(this.#headersOf(request));
    return new Call(stream, listener, { ...this.#params, timeoutMs: request.timeoutMs });
  }

  #headersOf({ path, metadata, timeoutMs }: CallRequest): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = {
      ":method": "POST",
      ":path": path,
      ":scheme": this.#params.isPlaintext ? "http" : "https",
      ":authority": this.#authority,
      "content-type": "application/grpc",
      "user-agent": this.#vu.options.userAgent,
      te: "trailers",
    };
    if (timeoutMs !== Infinity) headers["grpc-timeout"] = timeoutText(timeoutMs);
    for (const [key, value] of metadata) {
      const name = key.toLowerCase();
      headers[name] = typeof value === "string" ? value : Buffer.from(value).toString("base64");
    }
    return headers;
  }

  async #attempt(timeoutMs: number): Promise<Problem | undefined> {
    const tls = this.#params.isPlaintext ? undefined : this.#tlsOptions();
    const dial = new SocketDial(this.#vu, { ...this.#target, tls });
    this.#dial = dial;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      dial.destroy();
    }, timeoutMs);
    try {
      await this.#openSession(await dial.open());
      return undefined;
    } catch (error) {
      dial.destroy();
      if (isLate) return { text: "context deadline exceeded", kind: "late" };
      return describeProblem(error as Error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A connection is one once the server has sent its settings. */
  #openSession(socket: Socket): Promise<void> {
    const scheme = this.#params.isPlaintext ? "http" : "https";
    const session = connectHttp2(`${scheme}://${this.#authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: windowBytes },
    });
    return new Promise((resolve, reject) => {
      let last: Error | undefined;
      session.on("error", (error: Error) => {
        last = error;
      });
      session.once("remoteSettings", () => {
        this.#session = session;
        this.#socket = socket;
        this.#countedSent = 0;
        this.#countedReceived = 0;
        resolve();
      });
      session.once("close", () =>
        reject(new Error(`error reading server preface: ${last?.message ?? "EOF"}`)),
      );
    });
  }

  #tlsOptions(): ConnectionOptions {
    const { tls, authority } = this.#params;
    const hostname = authority === "" ? this.#target.hostname : authority.replace(/:\d+$/u, "");
    const options: ConnectionOptions = {
      ...this.#vu.http.tlsOptions(hostname),
      ALPNProtocols: ["h2"],
    };
    if (tls === undefined) return options;
    return {
      ...options,
      secureContext: createSecureContext({
        ca: tls.cacerts === undefined ? [...rootCertificates] : [...tls.cacerts],
        ...(tls.cert === undefined ? {} : { cert: tls.cert }),
        ...(tls.key === undefined ? {} : { key: tls.key }),
        ...(tls.password === undefined ? {} : { passphrase: tls.password }),
      }),
    };
  }
}

/** A dial that Go tries again is one that came as far as a handshake. */
function describeProblem(error: Error): Problem {
  const describe = (what: string): string => `connection error: desc = "${what}"`;
  if (!(error instanceof DialError)) return { text: describe(error.message), kind: "tryAgain" };
  return error.stage === "securing"
    ? {
        text: describe(`transport: authentication handshake failed: ${error.message}`),
        kind: "tryAgain",
      }
    : { text: describe(`transport: error while dialing: ${error.message}`), kind: "final" };
}

function parseAddress(address: string): Target {
  const refuse = (what: string): never => {
    const where = address === "" ? "" : `address ${address}: `;
    throw new GoError(`connection error: desc = "transport: error while dialing: ${where}${what}"`);
  };
  const match = /^(?:\[([^\]]*)\]|([^:]*))(:\d+)?$/u.exec(address);
  if (match === null) return refuse("too many colons in address");
  if (match[3] === undefined) return refuse("missing port in address");
  return { hostname: match[1] ?? match[2] ?? "", port: Number(match[3].slice(1)) };
}

/** gRPC's form: at most eight digits and a unit. */
function timeoutText(timeoutMs: number): string {
  const ms = Math.max(1, Math.ceil(timeoutMs));
  return ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1_000)}S`;
}

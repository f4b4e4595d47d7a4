/**
 * One RPC on an HTTP/2 stream: messages with their five-byte prefix out and in, metadata, the status at the end.
 * It ends once, whatever happens: by trailers, by a reset, by its deadline, by cancel.
 */
import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { codes } from "./status.ts";

/** Values by key, as scripts see them. */
export type ReceivedMetadata = Record<string, string[]>;

/** How a call ended. */
export interface CallEnd {
  readonly code: number;
  readonly message: string;
  /** grpc-status-details-bin. */
  readonly details: Buffer | undefined;
  readonly headers: ReceivedMetadata;
  readonly trailers: ReceivedMetadata;
  /** This side's deadline ended it: such a call leaves no sample in k6. */
  readonly isLate: boolean;
}

/** The end of a call that never reached the server, or that this side ended. */
export function localEnd(code: number, message: string): CallEnd {
  const isLate = code === codes.deadlineExceeded;
  return { code, message, details: undefined, headers: {}, trailers: {}, isLate };
}

/** Who is told of a call. */
export interface CallListener {
  onMessage(bytes: Buffer): void;
  /** Once; nothing comes after it. */
  onEnd(end: CallEnd): void;
}

/** Bounds of a call's messages, in bytes. */
export interface CallLimits {
  readonly maxReceiveBytes: number;
  readonly maxSendBytes: number;
}

const prefixBytes = 5;
/** HTTP/2's CANCEL. */
const cancelCode = 8;
const noHeaders: ReceivedMetadata = {};

/** HTTP/2 error codes that have a status of their own (gRPC's HTTP/2 mapping). */
const resetCodes: ReadonlyMap<number, readonly [name: string, code: number]> = new Map([
  [0, ["NO_ERROR", codes.internal]],
  [1, ["PROTOCOL_ERROR", codes.internal]],
  [2, ["INTERNAL_ERROR", codes.internal]],
  [3, ["FLOW_CONTROL_ERROR", codes.resourceExhausted]],
  [5, ["STREAM_CLOSED", codes.internal]],
  [6, ["FRAME_SIZE_ERROR", codes.internal]],
  [7, ["REFUSED_STREAM", codes.unavailable]],
  [8, ["CANCEL", codes.canceled]],
  [11, ["ENHANCE_YOUR_CALM", codes.resourceExhausted]],
  [12, ["INADEQUATE_SECURITY", codes.permissionDenied]],
]);

/** HTTP statuses of proxies and the like. */
const httpStatuses: ReadonlyMap<number, readonly [text: string, code: number]> = new Map([
  [400, ["Bad Request", codes.internal]],
  [401, ["Unauthorized", codes.unauthenticated]],
  [403, ["Forbidden", codes.permissionDenied]],
  [404, ["Not Found", codes.unimplemented]],
  [429, ["Too Many Requests", codes.unavailable]],
  [502, ["Bad Gateway", codes.unavailable]],
  [503, ["Service Unavailable", codes.unavailable]],
  [504, ["Gateway Timeout", codes.unavailable]],
]);

export class Call {
  readonly #stream: ClientHttp2Stream;
  readonly #listener: CallListener;
  readonly #limits: CallLimits;
  readonly #deadline: NodeJS.Timeout | undefined;
  #headers: ReceivedMetadata = noHeaders;
  #trailers: ReceivedMetadata | undefined;
  #httpStatus = 0;
  #contentType = "";
  /** What came of a message that is not complete. */
  #pending: Buffer | undefined;
  #isOver = false;

  /** @param timeoutMs how long the call may take; Infinity: as long as it likes */
  constructor(
    stream: ClientHttp2Stream,
    listener: CallListener,
    options: CallLimits & { timeoutMs: number },
  ) {
    this.#stream = stream;
    this.#listener = listener;
    this.#limits = options;
    const { timeoutMs } = options;
    const onDeadline = (): void => this.fail(codes.deadlineExceeded, "context deadline exceeded");
    if (timeoutMs <= 0) queueMicrotask(onDeadline);
    else if (timeoutMs !== Infinity) this.#deadline = setTimeout(onDeadline, timeoutMs);
    stream.on("response", (headers, _flags, raw?: string[]) => this.#onHeaders(headers, raw ?? []));
    stream.on("trailers", (_headers, _flags, raw?: string[]) => {
      this.#trailers = readMetadata(raw ?? []);
    });
    stream.on("data", (chunk: Buffer) => this.#onData(chunk));
    stream.on("error", () => undefined); // `close` comes after it, with the code
    // The server may be done before this side is, and then the stream would stay half open.
    stream.on("end", () => {
      this.#onClose();
      if (!stream.writableEnded) this.destroy();
    });
    stream.on("close", () => this.#onClose());
  }

  /** Sends a message; one that is too large ends the call. */
  write(message: Uint8Array): void {
    if (this.#isOver) return;
    const { maxSendBytes } = this.#limits;
    if (message.length > maxSendBytes) {
      const text = `trying to send message larger than max (${message.length} vs. ${maxSendBytes})`;
      this.fail(codes.resourceExhausted, text);
      return;
    }
    const frame = Buffer.allocUnsafe(prefixBytes + message.length);
    frame.writeUInt8(0, 0);
    frame.writeUInt32BE(message.length, 1);
    frame.set(message, prefixBytes);
    this.#stream.write(frame);
  }

  /** Nothing more is sent. */
  end(): void {
    if (!this.#isOver) this.#stream.end();
  }

  /** Ends the call from this side; the listener hears of it. */
  fail(code: number, message: string): void {
    if (this.#isOver) return;
    this.#finish({ ...localEnd(code, message), headers: this.#headers });
    this.destroy();
  }

  /** Ends the call; nobody is told. */
  destroy(): void {
    this.#isOver = true;
    clearTimeout(this.#deadline);
    if (!this.#stream.closed) this.#stream.close(cancelCode);
  }

  #onHeaders(headers: IncomingHttpHeaders, raw: string[]): void {
    this.#httpStatus = Number(headers[":status"]);
    this.#contentType = headers["content-type"] ?? "";
    const metadata = readMetadata(raw);
    // A response that is nothing but trailers.
    if (metadata["grpc-status"] === undefined) this.#headers = metadata;
    else this.#trailers = metadata;
  }

  #onData(chunk: Buffer): void {
    let buffer = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk]);
    while (!this.#isOver && buffer.length >= prefixBytes) {
      const size = buffer.readUInt32BE(1);
      const { maxReceiveBytes } = this.#limits;
      if (size > maxReceiveBytes) {
        const text = `grpc: received message larger than max (${size} vs. ${maxReceiveBytes})`;
        this.fail(codes.resourceExhausted, text);
        return;
      }
      if (buffer[0] !== 0) {
        this.fail(codes.internal, "grpc: compressed flag set with identity or empty encoding");
        return;
      }
      if (buffer.length < prefixBytes + size) break;
      this.#listener.onMessage(buffer.subarray(prefixBytes, prefixBytes + size));
      buffer = buffer.subarray(prefixBytes + size);
    }
    this.#pending = buffer.length === 0 ? undefined : buffer;
  }

  #onClose(): void {
    if (this.#isOver) return;
    const trailers = this.#trailers;
    const status = trailers?.["grpc-status"]?.[0];
    if (trailers === undefined || status === undefined) {
      const { code, message } = this.#describeBreak();
      this.#finish({ ...localEnd(code, message), headers: this.#headers });
      return;
    }
    const details = trailers["grpc-status-details-bin"]?.[0];
    const message = trailers["grpc-message"]?.[0];
    delete trailers["grpc-status"];
    delete trailers["grpc-message"];
    this.#finish({
      code: Number(status),
      message: message === undefined ? "" : decodeMessage(message),
      details: details === undefined ? undefined : Buffer.from(details, "base64"),
      headers: decodeBinary(this.#headers),
      trailers: decodeBinary(trailers),
      isLate: false,
    });
  }

  #describeBreak(): { code: number; message: string } {
    const { rstCode } = this.#stream;
    if (this.#httpStatus !== 0 && this.#httpStatus !== 200) {
      const [text, code] = httpStatuses.get(this.#httpStatus) ?? ["", codes.unknown];
      const tail = this.#contentType.startsWith("application/grpc")
        ? ""
        : `; transport: received unexpected content-type ${JSON.stringify(this.#contentType)}`;
      const shown = `${this.#httpStatus} (${text})${tail}`;
      return { code, message: `unexpected HTTP status code received from server: ${shown}` };
    }
    if (rstCode === 0 || this.#stream.session?.destroyed !== false)
      return { code: codes.unavailable, message: "error reading from server: EOF" };
    const [name, code] = resetCodes.get(rstCode) ?? [String(rstCode), codes.unknown];
    return { code, message: `stream terminated by RST_STREAM with error code: ${name}` };
  }

  #finish(end: CallEnd): void {
    this.#isOver = true;
    clearTimeout(this.#deadline);
    this.#listener.onEnd(end);
  }
}

/** Header fields, name and value in turn, as lists by name; without those of HTTP/2 itself. */
function readMetadata(raw: readonly string[]): ReceivedMetadata {
  const metadata: ReceivedMetadata = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!;
    if (!name.startsWith(":") && name !== "grpc-encoding")
      (metadata[name] ??= []).push(raw[i + 1]!);
  }
  return metadata;
}

/** Keys in -bin hold base64; scripts see the bytes as text. */
function decodeBinary(metadata: ReceivedMetadata): ReceivedMetadata {
  for (const [key, values] of Object.entries(metadata)) {
    if (key.endsWith("-bin"))
      metadata[key] = values.map((value) => Buffer.from(value, "base64").toString("utf8"));
  }
  return metadata;
}

/** grpc-message is percent-encoded UTF-8; what is badly encoded stays as it is. */
function decodeMessage(text: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const escape = text[i] === "%" ? /^[0-9a-f]{2}/iu.exec(text.slice(i + 1)) : null;
    bytes.push(escape === null ? text.charCodeAt(i) & 0xff : Number.parseInt(escape[0], 16));
    if (escape !== null) i += 2;
  }
  return Buffer.from(bytes).toString("utf8");
}

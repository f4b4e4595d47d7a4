/** One unary RPC, from its bytes to k6's response. */
import type protobuf from "protobufjs";
import type { Call, CallEnd, CallListener, ReceivedMetadata } from "./call.ts";
import { type Decoded, messageToJson } from "./from-message.ts";
import { decodeStatusDetails } from "./protocols.ts";
import { codes, type CodeObject, statusObject } from "./status.ts";
import { findType } from "./to-message.ts";

/** What a call gives the script: k6's fields, and no others. */
export interface InvokeResponse {
  message: unknown;
  error: object | null;
  headers: ReceivedMetadata;
  trailers: ReceivedMetadata;
  status: CodeObject;
}

/** A unary call's end, with the bytes of its message. */
export interface UnaryEnd extends CallEnd {
  readonly bytes: Buffer | undefined;
}

const tooMany =
  "cardinality violation: expected <EOF> for non server-streaming RPCs, but received another message";
const tooFew = "cardinality violation: received no response message from non-server-streaming RPC";

/** Waits for the one message and the end of a call. */
export class UnaryListener implements CallListener {
  readonly #onEnd: (end: UnaryEnd) => void;
  #call: Call | undefined;
  #bytes: Buffer | undefined;
  #isOne = true;

  constructor(onEnd: (end: UnaryEnd) => void) {
    this.#onEnd = onEnd;
  }

  /** Sends the request. */
  begin(call: Call, message: Uint8Array): void {
    this.#call = call;
    call.write(message);
    call.end();
  }

  onMessage(bytes: Buffer): void {
    this.#isOne = this.#bytes === undefined;
    // The buffer that it lies in is the connection's.
    this.#bytes = Buffer.from(bytes);
    if (!this.#isOne) this.#call?.fail(codes.internal, tooMany);
  }

  onEnd(end: CallEnd): void {
    const bytes = this.#bytes;
    const isEmpty = end.code === codes.ok && bytes === undefined;
    this.#onEnd(
      isEmpty ? { ...end, code: codes.internal, message: tooFew, bytes } : { ...end, bytes },
    );
  }
}

/** k6's response. */
export function createResponse(
  type: protobuf.Type,
  end: UnaryEnd,
  discardsResponse: boolean,
): InvokeResponse {
  return Object.preventExtensions({
    message: discardsResponse ? null : decodeMessage(type, end.bytes),
    error: end.code === codes.ok ? null : describeError(type.root, end),
    headers: end.headers,
    trailers: end.trailers,
    status: statusObject(end.code),
  });
}

/** The message, or what an empty one looks like. */
export function decodeMessage(type: protobuf.Type, bytes: Buffer | undefined): unknown {
  return messageToJson(type, bytes === undefined ? {} : (type.decode(bytes) as unknown as Decoded));
}

/** As k6 shows a status; with details of a type that nobody has loaded it cannot show it at all. */
function describeError(root: protobuf.Root, end: CallEnd): object {
  if (end.details === undefined) return { code: end.code, message: end.message, details: [] };
  const { code, message, details } = decodeStatusDetails(end.details);
  const shown = details.map(({ type_url: url, value }) => {
    const type = findType(root, url.slice(url.lastIndexOf("/") + 1));
    if (type === undefined) return undefined;
    const json = messageToJson(type, type.decode(value) as unknown as Decoded);
    return { "@type": url, ...(json as object) };
  });
  return shown.includes(undefined) ? {} : { code, message, details: shown };
}

/** The rules about one frame by itself (RFC 9113 section 6): its size, and whether it belongs to a stream. */
import { connectionFault, type ConnectionFault } from "./failures.ts";
import type { FrameHead } from "./frame-reader.ts";
import { errorCode, frameFlag, frameType } from "./frames.ts";

interface Shape {
  /** The only size allowed, or a smallest one. */
  readonly bytes?: number;
  readonly leastBytes?: number;
  /** Of one stream, of the connection, or of either. */
  readonly scope: "stream" | "connection" | "either";
}

const shapes: readonly Shape[] = [
  { scope: "stream" }, // DATA
  { scope: "stream" }, // HEADERS
  { scope: "stream", bytes: 5 }, // PRIORITY
  { scope: "stream", bytes: 4 }, // RST_STREAM
  { scope: "connection" }, // SETTINGS
  { scope: "stream" }, // PUSH_PROMISE
  { scope: "connection", bytes: 8 }, // PING
  { scope: "connection", leastBytes: 8 }, // GOAWAY
  { scope: "either", bytes: 4 }, // WINDOW_UPDATE
  { scope: "stream" }, // CONTINUATION
];

/** What is wrong with a frame other than DATA, if anything. */
export function findShapeFault({
  type,
  length,
  flags,
  streamId,
}: FrameHead): ConnectionFault | undefined {
  const shape = shapes[type];
  if (shape === undefined) return undefined; // unknown types are ignored
  if (type === frameType.pushPromise) return connectionFault(errorCode.protocolError); // we said: none
  const hasStream = streamId !== 0;
  if (shape.scope !== "either" && hasStream !== (shape.scope === "stream")) {
    return connectionFault(errorCode.protocolError);
  }
  const isAckWithPayload =
    type === frameType.settings && (flags & frameFlag.ack) !== 0 && length > 0;
  const isBadSize =
    isAckWithPayload ||
    (shape.bytes !== undefined && length !== shape.bytes) ||
    (shape.leastBytes !== undefined && length < shape.leastBytes);
  return isBadSize ? connectionFault(errorCode.frameSizeError) : undefined;
}

/**
 * The frames of HTTP/2 (RFC 9113 section 4 and 6) as bytes: their numbers, and how the ones that a client sends are
 * written. Text is latin1: one character a byte, so that a request and its frames are one string and one write.
 */

/** The nine octets before every payload. */
export const frameHeadBytes = 9;
/** The largest payload, until a peer's SETTINGS_MAX_FRAME_SIZE says more; ours is never more. */
export const defaultMaxFrameBytes = 16_384;
export const defaultWindowBytes = 65_535;
/** A flow-control window never exceeds this. */
export const maxWindowBytes = 0x7fff_ffff;
export const maxStreamId = 0x7fff_ffff;

export const frameType = {
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

export const frameFlag = {
  /** HEADERS, DATA. */
  endStream: 0x01,
  /** SETTINGS, PING. */
  ack: 0x01,
  endHeaders: 0x04,
  padded: 0x08,
  priority: 0x20,
} as const;

export const setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

export const errorCode = {
  noError: 0,
  protocolError: 1,
  flowControlError: 3,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  enhanceYourCalm: 11,
} as const;

/** What a client says first. */
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** What a client announces. */
export interface OwnSettings {
  /** Receive window of each stream. */
  readonly streamWindowBytes: number;
  /** Receive window of the connection. */
  readonly connectionWindowBytes: number;
  readonly maxHeaderListBytes: number;
}

/** The nine octets of a frame with `length` bytes of payload. */
// oxlint-disable-next-line max-params -- called for every frame sent: an object each would be garbage
export function frameHead(type: number, flags: number, streamId: number, length: number): string {
  return (
    String.fromCharCode((length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff, type, flags) +
    uint32(streamId)
  );
}

/** The opening of a connection: preface, SETTINGS, and the connection's window. */
export function openingFrames(own: OwnSettings): string {
  const settings =
    settingEntry(setting.enablePush, 0) +
    settingEntry(setting.initialWindowSize, own.streamWindowBytes) +
    settingEntry(setting.maxFrameSize, defaultMaxFrameBytes) +
    settingEntry(setting.maxHeaderListSize, own.maxHeaderListBytes);
  return (
    preface +
    frameHead(frameType.settings, 0, 0, settings.length) +
    settings +
    windowUpdateFrame(0, own.connectionWindowBytes - defaultWindowBytes)
  );
}

export const settingsAckFrame: string = frameHead(frameType.settings, frameFlag.ack, 0, 0);

export function windowUpdateFrame(streamId: number, bytes: number): string {
  return frameHead(frameType.windowUpdate, 0, streamId, 4) + uint32(bytes);
}

export function rstStreamFrame(streamId: number, code: number): string {
  return frameHead(frameType.rstStream, 0, streamId, 4) + uint32(code);
}

/** The server opens no streams, so the last one is always 0. */
export function goAwayFrame(code: number): string {
  return frameHead(frameType.goAway, 0, 0, 8) + uint32(0) + uint32(code);
}

/** @param opaque the eight octets of the ping that is answered */
export function pingAckFrame(opaque: string): string {
  return frameHead(frameType.ping, frameFlag.ack, 0, 8) + opaque;
}

/**
 * A header block as HEADERS, and CONTINUATION frames when it is larger than the peer takes.
 *
 * @param endsStream true when no body follows
 */
export function headersFrames(
  block: string,
  streamId: number,
  { endsStream, maxFrameBytes }: { endsStream: boolean; maxFrameBytes: number },
): string {
  const endFlag = endsStream ? frameFlag.endStream : 0;
  if (block.length <= maxFrameBytes) {
    const flags = frameFlag.endHeaders | endFlag;
    return frameHead(frameType.headers, flags, streamId, block.length) + block;
  }
  let frames = "";
  for (let at = 0; at < block.length; at += maxFrameBytes) {
    const part = block.slice(at, at + maxFrameBytes);
    const isLast = at + part.length === block.length;
    const type = at === 0 ? frameType.headers : frameType.continuation;
    const flags = (at === 0 ? endFlag : 0) | (isLast ? frameFlag.endHeaders : 0);
    frames += frameHead(type, flags, streamId, part.length) + part;
  }
  return frames;
}

/** Four octets, most significant first. */
function uint32(value: number): string {
  return String.fromCharCode(
    (value >>> 24) & 0xff,
    (value >>> 16) & 0xff,
    (value >>> 8) & 0xff,
    value & 0xff,
  );
}

function settingEntry(id: number, value: number): string {
  return String.fromCharCode(0, id) + uint32(value);
}

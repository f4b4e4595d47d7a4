/** What the server has announced in SETTINGS (RFC 9113 section 6.5), from the defaults on. */
import { connectionFault, type ConnectionFault } from "./failures.ts";
import {
  defaultMaxFrameBytes,
  defaultWindowBytes,
  errorCode,
  maxWindowBytes,
  setting,
} from "./frames.ts";

const entryBytes = 6;
const largestMaxFrameBytes = 16_777_215;
/** As in Go: so many streams are opened before the server has said how many it takes. */
const assumedStreams = 100;
/** As in Go: so many when it has said nothing about it. */
const unlimitedStreams = 1_000;

export class PeerSettings {
  maxStreams: number = assumedStreams;
  streamWindowBytes: number = defaultWindowBytes;
  maxFrameBytes: number = defaultMaxFrameBytes;
  hasArrived = false;

  /** Applies the payload `piece[start…start + length)`. */
  apply(piece: Buffer, start: number, length: number): ConnectionFault | undefined {
    if (length % entryBytes !== 0) return connectionFault(errorCode.frameSizeError);
    if (!this.hasArrived) this.maxStreams = unlimitedStreams;
    this.hasArrived = true;
    for (let at = start; at < start + length; at += entryBytes) {
      const fault = this.#set(piece.readUInt16BE(at), piece.readUInt32BE(at + 2));
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #set(id: number, value: number): ConnectionFault | undefined {
    switch (id) {
      case setting.maxConcurrentStreams:
        this.maxStreams = value;
        break;
      case setting.initialWindowSize:
        if (value > maxWindowBytes) return connectionFault(errorCode.flowControlError);
        this.streamWindowBytes = value;
        break;
      case setting.maxFrameSize:
        if (value < defaultMaxFrameBytes || value > largestMaxFrameBytes) {
          return connectionFault(errorCode.protocolError);
        }
        this.maxFrameBytes = value;
        break;
      default: // our encoder uses no table; lists are as long as the script wants; unknown ones are ignored
    }
    return undefined;
  }
}

/**
 * Puts the header blocks of HEADERS and CONTINUATION frames together (RFC 9113 section 4.3). One at a time: between
 * the first frame and the last no other frame may come. The usual block, one frame long, is left where it lies.
 * Bounds: a block of `maxBlockBytes` in `maxContinuations` frames; whatever sends more means harm.
 */
import { connectionFault, type ConnectionFault } from "./failures.ts";
import type { FrameHead } from "./frame-reader.ts";
import { errorCode, frameFlag } from "./frames.ts";

export const maxBlockBytes = 10_485_760;
const maxContinuations = 1_024;
const priorityBytes = 5;
const noBytes = Buffer.alloc(0);

export class HeaderAssembler {
  streamId = 0;
  endsStream = false;
  /** The complete block is `piece[start…end)`; valid until the next frame. */
  piece: Buffer = noBytes;
  start = 0;
  end = 0;
  /** True while CONTINUATION frames are due. */
  isOpen = false;
  #parts: Buffer[] = [];
  #bytes = 0;

  /** Takes a HEADERS frame; false when its padding is longer than itself. */
  begin({ length, flags, streamId }: FrameHead, piece: Buffer, at: number): boolean {
    this.streamId = streamId;
    this.endsStream = (flags & frameFlag.endStream) !== 0;
    let start = at;
    let end = at + length;
    if ((flags & frameFlag.padded) !== 0) {
      end -= length === 0 ? 1 : piece[start]!;
      start++;
    }
    if ((flags & frameFlag.priority) !== 0) start += priorityBytes;
    if (start > end) return false;
    if ((flags & frameFlag.endHeaders) !== 0) {
      this.piece = piece;
      this.start = start;
      this.end = end;
    } else {
      this.isOpen = true;
      this.#parts = [Buffer.from(piece.subarray(start, end))];
      this.#bytes = end - start;
    }
    return true;
  }

  /** Takes a CONTINUATION frame. */
  continue(
    { length, flags, streamId }: FrameHead,
    piece: Buffer,
    at: number,
  ): ConnectionFault | undefined {
    if (!this.isOpen || streamId !== this.streamId) return connectionFault(errorCode.protocolError);
    this.#bytes += length;
    this.#parts.push(Buffer.from(piece.subarray(at, at + length)));
    if (this.#bytes > maxBlockBytes || this.#parts.length > maxContinuations) {
      return connectionFault(errorCode.protocolError);
    }
    if ((flags & frameFlag.endHeaders) === 0) return undefined;
    this.isOpen = false;
    this.piece = Buffer.concat(this.#parts);
    this.start = 0;
    this.end = this.#bytes;
    this.#parts = [];
    return undefined;
  }

  /** Lets the block go: it may lie in a buffer that is large, or shared. */
  release(): void {
    this.piece = noBytes;
  }
}

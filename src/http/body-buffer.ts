/**
 * Collects a body that arrives in pieces. Every piece is copied, because it lies in the read buffer that all
 * connections share. The announced length is trusted up to a limit; beyond, the buffer doubles as bytes really come.
 */
import { Buffer } from "node:buffer";

/** A server that announces gigabytes and sends nothing costs no more than this. */
const trustedBytes = 1_048_576;
const smallestGrowth = 16_384;
const noBytes = Buffer.alloc(0);

export class BodyBuffer {
  #bytes: Buffer | undefined;
  #length = 0;

  /** @param expectedBytes the announced size, or 0 when there is none. */
  reset(expectedBytes: number): void {
    this.#length = 0;
    this.#bytes =
      expectedBytes > 0 ? Buffer.allocUnsafe(Math.min(expectedBytes, trustedBytes)) : undefined;
  }

  /** Copies `source[start…end)` to the end of the body. */
  append(source: Buffer, start: number, end: number): void {
    const needed = this.#length + end - start;
    const room = this.#bytes?.length ?? 0;
    // The first piece is often the only one (a chunked body of one chunk): it gets exactly its size.
    if (needed > room) this.#grow(room === 0 ? needed : Math.max(needed, room * 2, smallestGrowth));
    source.copy(this.#bytes!, this.#length, start, end);
    this.#length = needed;
  }

  /** The bytes so far; the buffer forgets them. */
  take(): Buffer {
    const bytes = this.#bytes ?? noBytes;
    const length = this.#length;
    this.drop();
    if (length === bytes.length) return bytes;
    const part = bytes.subarray(0, length);
    return length * 2 >= bytes.length ? part : Buffer.from(part);
  }

  /** Up to `limit` of the bytes so far, one character each. */
  peek(limit: number): string {
    return this.#bytes?.toString("latin1", 0, Math.min(this.#length, limit)) ?? "";
  }

  drop(): void {
    this.#bytes = undefined;
    this.#length = 0;
  }

  #grow(size: number): void {
    const larger = Buffer.allocUnsafe(size);
    this.#bytes?.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

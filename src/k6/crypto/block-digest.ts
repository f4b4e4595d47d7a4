/**
 * What MD4 and RIPEMD-160 have in common: blocks of 64 bytes read as sixteen little-endian words, a chaining state, and
 * padding with one bit, zeros, and the length in bits (RFC 1320, section 3).
 */
/** An incremental hash or HMAC. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** The hash of everything so far; more may follow. */
  sum(): Buffer;
}

/** Mixes one block of sixteen words into the state. */
export type Compress = (state: Uint32Array, words: Uint32Array) => void;

const blockBytes = 64;
const lengthBytes = 8;

export class BlockDigest implements Digest {
  readonly #compress: Compress;
  readonly #state: Uint32Array;
  readonly #words = new Uint32Array(16);
  readonly #pending = Buffer.alloc(blockBytes);
  #pendingBytes = 0;
  #totalBytes = 0;

  constructor(initial: readonly number[], compress: Compress) {
    this.#state = Uint32Array.from(initial);
    this.#compress = compress;
  }

  update(bytes: Uint8Array): void {
    this.#totalBytes += bytes.length;
    for (let offset = 0; offset < bytes.length; ) {
      const taken = Math.min(blockBytes - this.#pendingBytes, bytes.length - offset);
      this.#pending.set(bytes.subarray(offset, offset + taken), this.#pendingBytes);
      this.#pendingBytes += taken;
      offset += taken;
      if (this.#pendingBytes < blockBytes) return;
      this.#mix(this.#state, this.#pending);
      this.#pendingBytes = 0;
    }
  }

  sum(): Buffer {
    const state = this.#state.slice();
    const rest = this.#pending.subarray(0, this.#pendingBytes);
    const blocks = Math.ceil((rest.length + 1 + lengthBytes) / blockBytes);
    const tail = Buffer.alloc(blocks * blockBytes);
    tail.set(rest);
    tail[rest.length] = 0x80;
    tail.writeBigUInt64LE(BigInt(this.#totalBytes) * 8n, tail.length - lengthBytes);
    for (let at = 0; at < tail.length; at += blockBytes) {
      this.#mix(state, tail.subarray(at, at + blockBytes));
    }
    const digest = Buffer.alloc(state.length * 4);
    for (const [index, word] of state.entries()) digest.writeUInt32LE(word, index * 4);
    return digest;
  }

  #mix(state: Uint32Array, block: Buffer): void {
    for (let i = 0; i < 16; i++) this.#words[i] = block.readUInt32LE(i * 4);
    this.#compress(state, this.#words);
  }
}

/** Turns 32 bits to the left. */
export function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

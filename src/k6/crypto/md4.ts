/** MD4 (RFC 1320): three rounds of sixteen steps over a state of four words. Broken, and still asked for by NTLM. */
import { BlockDigest, type Digest, rotate } from "./block-digest.ts";

const initial = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

interface Round {
  readonly mix: (x: number, y: number, z: number) => number;
  readonly constant: number;
  /** Which word a step reads. */
  readonly order: readonly number[];
  readonly shifts: readonly [number, number, number, number];
}

const rounds: readonly Round[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

/** A fresh MD4. */
export function createMd4(): Digest {
  return new BlockDigest(initial, compress);
}

function compress(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (const { mix, constant, order, shifts } of rounds) {
    for (const [step, word] of order.entries()) {
      const turned = rotate((a + mix(b, c, d) + words[word]! + constant) | 0, shifts[step % 4]!);
      [a, b, c, d] = [d, turned, b, c];
    }
  }
  for (const [index, value] of [a, b, c, d].entries()) state[index] = state[index]! + value;
}

/**
 * RIPEMD-160 (H. Dobbertin, A. Bosselaers, B. Preneel, 1996): two lines of five rounds of sixteen steps each, over a state
 * of five words, added crosswise at the end. The tables are those of the paper's pseudo-code.
 */
import { BlockDigest, type Digest, rotate } from "./block-digest.ts";

const initial = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

type Mix = (x: number, y: number, z: number) => number;

const functions: readonly Mix[] = [
  (x, y, z) => x ^ y ^ z,
  (x, y, z) => (x & y) | (~x & z),
  (x, y, z) => (x | ~y) ^ z,
  (x, y, z) => (x & z) | (y & ~z),
  (x, y, z) => x ^ (y | ~z),
];

/** One of the two lines: the word that each step reads, how far it turns, and the constant and function of each round. */
interface Line {
  readonly order: readonly number[];
  readonly shifts: readonly number[];
  readonly constants: readonly number[];
  readonly functions: readonly Mix[];
}

const left: Line = {
  order: digits(
    "0123456789abcdef 74d1a6f3c0952eb8 3ae49f812706db5c 19ba08c4d37fe562 40597c2ae138b6fd",
  ),
  shifts: digits(
    "befc5879bdef6798 768db97f7cf9b7dc bd67e9dfe8d65c75 bcefef989e56865c 9f5b68dc5cdeb856",
  ),
  constants: [0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e],
  functions,
};

const right: Line = {
  order: digits(
    "5e7092b4d6f81a3c 6b370d5aef8c4912 f5137e69b8c2a04d 86413bf05c2d97ae cfa4158762de039b",
  ),
  shifts: digits(
    "899bdff5778beec6 9df7c89b77c76fdb 97fb866ecd5edd75 f58bee6e69c9c5f8 85c9c5e68d65fdbb",
  ),
  constants: [0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0],
  functions: functions.toReversed(),
};

/** A table of numbers below 16, a hexadecimal digit each, a round a word. */
function digits(text: string): number[] {
  return Array.from(text.replaceAll(" ", ""), (digit) => Number.parseInt(digit, 16));
}

/** A fresh RIPEMD-160. */
export function createRipemd160(): Digest {
  return new BlockDigest(initial, compress);
}

function compress(state: Uint32Array, words: Uint32Array): void {
  const one = runLine(left, state, words);
  const two = runLine(right, state, words);
  const old = state.slice();
  for (let i = 0; i < 5; i++) {
    state[i] = old[(i + 1) % 5]! + one[(i + 2) % 5]! + two[(i + 3) % 5]!;
  }
}

function runLine(line: Line, state: Uint32Array, words: Uint32Array): readonly number[] {
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
  for (const [step, word] of line.order.entries()) {
    const round = step >> 4;
    const mixed = a + line.functions[round]!(b, c, d) + words[word]! + line.constants[round]!;
    const turned = (rotate(mixed | 0, line.shifts[step]!) + e) | 0;
    [a, b, c, d, e] = [e, turned, b, rotate(c, 10), d];
  }
  return [a, b, c, d, e];
}

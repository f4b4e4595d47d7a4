/**
 * randomSeed: a `Math` per VU whose `random` can be made reproducible without touching the Math of other VUs.
 * The sequence is k6's, which draws from Go's math/rand: x(n) = x(n-607) + x(n-273) modulo 2^64, seeded through the
 * multiplicative generator 48271 modulo 2^31-1; a number is the low 63 bits of x over 2^63.
 */
import type { VuContext } from "./context.ts";
import { goRandomTable } from "./go-random-table.ts";
import { toInt64 } from "./go-values.ts";

const mathByVu = new WeakMap<VuContext, Math>();

/** The VU's own `Math`: everything is inherited from the platform's, until randomSeed gives it its own `random`. */
export function mathOf(vu: VuContext): Math {
  let math = mathByVu.get(vu);
  if (math === undefined) {
    math = Object.create(Math) as Math;
    mathByVu.set(vu, math);
  }
  return math;
}

/** Makes the VU's `Math.random` draw the sequence that k6 draws for this seed. */
export function seedRandom(vu: VuContext, seed: unknown): void {
  const random = createSeededRandom(toInt64(seed));
  Object.defineProperty(mathOf(vu), "random", {
    value: random,
    writable: true,
    configurable: true,
  });
}

const length = 607;
const lag = 273;
const modulus = 2 ** 31 - 1;
/** Go's substitute for a seed of 0, which the multiplicative generator could not leave. */
const zeroSeed = 89_482_311;
/** Steps of the multiplicative generator that are thrown away. */
const warmUpSteps = 20;

function createSeededRandom(seed: bigint): () => number {
  const words = seededState(seed);
  let tap = 0;
  let feed = length - lag;
  const draw = (): number => {
    tap = (tap === 0 ? length : tap) - 1;
    feed = (feed === 0 ? length : feed) - 1;
    const low = words.low[feed]! + words.low[tap]!;
    words.low[feed] = low;
    words.high[feed] = words.high[feed]! + words.high[tap]! + (low > 0xffff_ffff ? 1 : 0);
    return ((words.high[feed]! & 0x7fff_ffff) * 2 ** 32 + words.low[feed]!) / 2 ** 63;
  };
  return () => {
    // The largest values round to 1, which is no result of Math.random: Go draws again.
    for (;;) {
      const value = draw();
      if (value < 1) return value;
    }
  };
}

interface StateWords {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** The state for a seed: three draws of 31 bits make a word, mixed with the table. */
function seededState(seed: bigint): StateWords {
  const table = Buffer.from(goRandomTable, "base64");
  const low = new Uint32Array(length);
  const high = new Uint32Array(length);
  const next = multiplicative(seed);
  for (let i = 0; i < warmUpSteps; i++) next();
  for (let i = 0; i < length; i++) {
    // word = a << 40 ^ b << 20 ^ c, cut into two halves of 32 bits.
    const [a, b, c] = [next(), next(), next()];
    low[i] = ((b << 20) ^ c ^ table.readUInt32LE(8 * i)) >>> 0;
    high[i] = ((a << 8) ^ (b >>> 12) ^ table.readUInt32LE(8 * i + 4)) >>> 0;
  }
  return { low, high };
}

function multiplicative(seed: bigint): () => number {
  const rest = Number(seed % BigInt(modulus));
  let state = rest < 0 ? rest + modulus : rest;
  if (state === 0) state = zeroSeed;
  // 48271 times 31 bits stays below 2^53.
  return () => (state = (48_271 * state) % modulus);
}

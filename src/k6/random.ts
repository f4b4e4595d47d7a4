/**
 * randomSeed: a `Math` per VU whose `random` can be made reproducible without touching the Math of other VUs.
 * The seeded generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32. The sequence is the same
 * in every run, but it is not the one that k6 draws from Go's generator.
 */
import type { VuContext } from "./context.ts";

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

/** Makes the VU's `Math.random` draw a reproducible sequence. */
export function seedRandom(vu: VuContext, seed: number): void {
  const random = createSeededRandom(seed);
  Object.defineProperty(mathOf(vu), "random", {
    value: random,
    writable: true,
    configurable: true,
  });
}

/** A generator of numbers in [0, 1) with 53 random bits, the same for the same seed. */
function createSeededRandom(seed: number): () => number {
  const mix = splitmix32(Math.trunc(seed) | 0, Math.trunc(seed / 2 ** 32) | 0);
  const state = Uint32Array.of(mix(), mix(), mix(), 1);
  for (let i = 0; i < 12; i++) nextSfc32(state);
  return () => ((nextSfc32(state) >>> 5) * 2 ** 26 + (nextSfc32(state) >>> 6)) / 2 ** 53;
}

function splitmix32(low: number, high: number): () => number {
  let counter = low ^ Math.imul(high, 0x85ebca6b);
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let mixed = counter ^ (counter >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

function nextSfc32(state: Uint32Array): number {
  const sum = (state[0]! + state[1]! + state[3]!) >>> 0;
  state[3] = state[3]! + 1;
  state[0] = state[1]! ^ (state[1]! >>> 9);
  state[1] = state[2]! + (state[2]! << 3);
  state[2] = ((state[2]! << 21) | (state[2]! >>> 11)) + sum;
  return sum;
}

/**
 * At most n events in any second, counted by several threads together in memory that they share (BigInt64, times in
 * microseconds of a clock on which they agree):
 *
 *     exceeded | events so far | times of the last n events, in turns
 *
 * An event comes too soon when the one n events before it is less than a second old: exact for every window of a second.
 */

const exceededAt = 0;
const countAt = 1;
const timesAt = 2;
const secondUs = 1_000_000n;

/** Bytes of zeros that a window of `limit` events a second needs. */
export function rateWindowBytes(limit: number): number {
  return (timesAt + limit) * BigInt64Array.BYTES_PER_ELEMENT;
}

export class RateWindow {
  readonly #memory: BigInt64Array;
  readonly #limit: bigint;

  /** @param memory of {@link rateWindowBytes} */
  constructor(memory: BigInt64Array) {
    this.#memory = memory;
    this.#limit = BigInt(memory.length - timesAt);
  }

  /** Events counted so far. */
  get count(): number {
    return Number(Atomics.load(this.#memory, countAt));
  }

  /** Milliseconds within which one event too many came; undefined: the limit was kept. */
  get exceededWithinMs(): number | undefined {
    const exceeded = Atomics.load(this.#memory, exceededAt);
    return exceeded === 0n ? undefined : Number(exceeded - 1n) / 1_000;
  }

  /** Counts an event; false when it is one too many, or comes after one that was. */
  admit(nowMs: number): boolean {
    const memory = this.#memory;
    if (Atomics.load(memory, exceededAt) !== 0n) return false;
    const nowUs = BigInt(Math.round(nowMs * 1_000));
    const nth = Atomics.add(memory, countAt, 1n);
    const beforeUs = Atomics.exchange(memory, timesAt + Number(nth % this.#limit), nowUs);
    if (beforeUs === 0n || nowUs - beforeUs >= secondUs) return true;
    const withinUs = nowUs < beforeUs ? 0n : nowUs - beforeUs; // another thread's clock may be a little ahead
    Atomics.store(memory, exceededAt, withinUs + 1n);
    return false;
  }
}

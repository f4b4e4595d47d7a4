/**
 * The values themselves of a distribution that has few: as long as it has no more than 128, a trend answers as k6 does,
 * which keeps them all. 128 numbers are 1 KB, what a window of buckets takes to cover one doubling of the value: so a
 * trend that is exact is never larger than the same trend in buckets.
 *
 * The list doubles as it grows and keeps its memory when it is cleared, so what records allocates only until it has seen
 * its longest interval.
 */

/** Largest number of values that are kept. */
export const fewLimit = 128;

const firstCapacity = 4;

/** Shared by all lists that have no memory yet. Nothing is ever written to it. */
const noValues: number[] = [];

/** A list of numbers in the order in which they came. */
export class FewValues {
  length = 0;
  #values = noValues;

  add(value: number): void {
    if (this.length === this.#values.length) this.#grow();
    this.#values[this.length++] = value;
  }

  /** Value k, 0 being the one that came first. */
  at(k: number): number {
    return this.#values[k]!;
  }

  /** A copy in ascending order. */
  sorted(): number[] {
    return this.#values.slice(0, this.length).sort((a, b) => a - b);
  }

  /** Empty again; keeps the memory. */
  clear(): void {
    this.length = 0;
  }

  /** Empty again, without memory. */
  release(): void {
    this.length = 0;
    this.#values = noValues;
  }

  /** NaN in the places to come: the engine stores an array that holds it as plain doubles from its first moment on. */
  #grow(): void {
    const capacity = Math.max(firstCapacity, 2 * this.#values.length);
    this.#values = Array.from({ length: capacity }, (_, k) => this.#values[k] ?? Number.NaN);
  }
}

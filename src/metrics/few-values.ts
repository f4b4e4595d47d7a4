/**
 * The values themselves of a distribution that has few different ones: as long as there are no more than 64, a trend
 * answers as k6 does, which keeps them all. 64 values with their counts are 1 KB, what a window of buckets takes to cover
 * one doubling: so a trend that is exact is never larger than the same trend in buckets.
 *
 * Values are appended as they come; when the list is full, and whenever somebody looks, the equal ones are folded into
 * entries at its beginning:
 *
 *     values:  ascending, all different | in the order in which they came
 *     counts:  how often each came      | (once each)
 *              0 …              #folded | …               length
 *
 * The list has room for twice 64, so folding pays for at least 64 values at a time. It keeps its memory when it is
 * cleared: what records allocates only until it has seen its longest interval.
 */

/** Largest number of different values that are kept. */
export const fewLimit = 64;

const room = 2 * fewLimit;
const firstCapacity = 4;

/** Shared by all lists that have no memory yet. Nothing is ever written to it. */
const noNumbers: number[] = [];

/** Values and how often each came. */
export class FewValues {
  /** Number of entries. */
  length = 0;
  #folded = 0;
  #values = noNumbers;
  #counts = noNumbers;

  /** True when there is no room for another value. */
  get isFull(): boolean {
    return this.length === room;
  }

  /** True while every value is an entry of its own, in the order in which they came. */
  get isInOrder(): boolean {
    return this.#folded === 0;
  }

  /** Appends a value; there must be room. */
  add(value: number): void {
    if (this.length === this.#values.length) this.#values = grown(this.#values);
    this.#values[this.length++] = value;
  }

  /** Adds a value that came `times` times; false, and nothing is added, when that would be too many different ones. */
  include(value: number, times: number): boolean {
    if (!this.fold()) return false;
    this.add(value);
    const isIncluded = this.#foldOne(this.length - 1, times);
    this.length = this.#folded;
    return isIncluded;
  }

  /** Folds equal values into one entry each, ascending; false when there are too many different ones. */
  fold(): boolean {
    let next = this.#folded;
    while (next < this.length && this.#foldOne(next, 1)) next++;
    const { length } = this;
    this.length = this.#folded;
    for (let k = next; k < length; k++) this.#values[this.length++] = this.#values[k]!;
    return next === length;
  }

  /** Value of entry k. */
  at(k: number): number {
    return this.#values[k]!;
  }

  /** How often the value of entry k came. */
  timesAt(k: number): number {
    return k < this.#folded ? this.#counts[k]! : 1;
  }

  /** The value of rank `rank` (0 is the smallest) of a folded list. */
  valueOfRank(rank: number): number {
    let k = 0;
    for (let seen = this.timesAt(0); seen <= rank; seen += this.timesAt(k)) k++;
    return this.at(k);
  }

  /** Empty again; keeps the memory. */
  clear(): void {
    this.length = 0;
    this.#folded = 0;
  }

  /** Empty again, without memory. */
  release(): void {
    this.clear();
    this.#values = noNumbers;
    this.#counts = noNumbers;
  }

  /** Folds the value that stands at `from`, which is behind the folded ones. By index: an argument would be boxed. */
  #foldOne(from: number, times: number): boolean {
    const values = this.#values;
    const value = values[from]!;
    const at = this.#place(from);
    if (at < this.#folded && values[at] === value) {
      this.#counts[at]! += times;
      return true;
    }
    if (this.#folded === fewLimit) return false;
    if (this.#folded === this.#counts.length) this.#counts = grown(this.#counts);
    for (let k = this.#folded; k > at; k--) {
      values[k] = values[k - 1]!;
      this.#counts[k] = this.#counts[k - 1]!;
    }
    values[at] = value;
    this.#counts[at] = times;
    this.#folded++;
    return true;
  }

  /** Index of the first folded value that is not less than the one at `from`. */
  #place(from: number): number {
    const value = this.#values[from]!;
    let low = 0;
    let high = this.#folded;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#values[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** NaN in the places to come: the engine stores an array that holds it as plain doubles from its first moment on. */
function grown(numbers: readonly number[]): number[] {
  const length = Math.max(firstCapacity, 2 * numbers.length);
  return Array.from({ length }, (_, k) => numbers[k] ?? Number.NaN);
}

/**
 * Counts of buckets. A series with few different values keeps a short sorted list of (index, count); one with more a
 * dense array over the part of the index range that has been used:
 *
 *   index:   offset   offset + 1   …   offset + counts.length - 1
 *   counts: [   0    |     3     | … |              1            ]
 *
 * The array grows in blocks of 16 buckets, by at least half of itself, and never shrinks. Float64 counts are exact to
 * 2^53. (Measured on 5,000 URLs with five requests each: 0.7 KB a series, with arrays alone 2.5 KB.)
 */

const blockBuckets = 16;
/** Different buckets that the list holds. */
const fewBuckets = 8;

/** Shared by all windows that have no array yet; its length of 0 sends every `add` to the slow path. */
const noCounts = new Float64Array(0);

/** The counts of one sign of a histogram. */
export class BucketWindow {
  #offset = 0;
  #counts: Float64Array = noCounts;
  /** index, count, index, count … by ascending index; the first `#fewLength` pairs are in use. */
  #few: number[] | undefined;
  #fewLength = 0;

  /** Adds `count` values to bucket `index`. */
  add(index: number, count: number): void {
    const slot = index - this.#offset;
    if (slot >= 0 && slot < this.#counts.length) this.#counts[slot]! += count;
    else this.#addOutside(index, count);
  }

  /** Visits the buckets that have values, by ascending index. */
  forEach(visit: (index: number, count: number) => void): void {
    const few = this.#few ?? [];
    for (let pair = 0; pair < this.#fewLength; pair++) visit(few[2 * pair]!, few[2 * pair + 1]!);
    const counts = this.#counts;
    for (let slot = 0; slot < counts.length; slot++) {
      const count = counts[slot]!;
      if (count !== 0) visit(this.#offset + slot, count);
    }
  }

  /** Number of buckets that have values. */
  get occupied(): number {
    let found = 0;
    this.forEach(() => found++);
    return found;
  }

  /** Number of values. */
  get total(): number {
    let sum = 0;
    this.forEach((_, count) => {
      sum += count;
    });
    return sum;
  }

  /** Index of the bucket of the value with rank `rank` (0 is the lowest), which there must be. */
  indexOfRank(rank: number): number {
    const few = this.#few;
    const counts = this.#counts;
    let seen = 0;
    if (few !== undefined) {
      for (let pair = 0; pair < this.#fewLength; pair++) {
        seen += few[2 * pair + 1]!;
        if (seen > rank) return few[2 * pair]!;
      }
    }
    let slot = 0;
    while (slot < counts.length - 1 && seen + counts[slot]! <= rank) seen += counts[slot++]!;
    return this.#offset + slot;
  }

  /** The buckets that have values, by ascending index: index, count, index, count … */
  toPairs(): number[] {
    const pairs = this.#few?.slice(0, 2 * this.#fewLength) ?? [];
    const counts = this.#counts;
    for (let slot = 0; slot < counts.length; slot++) {
      const count = counts[slot]!;
      if (count !== 0) pairs.push(this.#offset + slot, count);
    }
    return pairs;
  }

  /** Joins 2^steps neighbours at a time. */
  coarsen(steps: number): void {
    const coarse = new BucketWindow();
    this.forEach((index, count) => coarse.add(index >> steps, count));
    this.#offset = coarse.#offset;
    this.#counts = coarse.#counts;
    this.#few = coarse.#few;
    this.#fewLength = coarse.#fewLength;
  }

  /** Sets all counts to 0 and keeps the memory. */
  clear(): void {
    this.#fewLength = 0;
    this.#counts.fill(0);
  }

  /** Indices of the first and of the last bucket that has values; undefined when there is none. */
  get ends(): readonly [first: number, last: number] | undefined {
    if (this.#few !== undefined && this.#fewLength > 0)
      return [this.#few[0]!, this.#few[2 * this.#fewLength - 2]!];
    const counts = this.#counts;
    let [first, last] = [0, counts.length - 1];
    while (first <= last && counts[first] === 0) first++;
    while (last > first && counts[last] === 0) last--;
    return first > last ? undefined : [this.#offset + first, this.#offset + last];
  }

  /** The counts, of 2^steps neighbours at a time, without empty buckets at the ends. */
  trimmed(steps: number = 0): { readonly offset: number; readonly counts: readonly number[] } {
    const { ends } = this;
    if (ends === undefined) return { offset: 0, counts: [] };
    const [first, last] = [ends[0] >> steps, ends[1] >> steps];
    const counts = Array.from({ length: last - first + 1 }, () => 0);
    this.forEach((index, count) => {
      counts[(index >> steps) - first]! += count;
    });
    return { offset: first, counts };
  }

  #addOutside(index: number, count: number): void {
    if (count === 0) return;
    if (this.#counts.length === 0) {
      if (this.#addToFew(index, count)) return;
      this.#spread();
    }
    this.#cover(index);
    this.#counts[index - this.#offset]! += count;
  }

  /** Adds to the list; false when that is full. */
  #addToFew(index: number, count: number): boolean {
    this.#few ??= Array.from({ length: 2 * fewBuckets }, () => 0);
    const few = this.#few;
    let at = this.#fewLength;
    while (at > 0 && few[2 * at - 2]! > index) at--;
    if (at > 0 && few[2 * at - 2] === index) {
      few[2 * at - 1]! += count;
      return true;
    }
    if (this.#fewLength === fewBuckets) return false;
    few.copyWithin(2 * at + 2, 2 * at, 2 * this.#fewLength);
    few[2 * at] = index;
    few[2 * at + 1] = count;
    this.#fewLength++;
    return true;
  }

  /** Moves the list into an array. */
  #spread(): void {
    const few = this.#few!;
    for (let pair = 0; pair < this.#fewLength; pair++) {
      this.#cover(few[2 * pair]!);
      this.#counts[few[2 * pair]! - this.#offset]! += few[2 * pair + 1]!;
    }
    this.#few = undefined;
    this.#fewLength = 0;
  }

  /** Makes the array reach bucket `index`. */
  #cover(index: number): void {
    const length = this.#counts.length;
    const block = Math.floor(index / blockBuckets) * blockBuckets;
    if (length === 0) this.#offset = block;
    const end = this.#offset + length;
    if (index >= this.#offset && index < end) return;
    const slack = Math.ceil(length / 2 / blockBuckets) * blockBuckets;
    const from = index < this.#offset ? Math.min(block, this.#offset - slack) : this.#offset;
    const to = index >= end ? Math.max(block + blockBuckets, end + slack) : end;
    const grown = new Float64Array(to - from);
    grown.set(this.#counts, this.#offset - from);
    this.#offset = from;
    this.#counts = grown;
  }
}

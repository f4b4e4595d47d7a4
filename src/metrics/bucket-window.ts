/**
 * Counts of consecutive buckets: a dense array over the part of the index range that has been used.
 *
 *   index:   offset   offset + 1   …   offset + counts.length - 1
 *   counts: [   0    |     3     | … |              1            ]
 *
 * It grows in blocks of 16 buckets, by at least half of itself, and never shrinks. Float64 counts are exact to 2^53.
 */

const blockBuckets = 16;

/** The counts of one sign of a histogram. */
export class BucketWindow {
  #offset = 0;
  #counts = new Float64Array(0);

  /** Adds `count` values to bucket `index`. */
  add(index: number, count: number): void {
    const slot = index - this.#offset;
    if (slot >= 0 && slot < this.#counts.length) this.#counts[slot]! += count;
    else this.#addOutside(index, count);
  }

  /** Visits the buckets that have values, by ascending index. */
  forEach(visit: (index: number, count: number) => void): void {
    const counts = this.#counts;
    for (let slot = 0; slot < counts.length; slot++) {
      const count = counts[slot]!;
      if (count !== 0) visit(this.#offset + slot, count);
    }
  }

  /** Number of buckets that have values. */
  get occupied(): number {
    let found = 0;
    for (const count of this.#counts) if (count !== 0) found++;
    return found;
  }

  /** Number of values. */
  get total(): number {
    let sum = 0;
    for (const count of this.#counts) sum += count;
    return sum;
  }

  /** Index of the bucket of the value with rank `rank` (0 is the lowest). */
  indexOfRank(rank: number): number {
    const counts = this.#counts;
    let seen = 0;
    for (let slot = 0; slot < counts.length; slot++) {
      seen += counts[slot]!;
      if (seen > rank) return this.#offset + slot;
    }
    return this.#offset + counts.length - 1;
  }

  /** Joins 2^steps neighbours at a time. */
  coarsen(steps: number): void {
    const finer = new BucketWindow();
    finer.#offset = this.#offset;
    finer.#counts = this.#counts;
    this.#counts = new Float64Array(0);
    finer.forEach((index, count) => this.add(index >> steps, count));
  }

  /** Sets all counts to 0 and keeps the memory. */
  clear(): void {
    this.#counts.fill(0);
  }

  /** The counts without empty buckets at the ends. */
  trimmed(): { readonly offset: number; readonly counts: readonly number[] } {
    let first = -1;
    let last = -1;
    this.forEach((index) => {
      if (first < 0) first = index - this.#offset;
      last = index - this.#offset;
    });
    if (first < 0) return { offset: 0, counts: [] };
    return { offset: this.#offset + first, counts: [...this.#counts.subarray(first, last + 1)] };
  }

  #addOutside(index: number, count: number): void {
    if (count === 0) return;
    this.#cover(index);
    this.#counts[index - this.#offset]! += count;
  }

  #cover(index: number): void {
    const length = this.#counts.length;
    const block = Math.floor(index / blockBuckets) * blockBuckets;
    if (length === 0) {
      this.#offset = block;
      this.#counts = new Float64Array(blockBuckets);
      return;
    }
    const slack = Math.ceil(length / 2 / blockBuckets) * blockBuckets;
    const end = this.#offset + length;
    const from = index < this.#offset ? Math.min(block, this.#offset - slack) : this.#offset;
    const to = index >= end ? Math.max(block + blockBuckets, end + slack) : end;
    const grown = new Float64Array(to - from);
    grown.set(this.#counts, this.#offset - from);
    this.#offset = from;
    this.#counts = grown;
  }
}

/**
 * The distribution of a trend in bounded memory, mergeable in any order: the values themselves while few are different
 * (few-values.ts), a base-2 exponential histogram beyond.
 *
 * Count, sum, min and max are exact. While the values are there, so is every quantile: k6's formula on k6's numbers.
 *
 * Error of a quantile told by buckets. The k-th smallest value lies in a known bucket (lo, hi] with
 * hi / lo = g = 2^(1/128), and is told as r = 2·lo·hi / (lo + hi). For v = hi the relative error |r - v| / v is
 * (hi - lo) / (hi + lo), for v -> lo it is the same, between them it is less: so every order statistic is told within
 * (g - 1) / (g + 1) = 0.2708 %, stated as 0.28 %. k6's percentile mixes two neighbouring order statistics,
 * a + (b - a)·f with 0 <= f < 1; both weights, 1 - f and f, are positive or zero, so for values of one sign the mixture
 * keeps the bound (up to the rounding of the formula itself). Across zero the bound is 0.28 % of the larger of |a| and
 * |b|. Magnitudes below 2^-64 are told as 0.
 *
 * Nothing is interpolated inside a bucket: at gaps of the distribution that is wrong by up to 30 %. Source:
 * capacity-methods 8, k6-behaviour 6.2.
 *
 * Merging joins the lists of values or adds counts. Whether a list goes over into counts depends on how many values are
 * different, not on how they came together: so any order of merging gives the same distribution; only the last bits of
 * `sum` can differ.
 */
import {
  BucketGrid,
  type HistogramBucket,
  type PlainGrid,
  type SparseGrid,
} from "./bucket-grid.ts";
import { coarsestSchema, finestSchema } from "./buckets.ts";
import { FewValues } from "./few-values.ts";
import type { NumberReader, NumberWriter } from "./numbers.ts";

/** Largest relative error of a quantile at schema 7 among values of one sign. */
export const quantileErrorShare = 0.0028;

/** The plain form of a histogram, as a record file holds it. */
export interface PlainHistogram extends PlainGrid {
  readonly count: number;
  readonly sum: number;
  /** 0 when there are no values. */
  readonly min: number;
  /** 0 when there are no values. */
  readonly max: number;
  /**
   * The values themselves, ascending, and how often each came, while few are different; absent otherwise. They are
   * counted in the buckets as well.
   */
  readonly values?: readonly (readonly [value: number, times: number])[] | undefined;
}

type Totals = Pick<PlainHistogram, "count" | "sum" | "min" | "max">;

/** Stand in a delta where the number of values would. */
const bucketsFollow = -1;
const entriesFollow = -2;

/** Few values, or counts of many on an exponential grid, with exact count, sum, min and max. */
export class ExponentialHistogram {
  /** Number of values. */
  count = 0;
  sum = 0;
  /** Infinity when empty. */
  min: number = Infinity;
  /** -Infinity when empty. */
  max: number = -Infinity;
  /** All values are in `#few`; otherwise `#few` holds the latest, which are not on the grid yet. */
  #isExact = true;
  readonly #few = new FewValues();
  readonly #grid: BucketGrid;

  /** Without a schema: 7, the finest. */
  constructor(schema: number = finestSchema) {
    this.#grid = new BucketGrid(schema);
  }

  /** Buckets an octave are 2^schema. */
  get schema(): number {
    return this.#grid.schema;
  }

  /** Values that are zero, or closer to it than 2^-64. */
  get zeroCount(): number {
    return this.#counted().zeroCount;
  }

  /**
   * Records one finite value. Allocates nothing, except when it has more values, or a wider range of them, than ever.
   * Values are put on the grid a list at a time, so that the compiler has little to inline where a sample is recorded.
   */
  add(value: number): void {
    this.#addToTotals(value);
    if (this.#few.isFull) this.#settle();
    this.#few.add(value);
  }

  /** Adds the values of `other`. The coarser of the two grids is kept. */
  merge(other: ExponentialHistogram): void {
    other.#settle();
    this.#grid.coarsen(other.schema);
    this.#addTotals(other);
    if (other.#isExact) {
      for (let k = 0; k < other.#few.length; k++) {
        this.#include(other.#few.at(k), other.#few.timesAt(k));
      }
    } else {
      this.#countFew();
      this.#grid.merge(other.#grid);
    }
    this.#releaseUnused();
  }

  /** A copy on a coarser grid: exact counts on buckets that join 2^(difference) of these. */
  downscale(schema: number): ExponentialHistogram {
    const copy = new ExponentialHistogram(this.schema);
    copy.merge(this);
    copy.#grid.coarsen(Math.max(schema, coarsestSchema));
    return copy;
  }

  /**
   * k6's percentile: with n values, i = share·(n - 1), between the order statistics floor(i) and ceil(i).
   * `share` is 0 to 1. 0 when empty; the ends are the exact min and max.
   */
  quantile(share: number): number {
    if (this.count === 0) return 0;
    const position = Math.min(Math.max(share, 0), 1) * (this.count - 1);
    const rank = Math.floor(position);
    const fraction = position - rank;
    this.#settle();
    const low = this.#orderStatistic(rank);
    return fraction === 0 ? low : low + (this.#orderStatistic(rank + 1) - low) * fraction;
  }

  /** Mean of the values; 0 when empty. */
  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  /** Back to empty; keeps its memory for the values to come. */
  reset(): void {
    this.count = 0;
    this.sum = 0;
    this.min = Infinity;
    this.max = -Infinity;
    this.#few.clear();
    if (!this.#isExact) this.#grid.clear();
    this.#isExact = true;
  }

  /** Buckets with values above zero, ascending. */
  positiveBuckets(): readonly HistogramBucket[] {
    return this.#counted().positiveBuckets();
  }

  /**
   * The counts on the finest grid on which neither sign has more than `limit` (2 or more) buckets from its first to its
   * last: going down by a schema joins two neighbours, exactly.
   */
  bucketsWithin(limit: number): PlainGrid {
    return this.#counted().toPlainWithin(limit);
  }

  /** Its buckets alone, however few the values are: made for who sends them on. */
  toSparse(): SparseGrid {
    return this.#counted().toSparse();
  }

  toPlain(): PlainHistogram {
    const { count, sum } = this;
    const { negative, ...grid } = this.#counted().toPlain();
    const isEmpty = count === 0;
    return {
      ...grid,
      count,
      // Adding 0 makes 0 of -0, which JSON cannot hold.
      sum: sum + 0,
      min: isEmpty ? 0 : this.min + 0,
      max: isEmpty ? 0 : this.max + 0,
      ...(negative === undefined ? {} : { negative }),
      ...(this.#isExact && !isEmpty ? { values: this.#entries() } : {}),
    };
  }

  /** The inverse of {@link toPlain}. */
  static fromPlain(plain: PlainHistogram): ExponentialHistogram {
    const made = new ExponentialHistogram(plain.schema);
    if (plain.count === 0) return made;
    made.#addTotals(plain);
    if (plain.values === undefined) {
      made.#isExact = false;
      made.#grid.addPlain(plain);
    } else {
      for (const [value, times] of plain.values) made.#include(value, times);
    }
    return made;
  }

  /** Writes everything as numbers; layout in delta.ts. */
  write(writer: NumberWriter): void {
    const few = this.#few;
    if (this.#isExact && few.isInOrder) {
      writer.push(few.length);
      for (let k = 0; k < few.length; k++) writer.push(few.at(k));
      return;
    }
    this.#settle();
    writer.push(this.#isExact ? entriesFollow : bucketsFollow);
    for (const total of [this.count, this.sum, this.min, this.max]) writer.push(total);
    if (!this.#isExact) {
      this.#grid.write(writer);
      return;
    }
    writer.push(few.length);
    for (let k = 0; k < few.length; k++) {
      writer.push(few.at(k));
      writer.push(few.timesAt(k));
    }
  }

  /** Adds what a histogram of the same schema wrote. */
  read(reader: NumberReader): void {
    const kind = reader.next();
    // One by one, so that a sum over one worker adds up in k6's order.
    for (let left = kind; left > 0; left--) this.#addOfOther(reader.next());
    if (kind < 0) {
      const [count, sum] = [reader.next(), reader.next()];
      this.#addTotals({ count, sum, min: reader.next(), max: reader.next() });
    }
    if (kind === entriesFollow) {
      for (let left = reader.next(); left > 0; left--) this.#include(reader.next(), reader.next());
    } else if (kind === bucketsFollow) {
      this.#countFew();
      this.#grid.read(reader);
    }
    this.#releaseUnused();
  }

  #addToTotals(value: number): void {
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  #addTotals(other: Totals): void {
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  #addOfOther(value: number): void {
    if (this.#isExact) {
      this.add(value);
    } else {
      this.#addToTotals(value);
      this.#grid.add(value, 1);
    }
  }

  /** Adds a value that is in the totals already. */
  #include(value: number, times: number): void {
    if (this.#isExact && this.#few.include(value, times)) return;
    this.#countFew();
    this.#grid.add(value, times);
  }

  /** Decides whether the values are still few, and makes room in the list. */
  #settle(): void {
    if (!this.#isExact || !this.#few.fold()) this.#countFew();
  }

  /** Puts the list on the grid. */
  #countFew(): void {
    this.#isExact = false;
    this.#countOn(this.#grid);
    this.#few.clear();
  }

  #countOn(grid: BucketGrid): void {
    for (let k = 0; k < this.#few.length; k++) grid.add(this.#few.at(k), this.#few.timesAt(k));
  }

  /** What sums others up is never reset: once it counts, it has no more use for its list. */
  #releaseUnused(): void {
    if (this.#isExact) return;
    this.#countFew();
    this.#few.release();
  }

  /** All values as counts; to be read only. */
  #counted(): BucketGrid {
    this.#settle();
    if (!this.#isExact) return this.#grid;
    const grid = new BucketGrid(this.schema);
    this.#countOn(grid);
    return grid;
  }

  /** Adding 0 makes 0 of -0, which JSON cannot hold. */
  #entries(): (readonly [value: number, times: number])[] {
    const few = this.#few;
    return Array.from({ length: few.length }, (_, k) => [few.at(k) + 0, few.timesAt(k)] as const);
  }

  /** The value of rank `rank` (0 is the smallest) once settled: itself, or told by its bucket. */
  #orderStatistic(rank: number): number {
    if (this.#isExact) return this.#few.valueOfRank(rank);
    if (rank <= 0) return this.min;
    if (rank >= this.count - 1) return this.max;
    return Math.min(Math.max(this.#grid.valueOfRank(rank), this.min), this.max);
  }
}

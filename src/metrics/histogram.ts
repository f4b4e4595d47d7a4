/**
 * The distribution of a trend in bounded memory, mergeable in any order: the values themselves while they are few
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
 * Merging joins the lists of values or adds counts, and the list goes over into counts at a number of values that does
 * not depend on how they came together: so any order of merging gives the same distribution; only the last bits of `sum`
 * can differ.
 */
import { BucketGrid, type HistogramBucket, type PlainGrid } from "./bucket-grid.ts";
import { coarsestSchema, finestSchema } from "./buckets.ts";
import { fewLimit, FewValues } from "./few-values.ts";
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
  /** The values themselves, ascending, while they are few; absent otherwise. They are counted in the buckets as well. */
  readonly values?: readonly number[] | undefined;
}

type Totals = Pick<PlainHistogram, "count" | "sum" | "min" | "max">;

/** Stands in a delta where the number of values would: totals and buckets follow. */
const bucketsFollow = -1;

/** Few values, or counts of many on an exponential grid, with exact count, sum, min and max. */
export class ExponentialHistogram {
  /** Number of values. */
  count = 0;
  sum = 0;
  /** Infinity when empty. */
  min: number = Infinity;
  /** -Infinity when empty. */
  max: number = -Infinity;
  /** Every value there ever was is in `#few`; otherwise `#few` holds the latest, which are not in `#grid` yet. */
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
    if (this.#few.length === fewLimit) this.#countFew();
    this.#few.add(value);
  }

  /** Adds the values of `other`. The coarser of the two grids is kept. */
  merge(other: ExponentialHistogram): void {
    this.#grid.coarsen(other.schema);
    if (other.#isExact) {
      this.#expect(other.#few.length);
      for (let k = 0; k < other.#few.length; k++) this.#include(other.#few.at(k));
    } else {
      this.#expect(Infinity);
      this.#addTotals(other);
      this.#grid.merge(other.#counted());
    }
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
    const sorted = this.#isExact ? this.#few.sorted() : undefined;
    const low = sorted?.[rank] ?? this.#told(rank);
    if (fraction === 0) return low;
    const high = sorted?.[rank + 1] ?? this.#told(rank + 1);
    return low + (high - low) * fraction;
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
      ...(this.#isExact && !isEmpty ? { values: this.#few.sorted().map((each) => each + 0) } : {}),
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
      for (const value of plain.values) made.#few.add(value);
    }
    return made;
  }

  /** Writes everything as numbers; layout in delta.ts. */
  write(writer: NumberWriter): void {
    if (this.#isExact) {
      writer.push(this.#few.length);
      for (let k = 0; k < this.#few.length; k++) writer.push(this.#few.at(k));
      return;
    }
    writer.push(bucketsFollow);
    for (const total of [this.count, this.sum, this.min, this.max]) writer.push(total);
    this.#counted().write(writer);
  }

  /** Adds what a histogram of the same schema wrote. */
  read(reader: NumberReader): void {
    const values = reader.next();
    if (values !== bucketsFollow) {
      this.#expect(values);
      for (let left = values; left > 0; left--) this.#include(reader.next());
      return;
    }
    this.#expect(Infinity);
    const [count, sum] = [reader.next(), reader.next()];
    this.#addTotals({ count, sum, min: reader.next(), max: reader.next() });
    this.#grid.read(reader);
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

  /** Before `values` more come from elsewhere: when they are too many to keep, this counts, and lets go of its list. */
  #expect(values: number): void {
    if (this.#isExact && this.#few.length + values <= fewLimit) return;
    this.#countFew();
    this.#few.release();
  }

  /** Adds one of the values that were expected. */
  #include(value: number): void {
    this.#addToTotals(value);
    if (this.#isExact) this.#few.add(value);
    else this.#grid.add(value);
  }

  /** Puts the list on the grid. */
  #countFew(): void {
    this.#isExact = false;
    for (let k = 0; k < this.#few.length; k++) this.#grid.add(this.#few.at(k));
    this.#few.clear();
  }

  /** All values as counts; to be read only. */
  #counted(): BucketGrid {
    if (!this.#isExact) {
      this.#countFew();
      return this.#grid;
    }
    const grid = new BucketGrid(this.schema);
    for (let k = 0; k < this.#few.length; k++) grid.add(this.#few.at(k));
    return grid;
  }

  /** The value of rank `rank` (0 is the smallest), told by its bucket. */
  #told(rank: number): number {
    if (rank <= 0) return this.min;
    if (rank >= this.count - 1) return this.max;
    return Math.min(Math.max(this.#counted().valueOfRank(rank), this.min), this.max);
  }
}

/**
 * A base-2 exponential histogram: the distribution of a trend in bounded memory, mergeable without loss.
 *
 * Error of a quantile. Count, sum, min and max are exact. The k-th smallest value lies in a known bucket (lo, hi] with
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
 * Merging adds counts, so any order of merging gives the same histogram; only the last bits of `sum` can differ.
 */
import {
  bucketIndex,
  coarsestSchema,
  finestSchema,
  lowerBound,
  representative,
  upperBound,
  zeroThreshold,
} from "./buckets.ts";
import { BucketWindow } from "./bucket-window.ts";
import type { NumberReader, NumberWriter } from "./numbers.ts";

/** Largest relative error of a quantile at schema 7 among values of one sign. */
export const quantileErrorShare = 0.0028;

/**
 * The plain form of a histogram, as a record file holds it. `counts[k]` values lie in bucket i = `offset + k`: above
 * 2^(i / 2^schema), up to and including 2^((i + 1) / 2^schema). (Prometheus' native histograms call it i + 1.)
 */
export interface PlainHistogram {
  readonly schema: number;
  readonly zeroCount: number;
  readonly offset: number;
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
  /** 0 when there are no values. */
  readonly min: number;
  /** 0 when there are no values. */
  readonly max: number;
  /** Buckets of the magnitudes of negative values; absent without any. */
  readonly negative?: { readonly offset: number; readonly counts: readonly number[] };
}

/** One bucket that has values: those above `low`, up to and including `high`. */
export interface HistogramBucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Counts of values on an exponential grid, with exact count, sum, min and max. */
export class ExponentialHistogram {
  /** Number of values. */
  count = 0;
  sum = 0;
  /** Infinity when empty. */
  min: number = Infinity;
  /** -Infinity when empty. */
  max: number = -Infinity;
  /** Values that are zero, or closer to it than 2^-64. */
  zeroCount = 0;
  #schema: number;
  readonly #positive = new BucketWindow();
  #negative: BucketWindow | undefined;

  /** Without a schema: 7, the finest. */
  constructor(schema: number = finestSchema) {
    this.#schema = schema;
  }

  /** Buckets an octave are 2^schema. */
  get schema(): number {
    return this.#schema;
  }

  /** Records one finite value. Allocates nothing, except when the range of values grows. */
  add(value: number): void {
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (value >= zeroThreshold) {
      this.#positive.add(bucketIndex(value) >> (finestSchema - this.#schema), 1);
    } else if (value <= -zeroThreshold) {
      this.#addNegative(bucketIndex(-value) >> (finestSchema - this.#schema), 1);
    } else {
      this.zeroCount++;
    }
  }

  /** Adds the values of `other`. The coarser of the two grids is kept. */
  merge(other: ExponentialHistogram): void {
    if (other.#schema < this.#schema) this.#coarsen(other.#schema);
    this.#addTotals(other);
    const steps = other.#schema - this.#schema;
    other.#positive.forEach((index, count) => this.#positive.add(index >> steps, count));
    other.#negative?.forEach((index, count) => this.#addNegative(index >> steps, count));
  }

  /** A copy on a coarser grid: exact counts on buckets that join 2^(difference) of these. */
  downscale(schema: number): ExponentialHistogram {
    const copy = new ExponentialHistogram(this.#schema);
    copy.merge(this);
    if (schema < this.#schema) copy.#coarsen(Math.max(schema, coarsestSchema));
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
    const low = this.#orderStatistic(rank);
    const fraction = position - rank;
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
    this.zeroCount = 0;
    this.#positive.clear();
    this.#negative?.clear();
  }

  /** Buckets with values above zero, ascending. */
  positiveBuckets(): readonly HistogramBucket[] {
    const found: HistogramBucket[] = [];
    this.#positive.forEach((index, count) => {
      found.push({
        low: lowerBound(index, this.#schema),
        high: upperBound(index, this.#schema),
        count,
      });
    });
    return found;
  }

  toPlain(): PlainHistogram {
    const { count, sum, zeroCount } = this;
    const isEmpty = count === 0;
    return {
      schema: this.#schema,
      zeroCount,
      ...this.#positive.trimmed(),
      count,
      // Adding 0 makes 0 of -0, which JSON cannot hold.
      sum: sum + 0,
      min: isEmpty ? 0 : this.min + 0,
      max: isEmpty ? 0 : this.max + 0,
      ...(this.#negative === undefined ? {} : { negative: this.#negative.trimmed() }),
    };
  }

  /** The inverse of {@link toPlain}. */
  static fromPlain(plain: PlainHistogram): ExponentialHistogram {
    const made = new ExponentialHistogram(plain.schema);
    if (plain.count === 0) return made;
    made.#addTotals(plain);
    plain.counts.forEach((count, k) => made.#positive.add(plain.offset + k, count));
    const { negative } = plain;
    negative?.counts.forEach((count, k) => made.#addNegative(negative.offset + k, count));
    return made;
  }

  /** Writes everything as numbers; layout in delta.ts. */
  write(writer: NumberWriter): void {
    for (const total of [this.count, this.sum, this.min, this.max, this.zeroCount]) {
      writer.push(total);
    }
    for (const side of [this.#positive, this.#negative]) {
      writer.push(side?.occupied ?? 0);
      side?.forEach((index, count) => {
        writer.push(index);
        writer.push(count);
      });
    }
  }

  /** Adds what a histogram of the same schema wrote. */
  read(reader: NumberReader): void {
    this.count += reader.next();
    this.sum += reader.next();
    this.min = Math.min(this.min, reader.next());
    this.max = Math.max(this.max, reader.next());
    this.zeroCount += reader.next();
    for (let left = reader.next(); left > 0; left--) {
      this.#positive.add(reader.next(), reader.next());
    }
    for (let left = reader.next(); left > 0; left--) {
      this.#addNegative(reader.next(), reader.next());
    }
  }

  #addTotals(other: Omit<PlainHistogram, "schema" | "offset" | "counts" | "negative">): void {
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.zeroCount += other.zeroCount;
  }

  #addNegative(index: number, count: number): void {
    this.#negative ??= new BucketWindow();
    this.#negative.add(index, count);
  }

  #coarsen(schema: number): void {
    const steps = this.#schema - schema;
    this.#positive.coarsen(steps);
    this.#negative?.coarsen(steps);
    this.#schema = schema;
  }

  /** The value of rank `rank` (0 is the smallest), told by its bucket. */
  #orderStatistic(rank: number): number {
    if (rank <= 0) return this.min;
    if (rank >= this.count - 1) return this.max;
    return Math.min(Math.max(this.#bucketValue(rank), this.min), this.max);
  }

  #bucketValue(rank: number): number {
    const negatives = this.#negative?.total ?? 0;
    if (rank < negatives) {
      // Mirrored: the smallest value is in the negative bucket with the highest index.
      return -representative(this.#negative!.indexOfRank(negatives - 1 - rank), this.#schema);
    }
    const aboveZero = rank - negatives - this.zeroCount;
    return aboveZero < 0 ? 0 : representative(this.#positive.indexOfRank(aboveZero), this.#schema);
  }
}

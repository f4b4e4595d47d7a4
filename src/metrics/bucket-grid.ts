/**
 * Counts of values on the grid of an exponential histogram: a window of buckets above zero, a mirrored one below, and a
 * count for zero itself. It knows no values, only which bucket each fell in.
 */
import {
  bucketIndex,
  finestSchema,
  lowerBound,
  representative,
  upperBound,
  zeroThreshold,
} from "./buckets.ts";
import { BucketWindow } from "./bucket-window.ts";
import type { NumberReader, NumberWriter } from "./numbers.ts";

/**
 * The plain form of a grid. `counts[k]` values lie in bucket i = `offset + k`: above 2^(i / 2^schema), up to and including
 * 2^((i + 1) / 2^schema). (Prometheus' native histograms call it i + 1.)
 */
export interface PlainGrid {
  readonly schema: number;
  readonly zeroCount: number;
  readonly offset: number;
  readonly counts: readonly number[];
  /** Buckets of the magnitudes of negative values; absent without any. */
  readonly negative?: { readonly offset: number; readonly counts: readonly number[] };
}

/** Buckets that have values, as index, count, index, count … by ascending index; of negative values by their magnitudes. */
export interface SparseGrid {
  readonly schema: number;
  readonly zeroCount: number;
  readonly positive: readonly number[];
  readonly negative: readonly number[];
}

/** One bucket that has values: those above `low`, up to and including `high`. */
export interface HistogramBucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Counts by bucket, for both signs. */
export class BucketGrid {
  /** Values that are zero, or closer to it than 2^-64. */
  zeroCount = 0;
  #schema: number;
  readonly #positive = new BucketWindow();
  #negative: BucketWindow | undefined;

  constructor(schema: number) {
    this.#schema = schema;
  }

  /** Buckets an octave are 2^schema. */
  get schema(): number {
    return this.#schema;
  }

  /** Counts a finite value that came `times` times. Allocates nothing, except when the range of values grows. */
  add(value: number, times: number): void {
    if (value >= zeroThreshold) {
      this.#positive.add(bucketIndex(value) >> (finestSchema - this.#schema), times);
    } else if (value <= -zeroThreshold) {
      this.#addNegative(bucketIndex(-value) >> (finestSchema - this.#schema), times);
    } else {
      this.zeroCount += times;
    }
  }

  /** Adds the counts of a grid that is not coarser than this. */
  merge(other: BucketGrid): void {
    const steps = other.#schema - this.#schema;
    this.zeroCount += other.zeroCount;
    other.#positive.forEach((index, count) => this.#positive.add(index >> steps, count));
    other.#negative?.forEach((index, count) => this.#addNegative(index >> steps, count));
  }

  /** Joins neighbours until the grid is as coarse as `schema`; does nothing when it is already. */
  coarsen(schema: number): void {
    if (schema >= this.#schema) return;
    const steps = this.#schema - schema;
    this.#positive.coarsen(steps);
    this.#negative?.coarsen(steps);
    this.#schema = schema;
  }

  /** Sets all counts to 0 and keeps the memory. */
  clear(): void {
    this.zeroCount = 0;
    this.#positive.clear();
    this.#negative?.clear();
  }

  /** The number that stands for the value of rank `rank` (0 is the smallest). */
  valueOfRank(rank: number): number {
    const negatives = this.#negative?.total ?? 0;
    if (rank < negatives) {
      // Mirrored: the smallest value is in the negative bucket with the highest index.
      return -representative(this.#negative!.indexOfRank(negatives - 1 - rank), this.#schema);
    }
    const aboveZero = rank - negatives - this.zeroCount;
    return aboveZero < 0 ? 0 : representative(this.#positive.indexOfRank(aboveZero), this.#schema);
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

  /** As {@link PlainGrid}, but with the buckets that have values alone. */
  toSparse(): SparseGrid {
    const { schema, zeroCount } = this;
    const negative = this.#negative?.toPairs() ?? [];
    return { schema, zeroCount, positive: this.#positive.toPairs(), negative };
  }

  toPlain(): PlainGrid {
    return this.#joined(0);
  }

  /** The plain form of the finest grid on which neither sign has more than `limit` buckets from its first to its last. */
  toPlainWithin(limit: number): PlainGrid {
    let steps = 0;
    const widest = [this.#positive.ends, this.#negative?.ends].filter((ends) => ends !== undefined);
    while (widest.some(([first, last]) => (last >> steps) - (first >> steps) >= limit)) steps++;
    return this.#joined(steps);
  }

  /** Adds the counts of a plain form of the same schema. */
  addPlain({ zeroCount, offset, counts, negative }: PlainGrid): void {
    this.zeroCount += zeroCount;
    counts.forEach((count, k) => this.#positive.add(offset + k, count));
    negative?.counts.forEach((count, k) => this.#addNegative(negative.offset + k, count));
  }

  /** Writes everything as numbers; layout in delta.ts. */
  write(writer: NumberWriter): void {
    writer.push(this.zeroCount);
    for (const side of [this.#positive, this.#negative]) {
      writer.push(side?.occupied ?? 0);
      side?.forEach((index, count) => {
        writer.push(index);
        writer.push(count);
      });
    }
  }

  /** Adds what a grid of the same schema wrote. */
  read(reader: NumberReader): void {
    this.zeroCount += reader.next();
    for (let left = reader.next(); left > 0; left--) {
      this.#positive.add(reader.next(), reader.next());
    }
    for (let left = reader.next(); left > 0; left--) {
      this.#addNegative(reader.next(), reader.next());
    }
  }

  /** Of 2^steps neighbours at a time. */
  #joined(steps: number): PlainGrid {
    const { zeroCount } = this;
    const negative =
      this.#negative === undefined ? {} : { negative: this.#negative.trimmed(steps) };
    return {
      schema: this.#schema - steps,
      zeroCount,
      ...this.#positive.trimmed(steps),
      ...negative,
    };
  }

  #addNegative(index: number, count: number): void {
    this.#negative ??= new BucketWindow();
    this.#negative.add(index, count);
  }
}

/**
 * What one store recorded since its last drain, in a form that crosses threads cheaply: new series by name once,
 * then numbers only.
 *
 *     numbers:  series id, then  counter: sum                        gauge: last, min, max
 *                                rate:    total, trues
 *                                trend:   count, sum, min, max, zeros, above x L, positive buckets, negative buckets
 *               a bucket list is its length and (index, count) pairs; L is the metric's number of tracked limits
 */
import type { ExponentialHistogram } from "./histogram.ts";
import type { Metric } from "./sample.ts";

/** A series, said once by each store. */
export interface SeriesDefinition {
  readonly id: number;
  readonly metric: Metric;
  readonly tags: Readonly<Record<string, string>>;
  /** Limits whose exceedances are counted, for trends. */
  readonly limits: readonly number[];
}

export interface MetricDelta {
  readonly definitions: readonly SeriesDefinition[];
  readonly numbers: Float64Array;
}

/** A growing list of numbers. */
export class NumberWriter {
  #numbers = new Float64Array(256);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = value;
  }

  pushHistogram(histogram: ExponentialHistogram, above: readonly number[]): void {
    this.push(histogram.count);
    this.push(histogram.sum);
    this.push(histogram.min);
    this.push(histogram.max);
    this.push(histogram.zeroCount);
    for (const count of above) this.push(count);
    this.#pushBuckets(histogram, false);
    this.#pushBuckets(histogram, true);
  }

  finish(): Float64Array {
    return this.#numbers.slice(0, this.#length);
  }

  #pushBuckets(histogram: ExponentialHistogram, negative: boolean): void {
    const lengthAt = this.#length;
    this.push(0);
    let length = 0;
    histogram.forEachBucket((index, count, isNegative) => {
      if (isNegative !== negative) return;
      this.push(index);
      this.push(count);
      length++;
    });
    this.#numbers[lengthAt] = length;
  }
}

/** Reads the numbers of a delta from front to back. */
export class NumberReader {
  readonly #numbers: Float64Array;
  #at = 0;

  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#numbers.length;
  }

  next(): number {
    return this.#numbers[this.#at++]!;
  }

  /** Calls `visit` for each bucket of the list that comes next. */
  eachBucket(visit: (index: number, count: number) => void): void {
    const length = this.next();
    for (let k = 0; k < length; k++) visit(this.next(), this.next());
  }
}

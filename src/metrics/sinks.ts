/** Aggregated values of a metric or sub-metric, with the statistics that k6 prints (k6: 6.2). */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { NumberReader } from "./delta.ts";
import { ExponentialHistogram } from "./histogram.ts";
import type { MetricType } from "./sample.ts";

/** What samples of a metric add up to. */
export interface Sink {
  readonly type: MetricType;
  readonly isEmpty: boolean;
  /** Adds the numbers of one series of a delta. */
  read(reader: NumberReader): void;
  /** Adds another sink of the same type. */
  merge(other: this): void;
  /** k6's summary values; `statistics` names those of a trend. */
  values(options: { durationMs: number; statistics: readonly string[] }): Record<string, number>;
}

export class CounterSink implements Sink {
  readonly type = "counter";
  sum = 0;
  isEmpty = true;

  read(reader: NumberReader): void {
    this.sum += reader.next();
    this.isEmpty = false;
  }
  merge(other: CounterSink): void {
    this.sum += other.sum;
    this.isEmpty &&= other.isEmpty;
  }
  values({ durationMs }: { durationMs: number }): Record<string, number> {
    return { count: this.sum, rate: durationMs > 0 ? this.sum / (durationMs / 1_000) : 0 };
  }
}

export class GaugeSink implements Sink {
  readonly type = "gauge";
  last = 0;
  min = 0;
  max = 0;
  isEmpty = true;

  read(reader: NumberReader): void {
    this.#include(reader.next(), reader.next(), reader.next());
  }
  merge(other: GaugeSink): void {
    if (!other.isEmpty) this.#include(other.last, other.min, other.max);
  }
  values(): Record<string, number> {
    return { value: this.last, min: this.min, max: this.max };
  }

  #include(last: number, min: number, max: number): void {
    this.last = last;
    this.min = this.isEmpty ? min : Math.min(this.min, min);
    this.max = this.isEmpty ? max : Math.max(this.max, max);
    this.isEmpty = false;
  }
}

export class RateSink implements Sink {
  readonly type = "rate";
  total = 0;
  /** Samples that were not zero. */
  trues = 0;

  get isEmpty(): boolean {
    return this.total === 0;
  }
  get rate(): number {
    return this.total === 0 ? 0 : this.trues / this.total;
  }
  read(reader: NumberReader): void {
    this.total += reader.next();
    this.trues += reader.next();
  }
  merge(other: RateSink): void {
    this.total += other.total;
    this.trues += other.trues;
  }
  values(): Record<string, number> {
    return { rate: this.rate, passes: this.trues, fails: this.total - this.trues };
  }
}

export class TrendSink implements Sink {
  readonly type = "trend";
  readonly histogram: ExponentialHistogram = new ExponentialHistogram();
  /** Limits whose exceedances are counted exactly, and how many samples exceed each. */
  readonly limits: readonly number[];
  readonly above: number[];

  constructor(limits: readonly number[] = []) {
    this.limits = limits;
    this.above = limits.map(() => 0);
  }

  get isEmpty(): boolean {
    return this.histogram.count === 0;
  }
  /** Mean; 0 when empty. */
  get avg(): number {
    return this.isEmpty ? 0 : this.histogram.sum / this.histogram.count;
  }

  read(reader: NumberReader): void {
    const { histogram } = this;
    histogram.mergeTotals({ count: reader.next(), sum: reader.next(), min: reader.next(), max: reader.next() });
    histogram.mergeZeros(reader.next());
    for (let k = 0; k < this.above.length; k++) this.above[k]! += reader.next();
    reader.eachBucket((index, count) => histogram.mergeBucket(index, count));
    reader.eachBucket((index, count) => histogram.mergeNegativeBucket(index, count));
  }
  merge(other: TrendSink): void {
    this.histogram.merge(other.histogram);
    for (const [k, count] of other.above.entries()) this.above[k]! += count;
  }
  values({ statistics }: { statistics: readonly string[] }): Record<string, number> {
    return Object.fromEntries(statistics.map((name) => [name, this.statistic(name)]));
  }

  /** One statistic by its k6 name; all are 0 when there are no samples. */
  statistic(name: string): number {
    if (this.isEmpty) return 0;
    switch (name) {
      case "avg":
        return this.avg;
      case "min":
        return this.histogram.min;
      case "med":
        return this.histogram.quantile(0.5);
      case "max":
        return this.histogram.max;
      case "count":
        return this.histogram.count;
      default:
        return this.histogram.quantile(parseTrendStat(name).share!);
    }
  }
}

/** A new sink for metrics of a type. */
export function createSink(type: MetricType, limits: readonly number[] = []): Sink {
  switch (type) {
    case "counter":
      return new CounterSink();
    case "gauge":
      return new GaugeSink();
    case "rate":
      return new RateSink();
    case "trend":
      return new TrendSink(limits);
  }
}

const plainStatistics: readonly string[] = ["avg", "min", "med", "max", "count"];

/**
 * A trend statistic by its k6 name: avg, min, med, max, count, p(N) with N from 0 to 100.
 * @throws LakhError TREND_STAT with k6's text, exit code 255
 */
export function parseTrendStat(name: string): { readonly name: string; readonly share: number | undefined } {
  if (plainStatistics.includes(name)) return { name, share: undefined };
  const percent = Number(/^p\(([\d.]+)\)$/u.exec(name)?.[1] ?? Number.NaN);
  if (percent >= 0 && percent <= 100) return { name, share: percent / 100 };
  throw new LakhError("TREND_STAT", `invalid trend stat '${name}', unknown format`, {
    hint: "one of avg, min, med, max, count, p(N) with N from 0 to 100",
    exitCode: exitCodes.generic,
  });
}

/**
 * What the samples of one series, or of many, add up to: one class for each of k6's metric types.
 * The same classes record in a worker (`add`), travel (`write`, `read`) and are summed on the main thread (`merge`).
 * Reference: k6-behaviour 6.2.
 */
import { ExponentialHistogram } from "./histogram.ts";
import type { NumberReader, NumberWriter } from "./numbers.ts";
import type { MetricType } from "./sample.ts";
import type { TrendStat } from "./trend-stats.ts";

/** The sink of any metric; `type` tells them apart. */
export type Sink = CounterSink | GaugeSink | RateSink | TrendSink;

/** What a sink's values are relative to. */
export interface ValueOptions {
  /** Length of the run (or interval), for rates per second. */
  readonly durationMs: number;
  /** Statistics of a trend. */
  readonly trendStats: readonly TrendStat[];
}

/** Numbers samples of gauges in the order in which they came; shared by all sinks whose order matters. */
export interface Sequence {
  last: number;
}

/** A new, empty sink. */
export function createSink(
  type: MetricType,
  parts: { readonly limits?: readonly number[]; readonly sequence?: Sequence } = {},
): Sink {
  switch (type) {
    case "counter":
      return new CounterSink();
    case "gauge":
      return new GaugeSink(parts.sequence);
    case "rate":
      return new RateSink();
    case "trend":
      return new TrendSink(parts.limits);
  }
}

/** Adds one sink to another of the same type. */
export function mergeSinks(into: Sink, from: Sink): void {
  if (into.type === "counter" && from.type === "counter") into.merge(from);
  else if (into.type === "gauge" && from.type === "gauge") into.merge(from);
  else if (into.type === "rate" && from.type === "rate") into.merge(from);
  else if (into.type === "trend" && from.type === "trend") into.merge(from);
  else throw new TypeError(`a ${from.type} cannot be merged into a ${into.type}`);
}

/** A sum. */
export class CounterSink {
  readonly type = "counter";
  samples = 0;
  sum = 0;

  get isEmpty(): boolean {
    return this.samples === 0;
  }

  add(value: number): void {
    this.samples++;
    this.sum += value;
  }

  merge(other: CounterSink): void {
    this.samples += other.samples;
    this.sum += other.sum;
  }

  reset(): void {
    this.samples = 0;
    this.sum = 0;
  }

  write(writer: NumberWriter): void {
    writer.push(this.samples);
    writer.push(this.sum);
  }

  read(reader: NumberReader): void {
    this.samples += reader.next();
    this.sum += reader.next();
  }

  /** {count, rate}: the sum, and the sum a second (0 for a run of no length). */
  values({ durationMs }: Pick<ValueOptions, "durationMs">): Record<string, number> {
    return { count: this.sum, rate: durationMs > 0 ? (this.sum * 1_000) / durationMs : 0 };
  }
}

/** The latest value, with the smallest and largest. */
export class GaugeSink {
  readonly type = "gauge";
  last = 0;
  /** Infinity when empty. */
  min: number = Infinity;
  /** -Infinity when empty. */
  max: number = -Infinity;
  /** Number of the latest sample in the common order; 0 when empty. */
  order = 0;
  readonly #sequence: Sequence;

  constructor(sequence: Sequence = { last: 0 }) {
    this.#sequence = sequence;
  }

  get isEmpty(): boolean {
    return this.order === 0;
  }

  add(value: number): void {
    this.order = ++this.#sequence.last;
    this.last = value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  merge(other: GaugeSink): void {
    if (other.order > this.order) {
      this.order = other.order;
      this.last = other.last;
    }
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  reset(): void {
    this.order = 0;
    this.last = 0;
    this.min = Infinity;
    this.max = -Infinity;
  }

  write(writer: NumberWriter): void {
    writer.push(this.last);
    writer.push(this.min);
    writer.push(this.max);
  }

  /** What is read counts as newer than all before. */
  read(reader: NumberReader): void {
    this.order = ++this.#sequence.last;
    this.last = reader.next();
    this.min = Math.min(this.min, reader.next());
    this.max = Math.max(this.max, reader.next());
  }

  /** {value, min, max}; zeros when empty. */
  values(): Record<string, number> {
    if (this.isEmpty) return { value: 0, min: 0, max: 0 };
    return { value: this.last, min: this.min, max: this.max };
  }
}

/** How many samples were not zero. */
export class RateSink {
  readonly type = "rate";
  total = 0;
  trues = 0;

  get isEmpty(): boolean {
    return this.total === 0;
  }

  /** Share of the samples that were not zero; 0 when empty. */
  get rate(): number {
    return this.total === 0 ? 0 : this.trues / this.total;
  }

  add(value: number): void {
    this.total++;
    if (value !== 0) this.trues++;
  }

  merge(other: RateSink): void {
    this.total += other.total;
    this.trues += other.trues;
  }

  reset(): void {
    this.total = 0;
    this.trues = 0;
  }

  write(writer: NumberWriter): void {
    writer.push(this.total);
    writer.push(this.trues);
  }

  read(reader: NumberReader): void {
    this.total += reader.next();
    this.trues += reader.next();
  }

  /** {rate, passes, fails}. */
  values(): Record<string, number> {
    return { rate: this.rate, passes: this.trues, fails: this.total - this.trues };
  }
}

/** A distribution, and exact counts of the values above given limits. */
export class TrendSink {
  readonly type = "trend";
  readonly histogram: ExponentialHistogram = new ExponentialHistogram();
  readonly limits: readonly number[];
  /** Values above limit k, exactly. */
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
    return this.histogram.mean;
  }

  add(value: number): void {
    this.histogram.add(value);
    const { limits, above } = this;
    for (let k = 0; k < limits.length; k++) if (value > limits[k]!) above[k]!++;
  }

  /** How many values lie above a tracked limit; undefined for a limit that is not tracked. */
  countAbove(limit: number): number | undefined {
    return this.above[this.limits.indexOf(limit)];
  }

  merge(other: TrendSink): void {
    this.histogram.merge(other.histogram);
    for (const [k, limit] of this.limits.entries()) this.above[k]! += other.countAbove(limit) ?? 0;
  }

  reset(): void {
    this.histogram.reset();
    this.above.fill(0);
  }

  write(writer: NumberWriter): void {
    this.histogram.write(writer);
    for (const count of this.above) writer.push(count);
  }

  /** Reads what a sink with the same limits wrote. */
  read(reader: NumberReader): void {
    this.histogram.read(reader);
    for (let k = 0; k < this.above.length; k++) this.above[k]! += reader.next();
  }

  /** One value for each statistic, under its name. */
  values({ trendStats }: Pick<ValueOptions, "trendStats">): Record<string, number> {
    return Object.fromEntries(trendStats.map((stat) => [stat.name, stat.of(this.histogram)]));
  }
}

/** How many samples it has taken; of a gauge, where its latest stands among those of all gauges. It grows with each sample. */
export function sampleCountOf(sink: Sink): number {
  switch (sink.type) {
    case "counter":
      return sink.samples;
    case "gauge":
      return sink.order;
    case "rate":
      return sink.total;
    case "trend":
      return sink.histogram.count;
  }
}

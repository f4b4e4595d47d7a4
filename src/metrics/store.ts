/**
 * Where a worker records: one handle for each (metric, tag set), and a drain that gives what came in since the last.
 * Recording adds to fields and array items of objects that exist already, so it allocates nothing (bench/micro).
 */
import { type MetricDelta, NumberWriter, type SeriesDefinition } from "./delta.ts";
import { ExponentialHistogram } from "./histogram.ts";
import type { MetricRegistry } from "./registry.ts";
import type { Metric, Series, TagSet } from "./sample.ts";

/** A series that can be drained. */
interface RecordingSeries extends Series {
  /** Samples since the last drain. */
  readonly pending: number;
  /** Writes the numbers and begins anew. */
  drainInto(writer: NumberWriter): void;
}

export class SampleStore {
  readonly #registry: MetricRegistry;
  readonly #byMetric = new Map<Metric, Map<TagSet, RecordingSeries>>();
  readonly #all: RecordingSeries[] = [];
  readonly #limits = new Map<string, readonly number[]>();
  #announced = 0;

  constructor(registry: MetricRegistry) {
    this.#registry = registry;
  }

  /** The handle of (metric, tags); the same object for the same arguments. */
  series(metric: Metric, tags: TagSet): Series {
    let byTags = this.#byMetric.get(metric);
    if (byTags === undefined) {
      byTags = new Map();
      this.#byMetric.set(metric, byTags);
    }
    const known = byTags.get(tags);
    if (known !== undefined) return known;
    const made = createSeries(metric, tags, this.#limits.get(metric.name) ?? []);
    byTags.set(tags, made);
    this.#all.push(made);
    return made;
  }

  /** Counts exactly how many samples of a trend lie above each limit. Call it before the metric is recorded. */
  trackAbove(metricName: string, limits: readonly number[]): void {
    const metric = this.#registry.get(metricName);
    if (metric?.type !== "trend") throw new TypeError(`"${metricName}" is not a trend`);
    this.#limits.set(metricName, limits);
  }

  /** Everything since the last drain. Series without samples are left out. */
  drain(): MetricDelta {
    const definitions: SeriesDefinition[] = [];
    for (; this.#announced < this.#all.length; this.#announced++) {
      const { metric, tags } = this.#all[this.#announced]!;
      const limits = this.#limits.get(metric.name) ?? [];
      definitions.push({ id: this.#announced, metric, tags: tags.toObject(), limits });
    }
    const writer = new NumberWriter();
    for (const [id, series] of this.#all.entries()) {
      if (series.pending === 0) continue;
      writer.push(id);
      series.drainInto(writer);
    }
    return { definitions, numbers: writer.finish() };
  }
}

function createSeries(metric: Metric, tags: TagSet, limits: readonly number[]): RecordingSeries {
  switch (metric.type) {
    case "counter":
      return new CounterSeries(metric, tags);
    case "gauge":
      return new GaugeSeries(metric, tags);
    case "rate":
      return new RateSeries(metric, tags);
    case "trend":
      return new TrendSeries(metric, tags, limits);
  }
}

class CounterSeries implements RecordingSeries {
  readonly metric: Metric;
  readonly tags: TagSet;
  pending = 0;
  #sum = 0;

  constructor(metric: Metric, tags: TagSet) {
    this.metric = metric;
    this.tags = tags;
  }

  add(value: number): void {
    this.pending++;
    this.#sum += value;
  }

  drainInto(writer: NumberWriter): void {
    writer.push(this.#sum);
    this.pending = 0;
    this.#sum = 0;
  }
}

class GaugeSeries implements RecordingSeries {
  readonly metric: Metric;
  readonly tags: TagSet;
  pending = 0;
  #last = 0;
  #min = 0;
  #max = 0;

  constructor(metric: Metric, tags: TagSet) {
    this.metric = metric;
    this.tags = tags;
  }

  add(value: number): void {
    if (this.pending === 0 || value < this.#min) this.#min = value;
    if (this.pending === 0 || value > this.#max) this.#max = value;
    this.pending++;
    this.#last = value;
  }

  drainInto(writer: NumberWriter): void {
    writer.push(this.#last);
    writer.push(this.#min);
    writer.push(this.#max);
    this.pending = 0;
  }
}

class RateSeries implements RecordingSeries {
  readonly metric: Metric;
  readonly tags: TagSet;
  pending = 0;
  #trues = 0;

  constructor(metric: Metric, tags: TagSet) {
    this.metric = metric;
    this.tags = tags;
  }

  add(value: number): void {
    this.pending++;
    if (value !== 0) this.#trues++;
  }

  drainInto(writer: NumberWriter): void {
    writer.push(this.pending);
    writer.push(this.#trues);
    this.pending = 0;
    this.#trues = 0;
  }
}

class TrendSeries implements RecordingSeries {
  readonly metric: Metric;
  readonly tags: TagSet;
  readonly #histogram = new ExponentialHistogram();
  readonly #limits: readonly number[];
  readonly #above: number[];

  constructor(metric: Metric, tags: TagSet, limits: readonly number[]) {
    this.metric = metric;
    this.tags = tags;
    this.#limits = limits;
    this.#above = limits.map(() => 0);
  }

  get pending(): number {
    return this.#histogram.count;
  }

  add(value: number): void {
    this.#histogram.add(value);
    for (let k = 0; k < this.#limits.length; k++) if (value > this.#limits[k]!) this.#above[k]!++;
  }

  drainInto(writer: NumberWriter): void {
    writer.pushHistogram(this.#histogram, this.#above);
    this.#histogram.reset();
    this.#above.fill(0);
  }
}

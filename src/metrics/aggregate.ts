/**
 * What all workers recorded, put together: the deltas of any number of stores, merged by metric and tags. Merging is
 * adding, so percentiles over workers are true ones and the order of merging does not matter (but to a gauge's latest
 * value, which is the last merged). A sub-metric is a question asked of the series, not something recorded twice.
 *
 * A second aggregate fed with some of the deltas (the steady state) sees the same stores: it `learn`s the deltas it does
 * not count, because a series is defined only in the first delta that has it.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { MetricDefinition, MetricDelta } from "./delta.ts";
import type { MetricsErrorCode } from "./errors.ts";
import { IntervalView } from "./interval-view.ts";
import { NumberReader } from "./numbers.ts";
import type { MetricRegistry } from "./registry.ts";
import type { Metric } from "./sample.ts";
import {
  createSink,
  GaugeSink,
  mergeSinks,
  RateSink,
  type Sequence,
  type Sink,
  TrendSink,
} from "./sinks.ts";

/** Tags, and their values, that a series must have to belong to a sub-metric. */
export type TagSelector = Readonly<Record<string, string>>;

type Tags = Readonly<Record<string, string>>;

/** One (metric, tag set) over all workers. The sink is live: read it, never change it. */
export interface AggregateSeries {
  readonly metric: Metric;
  readonly tags: Tags;
  readonly sink: Sink;
  /** Position among all series, by first sample seen. */
  readonly order: number;
}

/** Samples of all workers. */
export class MetricAggregate {
  readonly #registry: MetricRegistry;
  readonly #metrics = new Map<string, MetricEntry>();
  readonly #stores = new Map<number, StoreDirectory>();
  /** Equal tag sets of different stores are one object. */
  readonly #tagSets = new Map<string, Tags>();
  readonly #gaugeOrder: Sequence = { last: 0 };
  readonly #windowed: ReadonlySet<string>;
  #seriesCount = 0;

  /**
   * The registry knows the metrics that have no samples yet.
   * @param windowed metrics whose series also keep what came since the last {@link drainWindow}
   */
  constructor(registry: MetricRegistry, windowed: readonly string[] = []) {
    this.#registry = registry;
    this.#windowed = new Set(windowed);
  }

  /**
   * Adds a delta of the store `storeId` (a worker's index). All deltas of a store must come, in order, to `merge` or `learn`.
   * @throws LakhError METRIC_UNKNOWN_SERIES when a delta was left out
   */
  merge(delta: MetricDelta, storeId: number): void {
    this.learn(delta, storeId);
    const { series } = this.#directory(storeId);
    const reader = new NumberReader(delta.numbers);
    while (!reader.isAtEnd) {
      const known = series[reader.next()];
      if (known === undefined) throw unknownSeries(storeId);
      const payloadAt = reader.position;
      known.sink.read(reader);
      reader.position = payloadAt;
      known.entry.interval.read(reader);
      if (known.window === undefined) continue;
      reader.position = payloadAt;
      known.window.read(reader);
    }
  }

  /** Takes note of a delta's new series without counting its numbers. */
  learn(delta: MetricDelta, storeId: number): void {
    const directory = this.#directory(storeId);
    for (const definition of delta.metrics) directory.metrics.push(this.#entryOf(definition));
    for (const tags of delta.tagSets) directory.tagSets.push(this.#intern(tags));
    for (const [metricId, tagSetId] of delta.series) {
      const entry = directory.metrics[metricId];
      const tags = directory.tagSets[tagSetId];
      if (entry === undefined || tags === undefined) throw unknownSeries(storeId);
      directory.series.push(entry.series(tags) ?? entry.create(tags, this.#seriesCount++));
    }
  }

  /** What was merged since the last call, summed by metric; starts the next interval. */
  takeInterval(): IntervalView {
    const taken = new Map<string, Sink>();
    for (const [name, entry] of this.#metrics) {
      if (!entry.interval.isEmpty) taken.set(name, entry.takeInterval());
    }
    return new IntervalView(taken);
  }

  /**
   * Visits each series of a windowed metric that has samples since the last call, with those alone; then the next window
   * begins. The sink is emptied after the visit: merge it, do not keep it.
   */
  drainWindow(metricName: string, visit: (tags: Tags, sink: Sink) => void): void {
    for (const { tags, window } of this.#metrics.get(metricName)?.all ?? []) {
      if (window === undefined || window.isEmpty) continue;
      visit(tags, window);
      window.reset();
    }
  }

  /**
   * The metric over all series that carry the selector's tags, as a sink of its own; empty when there are none.
   * undefined when no metric has this name.
   */
  sink(metricName: string, selector: TagSelector = {}): Sink | undefined {
    const entry = this.#metrics.get(metricName);
    const metric = entry?.metric ?? this.#registry.get(metricName);
    if (metric === undefined) return undefined;
    const total = createSink(metric.type, { limits: entry?.limits ?? [] });
    for (const { tags, sink } of entry?.all ?? []) {
      if (isSelected(tags, selector)) mergeSinks(total, sink);
    }
    return total;
  }

  /** Sum of a counter; 0 when there is no counter of this name. */
  counter(metricName: string, selector?: TagSelector): number {
    const sink = this.sink(metricName, selector);
    return sink?.type === "counter" ? sink.sum : 0;
  }

  /** A rate; empty when there is none of this name. */
  rate(metricName: string, selector?: TagSelector): RateSink {
    const sink = this.sink(metricName, selector);
    return sink?.type === "rate" ? sink : new RateSink();
  }

  /** A trend; empty when there is none of this name. */
  trend(metricName: string, selector?: TagSelector): TrendSink {
    const sink = this.sink(metricName, selector);
    return sink?.type === "trend" ? sink : new TrendSink();
  }

  /** A gauge; empty when there is none of this name. */
  gauge(metricName: string, selector?: TagSelector): GaugeSink {
    const sink = this.sink(metricName, selector);
    return sink?.type === "gauge" ? sink : new GaugeSink();
  }

  /** The series of a metric that have samples, in the order in which they were first seen. */
  seriesOf(metricName: string): readonly AggregateSeries[] {
    return this.#metrics.get(metricName)?.all.filter(({ sink }) => !sink.isEmpty) ?? [];
  }

  /** Every series that has samples, in the order in which they were first seen. */
  allSeries(): readonly AggregateSeries[] {
    return [...this.#metrics.values()]
      .flatMap(({ all }) => all.filter(({ sink }) => !sink.isEmpty))
      .sort((a, b) => a.order - b.order);
  }

  /** Metrics with at least one sample, in the order in which they were first seen. */
  metricsSeen(): readonly Metric[] {
    const seen = [...this.#metrics.values()].filter(({ all }) =>
      all.some(({ sink }) => !sink.isEmpty),
    );
    return seen.map(({ metric }) => metric);
  }

  #entryOf({ limits, ...metric }: MetricDefinition): MetricEntry {
    const known = this.#metrics.get(metric.name);
    if (known === undefined) {
      const made = new MetricEntry(metric, {
        limits,
        sequence: this.#gaugeOrder,
        isWindowed: this.#windowed.has(metric.name),
      });
      this.#metrics.set(metric.name, made);
      return made;
    }
    if (known.limits.join() !== limits.join() || known.metric.type !== metric.type) {
      throw conflictingDefinition(metric.name);
    }
    return known;
  }

  /** Tags come sorted by key, so equal sets have equal texts. */
  #intern(tags: Tags): Tags {
    const identity = JSON.stringify(tags);
    const known = this.#tagSets.get(identity);
    if (known !== undefined) return known;
    this.#tagSets.set(identity, tags);
    return tags;
  }

  #directory(storeId: number): StoreDirectory {
    const known = this.#stores.get(storeId);
    if (known !== undefined) return known;
    const made: StoreDirectory = { metrics: [], tagSets: [], series: [] };
    this.#stores.set(storeId, made);
    return made;
  }
}

/** What the ids in one store's deltas stand for. */
interface StoreDirectory {
  readonly metrics: MetricEntry[];
  readonly tagSets: Tags[];
  readonly series: EntrySeries[];
}

interface EntrySeries extends AggregateSeries {
  readonly entry: MetricEntry;
  /** What came since the window began; undefined when nobody asked for windows. */
  readonly window: Sink | undefined;
}

/** A metric, its series in order of appearance, and what came since the last interval was taken. */
class MetricEntry {
  readonly metric: Metric;
  readonly limits: readonly number[];
  readonly all: EntrySeries[] = [];
  interval: Sink;
  readonly #sequence: Sequence;
  readonly #isWindowed: boolean;
  readonly #byTags = new Map<Tags, EntrySeries>();

  constructor(
    metric: Metric,
    parts: {
      readonly limits: readonly number[];
      readonly sequence: Sequence;
      readonly isWindowed: boolean;
    },
  ) {
    this.metric = metric;
    this.limits = parts.limits;
    this.#sequence = parts.sequence;
    this.#isWindowed = parts.isWindowed;
    this.interval = this.#createSink();
  }

  /** The series of these tags, which are interned. */
  series(tags: Tags): EntrySeries | undefined {
    return this.#byTags.get(tags);
  }

  create(tags: Tags, order: number): EntrySeries {
    const sink = this.#createSink();
    const window = this.#isWindowed ? this.#createSink() : undefined;
    const made: EntrySeries = { metric: this.metric, tags, sink, order, entry: this, window };
    this.#byTags.set(tags, made);
    this.all.push(made);
    return made;
  }

  takeInterval(): Sink {
    const taken = this.interval;
    this.interval = this.#createSink();
    return taken;
  }

  #createSink(): Sink {
    return createSink(this.metric.type, { limits: this.limits, sequence: this.#sequence });
  }
}

function isSelected(tags: Tags, selector: TagSelector): boolean {
  for (const key of Object.keys(selector)) if (tags[key] !== selector[key]) return false;
  return true;
}

function unknownSeries(storeId: number): LakhError {
  const code: MetricsErrorCode = "METRIC_UNKNOWN_SERIES";
  return new LakhError(
    code,
    `the numbers of worker ${storeId} name a series that was not defined`,
    {
      hint: "give every delta of a worker, in order, to merge or learn",
      exitCode: exitCodes.internalError,
    },
  );
}

function conflictingDefinition(name: string): LakhError {
  const code: MetricsErrorCode = "METRIC_LIMITS_CONFLICT";
  return new LakhError(code, `workers define metric "${name}" differently`, {
    hint: "every worker must run the same script and track the same limits",
    exitCode: exitCodes.internalError,
  });
}

/**
 * What all workers recorded, put together: the deltas of any number of stores, merged by metric and tags. Merging is
 * adding, so the order does not matter and percentiles over workers are true ones.
 * A sub-metric is a question asked of the series (`sink` with a selector), not something recorded twice.
 */
import { type MetricDelta, NumberReader, type SeriesDefinition } from "./delta.ts";
import { ExponentialHistogram } from "./histogram.ts";
import type { MetricRegistry } from "./registry.ts";
import type { Metric } from "./sample.ts";
import { CounterSink, createSink, GaugeSink, RateSink, type Sink, TrendSink } from "./sinks.ts";

/** Tag values that a sample must have to belong to a sub-metric. */
export type TagSelector = Readonly<Record<string, string>>;

/** One (metric, tag set) of the whole run. */
export interface AggregateSeries {
  readonly metric: Metric;
  readonly tags: Readonly<Record<string, string>>;
  readonly sink: Sink;
}

interface OwnSeries extends AggregateSeries {
  /** What came since the last `takeInterval`. */
  interval: Sink;
}

export class MetricAggregate {
  readonly #registry: MetricRegistry;
  readonly #byMetric = new Map<string, OwnSeries[]>();
  readonly #byKey = new Map<string, OwnSeries>();
  /** Series ids of each store, in that store's numbering. */
  readonly #byStore = new Map<number, OwnSeries[]>();

  constructor(registry: MetricRegistry) {
    this.#registry = registry;
  }

  /** Adds a delta of the store with this id. Deltas of one store must come in order, and all of them. */
  merge(delta: MetricDelta, storeId: number): void {
    const series = this.learn(delta, storeId);
    const reader = new NumberReader(delta.numbers);
    while (!reader.isAtEnd) series[reader.next()]!.interval.read(reader);
  }

  /** Takes note of a delta's new series without its numbers: for an aggregate of only a part of the run. */
  learn(delta: MetricDelta, storeId: number): readonly { interval: Sink }[] {
    let series = this.#byStore.get(storeId);
    if (series === undefined) {
      series = [];
      this.#byStore.set(storeId, series);
    }
    for (const definition of delta.definitions) series[definition.id] = this.#seriesOf(definition);
    return series;
  }

  /** What was merged since the last call, by metric; it becomes part of the whole. */
  takeInterval(): IntervalView {
    const taken = new Map<string, Sink>();
    for (const [name, list] of this.#byMetric) {
      for (const series of list) {
        if (series.interval.isEmpty) continue;
        const total = taken.get(name) ?? createSink(series.metric.type, limitsOf(series.interval));
        total.merge(series.interval);
        taken.set(name, total);
        this.#settle(series);
      }
    }
    return new IntervalView(taken);
  }

  /** The metric over all series that carry the selector's tags; empty when there are none. */
  sink(metricName: string, selector: TagSelector = {}): Sink {
    const metric = this.#registry.get(metricName);
    const list = this.#settled(metricName);
    const first = list[0];
    const total = createSink(metric?.type ?? first?.metric.type ?? "counter", first === undefined ? [] : limitsOf(first.sink));
    for (const { sink, tags } of list) if (matches(tags, selector)) total.merge(sink);
    return total;
  }

  /** Sum of a counter. */
  counter(metricName: string, selector?: TagSelector): number {
    const sink = this.sink(metricName, selector);
    return sink instanceof CounterSink ? sink.sum : 0;
  }
  rate(metricName: string, selector?: TagSelector): RateSink {
    const sink = this.sink(metricName, selector);
    return sink instanceof RateSink ? sink : new RateSink();
  }
  trend(metricName: string, selector?: TagSelector): TrendSink {
    const sink = this.sink(metricName, selector);
    return sink instanceof TrendSink ? sink : new TrendSink();
  }
  gauge(metricName: string): GaugeSink {
    const sink = this.sink(metricName);
    return sink instanceof GaugeSink ? sink : new GaugeSink();
  }

  /** The declared metric of this name, recorded or not. */
  metricNamed(metricName: string): Metric | undefined {
    return this.#registry.get(metricName);
  }

  /** All series of a metric that have samples, in order of first appearance. */
  seriesOf(metricName: string): readonly AggregateSeries[] {
    return this.#settled(metricName).filter(({ sink }) => !sink.isEmpty);
  }

  /** Metrics with at least one sample, in order of first appearance. */
  metricsSeen(): readonly Metric[] {
    const seen = [...this.#byMetric.keys()].filter((name) => this.seriesOf(name).length > 0);
    return seen.map((name) => this.#byMetric.get(name)![0]!.metric);
  }

  #settled(metricName: string): readonly OwnSeries[] {
    const list = this.#byMetric.get(metricName) ?? [];
    for (const series of list) this.#settle(series);
    return list;
  }

  /** Moves what is new into the whole. `takeInterval` after it sees only what came later. */
  #settle(series: OwnSeries): void {
    if (series.interval.isEmpty) return;
    series.sink.merge(series.interval);
    series.interval = createSink(series.metric.type, limitsOf(series.interval));
  }

  #seriesOf({ metric, tags, limits }: SeriesDefinition): OwnSeries {
    const key = `${metric.name}\u0001${Object.entries(tags).flat().join("\u0000")}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const made: OwnSeries = { metric, tags, sink: createSink(metric.type, limits), interval: createSink(metric.type, limits) };
    this.#byKey.set(key, made);
    const list = this.#byMetric.get(metric.name);
    if (list === undefined) this.#byMetric.set(metric.name, [made]);
    else list.push(made);
    return made;
  }
}

/** One interval's sums, by metric name. */
export class IntervalView {
  readonly #sinks: ReadonlyMap<string, Sink>;

  constructor(sinks: ReadonlyMap<string, Sink>) {
    this.#sinks = sinks;
  }

  counter(metricName: string): number {
    const sink = this.#sinks.get(metricName);
    return sink instanceof CounterSink ? sink.sum : 0;
  }
  rate(metricName: string): { readonly total: number; readonly trues: number } {
    const sink = this.#sinks.get(metricName);
    return sink instanceof RateSink ? sink : { total: 0, trues: 0 };
  }
  trend(metricName: string): ExponentialHistogram | undefined {
    const sink = this.#sinks.get(metricName);
    return sink instanceof TrendSink ? sink.histogram : undefined;
  }
  /** Samples of a trend above one of its tracked limits. */
  above(metricName: string, limit: number): number {
    const sink = this.#sinks.get(metricName);
    return sink instanceof TrendSink ? (sink.above[sink.limits.indexOf(limit)] ?? 0) : 0;
  }
}

function limitsOf(sink: Sink): readonly number[] {
  return sink instanceof TrendSink ? sink.limits : [];
}

function matches(tags: Readonly<Record<string, string>>, selector: TagSelector): boolean {
  return Object.entries(selector).every(([key, value]) => (tags[key] ?? "") === value);
}

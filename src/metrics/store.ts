/**
 * Where a worker records: one handle for each (metric, tag set), and a drain that gives what came in since the last.
 * `add` changes fields and array items of objects that exist, so it allocates nothing (bench/micro/record-sample.ts),
 * and a drain costs as much as was touched, not as much as exists.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { MetricDefinition, MetricDelta } from "./delta.ts";
import type { MetricsErrorCode } from "./errors.ts";
import { NumberWriter } from "./numbers.ts";
import type { MetricRegistry } from "./registry.ts";
import type { Metric, Series, TagSet } from "./sample.ts";
import { createSink, type Sequence, type Sink } from "./sinks.ts";

/** Sees every sample as it is recorded, for outputs of raw samples. Must not record and must not throw. */
export type SampleListener = (series: Series, value: number) => void;

/** The series of one worker. */
export class SampleStore {
  readonly #registry: MetricRegistry;
  readonly #byMetric = new Map<Metric, Map<TagSet, StoredSeries>>();
  readonly #limits = new Map<string, readonly number[]>();
  readonly #gaugeOrder: Sequence = { last: 0 };
  readonly #ids = new DefinitionIds();
  readonly #writer = new NumberWriter();
  readonly #log = new TouchLog();

  constructor(registry: MetricRegistry) {
    this.#registry = registry;
  }

  /** When set, every `add` reports to it; when not, that costs one comparison. */
  get onSample(): SampleListener | undefined {
    return this.#log.onSample;
  }

  set onSample(listener: SampleListener | undefined) {
    this.#log.onSample = listener;
  }

  /** The handle of (metric, tags); the same arguments give the same object. */
  series(metric: Metric, tags: TagSet): Series {
    return this.#byMetric.get(metric)?.get(tags) ?? this.#create(metric, tags);
  }

  /**
   * Counts exactly, from now on, how many samples of a trend lie above each limit, over all its series.
   * @throws LakhError METRIC_LIMITS_CONFLICT when the metric is no trend or has series already
   */
  trackAbove(metricName: string, limits: readonly number[]): void {
    const metric = this.#registry.get(metricName);
    if (metric?.type !== "trend") throw limitsError(`"${metricName}" is not a trend`);
    if (this.#byMetric.has(metric)) throw limitsError(`"${metricName}" has been recorded already`);
    this.#limits.set(metricName, [...new Set(limits)]);
  }

  /** Everything since the last drain; starts the next interval. */
  drain(): MetricDelta {
    const touched = this.#log.take();
    const defined = touched.filter((series) => series.id < 0).map((series) => this.#define(series));
    for (const { id, sink } of inMergeOrder(touched)) {
      this.#writer.push(id);
      sink.write(this.#writer);
      sink.reset();
    }
    return { ...this.#ids.takeNew(), series: defined, numbers: this.#writer.take() };
  }

  #create(metric: Metric, tags: TagSet): StoredSeries {
    const limits = this.#limits.get(metric.name) ?? [];
    const sink = createSink(metric.type, { limits, sequence: this.#gaugeOrder });
    const made = new StoredSeries(this.#log, { metric, tags, sink });
    const byTags = this.#byMetric.get(metric) ?? new Map<TagSet, StoredSeries>();
    this.#byMetric.set(metric, byTags.set(tags, made));
    this.#log.reserve(made);
    return made;
  }

  #define(series: StoredSeries): readonly [metricId: number, tagSetId: number] {
    const { metric, tags } = series;
    series.id = this.#ids.nextSeries++;
    const metricId = this.#ids.ofMetric(metric, this.#limits.get(metric.name) ?? []);
    return [metricId, this.#ids.ofTags(tags)];
  }
}

/** The parts of a stored series that never change. */
interface SeriesParts {
  readonly metric: Metric;
  readonly tags: TagSet;
  readonly sink: Sink;
}

class StoredSeries implements Series {
  readonly metric: Metric;
  readonly tags: TagSet;
  /** Samples since the last drain. */
  readonly sink: Sink;
  isTouched = false;
  /** Number in the deltas; negative until the first drain with samples. */
  id = -1;
  readonly #log: TouchLog;

  constructor(log: TouchLog, { metric, tags, sink }: SeriesParts) {
    this.#log = log;
    this.metric = metric;
    this.tags = tags;
    this.sink = sink;
  }

  /** Infinite and undefined values are not recorded: one would spoil every sum it is added to. */
  add(value: number): void {
    if (!Number.isFinite(value)) return;
    this.sink.add(value);
    const log = this.#log;
    if (!this.isTouched) log.touch(this);
    if (log.onSample !== undefined) log.onSample(this, value);
  }
}

/** Which series have samples since the last drain, and who else wants to see samples. */
class TouchLog {
  onSample: SampleListener | undefined = undefined;
  /** The first `#count` are the touched ones; there is a place for every series, so that `touch` never allocates. */
  readonly #places: StoredSeries[] = [];
  #count = 0;

  reserve(series: StoredSeries): void {
    this.#places.push(series);
  }

  touch(series: StoredSeries): void {
    series.isTouched = true;
    this.#places[this.#count++] = series;
  }

  /** The touched series in the order of their first samples; none is touched afterwards. */
  take(): readonly StoredSeries[] {
    const taken = this.#places.slice(0, this.#count);
    this.#count = 0;
    for (const series of taken) series.isTouched = false;
    return taken;
  }
}

/** Numbers metrics and tag sets in the order of their first samples. */
class DefinitionIds {
  nextSeries = 0;
  readonly #metricIds = new Map<Metric, number>();
  readonly #tagSetIds = new Map<TagSet, number>();
  #newMetrics: MetricDefinition[] = [];
  #newTagSets: Record<string, string>[] = [];

  ofMetric(metric: Metric, limits: readonly number[]): number {
    const known = this.#metricIds.get(metric);
    if (known !== undefined) return known;
    const id = this.#metricIds.size;
    this.#metricIds.set(metric, id);
    this.#newMetrics.push({ ...metric, limits });
    return id;
  }

  ofTags(tags: TagSet): number {
    const known = this.#tagSetIds.get(tags);
    if (known !== undefined) return known;
    const id = this.#tagSetIds.size;
    this.#tagSetIds.set(tags, id);
    this.#newTagSets.push(tags.toObject());
    return id;
  }

  takeNew(): Pick<MetricDelta, "metrics" | "tagSets"> {
    const taken = { metrics: this.#newMetrics, tagSets: this.#newTagSets };
    this.#newMetrics = [];
    this.#newTagSets = [];
    return taken;
  }
}

/** Gauges last, by their latest samples: what is merged last is the newest. */
function inMergeOrder(touched: readonly StoredSeries[]): readonly StoredSeries[] {
  const orderOf = ({ sink }: StoredSeries): number => (sink.type === "gauge" ? sink.order : 0);
  return [...touched].sort((a, b) => orderOf(a) - orderOf(b));
}

function limitsError(reason: string): LakhError {
  const code: MetricsErrorCode = "METRIC_LIMITS_CONFLICT";
  return new LakhError(code, `cannot count exact exceedances: ${reason}`, {
    hint: "call trackAbove for a trend, before its first series",
    exitCode: exitCodes.internalError,
  });
}

/**
 * The series of a run's own samples, under k6's names: counters `k6_<name>_total`, gauges `k6_<name>`, rates `k6_<name>_rate`
 * (the share since the start), trends `k6_<name>_<stat>` (over everything since the start) and native histograms
 * `k6_<name>_seconds`, `_bytes` or plain. Times are seconds.
 */
import {
  type AggregateSeries,
  type Metric,
  sampleCountOf,
  type Sink,
  type TrendSink,
} from "../../metrics/index.ts";
import { type Labelled, TagLabels } from "./labels.ts";
import { type NativeHistogram, toNativeHistogram } from "./native-histogram.ts";
import type { RemoteSeries, Row } from "./rows.ts";
import { identityOf, type SeriesBook } from "./series-book.ts";
import type { TrendColumn } from "./trend-columns.ts";

/**
 * A gauge that does not change is sent again after this time: what is silent for five minutes is gone. Counters and
 * histograms are in every push: a rate is extrapolated from what lies in its window, and of an endpoint that is called
 * every minute or so it would be double, or nothing.
 */
const heartbeatMs = 60_000;

/** How trends are sent. */
export interface TrendUse {
  readonly columns: readonly TrendColumn[];
  readonly schema: number;
  readonly sendsGauges: boolean;
  readonly sendsHistograms: boolean;
}

export interface SampleSeriesParts {
  readonly book: SeriesBook;
  /** Of every series, beside its tags, which win. */
  readonly labels: Tags;
}

type Tags = Readonly<Record<string, string>>;

/** What the receiver has of one of our series. */
interface Sent {
  /** Undefined where none could be had. */
  readonly plain: RemoteSeries | undefined;
  columns: readonly (RemoteSeries | undefined)[] | undefined;
  /** Null where none could be had, undefined before it was needed; as the columns are then. */
  native: RemoteSeries | null | undefined;
  /** As it was sent last. */
  distribution: NativeHistogram | undefined;
  /** Samples that the newest row told of, and when. */
  count: number;
  sentMs: number;
}

export class SampleSeries {
  readonly #parts: SampleSeriesParts;
  readonly #sent = new Map<AggregateSeries, Sent>();
  readonly #tagLabels = new Map<Tags, TagLabels>();
  /** Counters that are there before their first sample, by their labels. */
  readonly #announced = new Map<string, RemoteSeries>();

  constructor(parts: SampleSeriesParts) {
    this.#parts = parts;
  }

  /** A counter that is 0 until its first sample comes. */
  announce(metric: Pick<Metric, "name" | "type">, tags: Tags): void {
    const labels = this.#labels(plainName(metric), tags);
    const series = this.#parts.book.find(labels, "counter");
    if (series !== undefined) this.#announced.set(identityOf(labels), series);
  }

  /** Rows for what was announced and has no samples yet. */
  announcedRows(timeMs: number): Row[] {
    return [...this.#announced.values()].map((series) => this.#parts.book.value(series, 0, timeMs));
  }

  /** Rows for what a push at this time says of `series`. */
  rows(series: AggregateSeries, timeMs: number, use: TrendUse): Row[] {
    const sent = this.#sentOf(series, use);
    const count = sampleCountOf(series.sink);
    const isDue = count !== sent.count || timeMs - sent.sentMs >= heartbeatMs;
    if (isDue) {
      sent.count = count;
      sent.sentMs = timeMs;
    }
    const { sink, metric } = series;
    if (sink.type === "trend") return this.#trendRows(sent, { sink, metric, timeMs, use, isDue });
    if (sent.plain === undefined || (!isDue && metric.type !== "counter")) return [];
    return [this.#parts.book.value(sent.plain, valueOf(sink), timeMs)];
  }

  #trendRows(
    sent: Sent,
    given: { sink: TrendSink; metric: Metric; timeMs: number; use: TrendUse; isDue: boolean },
  ): Row[] {
    const { book } = this.#parts;
    const { sink, metric, timeMs, use, isDue } = given;
    const { histogram } = sink;
    const factor = factorOf(metric);
    const rows: Row[] = [];
    if (use.sendsGauges && isDue) {
      for (const [k, column] of use.columns.entries()) {
        const series = sent.columns?.[k];
        if (series === undefined) continue;
        const value = column.of(histogram) * (column.isCount ? 1 : factor);
        // Most do not move: times that are always 0, a minimum, a maximum.
        if (value === series.lastValue && timeMs - series.lastMs < heartbeatMs) continue;
        rows.push(book.value(series, value, timeMs));
      }
    }
    if (use.sendsHistograms && sent.native) {
      if (isDue || sent.distribution === undefined)
        sent.distribution = toNativeHistogram(histogram, { schema: use.schema, factor });
      rows.push(book.distribution(sent.native, sent.distribution, timeMs));
    }
    return rows;
  }

  #sentOf(series: AggregateSeries, use: TrendUse): Sent {
    const sent = this.#sent.get(series) ?? this.#begin(series);
    if (series.metric.type !== "trend") return sent;
    // Claimed when they are first needed: a receiver that takes no histograms has none of them.
    if (use.sendsGauges) sent.columns ??= this.#claimColumns(series, use.columns);
    if (use.sendsHistograms && sent.native === undefined)
      sent.native = this.#claimNative(series) ?? null;
    return sent;
  }

  #begin(series: AggregateSeries): Sent {
    const isTrend = series.metric.type === "trend";
    const plain = isTrend ? undefined : this.#claimPlain(series);
    const begun = {
      plain,
      columns: undefined,
      native: undefined,
      distribution: undefined,
      count: -1,
      sentMs: 0,
    };
    this.#sent.set(series, begun);
    return begun;
  }

  #claimPlain({ metric, tags }: AggregateSeries): RemoteSeries | undefined {
    const labels = this.#labels(plainName(metric), tags);
    const identity = identityOf(labels);
    const announced = this.#announced.get(identity);
    this.#announced.delete(identity);
    const kind = metric.type === "counter" ? "counter" : "gauge";
    return announced ?? this.#parts.book.claim(labels, kind);
  }

  #claimColumns(
    { metric, tags }: AggregateSeries,
    columns: readonly TrendColumn[],
  ): (RemoteSeries | undefined)[] {
    return columns.map(({ suffix }) =>
      this.#parts.book.claim(this.#labels(`k6_${metric.name}_${suffix}`, tags), "gauge"),
    );
  }

  #claimNative({ metric, tags }: AggregateSeries): RemoteSeries | undefined {
    const labels = this.#labels(`k6_${metric.name}${unitSuffixes[metric.contains]}`, tags);
    return this.#parts.book.claim(labels, "histogram");
  }

  /** Series with equal tags have one object of them. */
  #labels(name: string, tags: Tags): Labelled {
    const known = this.#tagLabels.get(tags);
    if (known !== undefined) return { name, tags: known };
    const made = new TagLabels({ ...this.#parts.labels, ...tags });
    this.#tagLabels.set(tags, made);
    return { name, tags: made };
  }
}

const unitSuffixes = { default: "", time: "_seconds", data: "_bytes" } as const;

/** The name of a counter's, gauge's or rate's series. */
export function plainName({ name, type }: Pick<Metric, "name" | "type">): string {
  if (type === "counter") return `k6_${name}_total`;
  return type === "rate" ? `k6_${name}_rate` : `k6_${name}`;
}

function factorOf({ contains }: Metric): number {
  return contains === "time" ? 0.001 : 1;
}

function valueOf(sink: Exclude<Sink, TrendSink>): number {
  switch (sink.type) {
    case "counter":
      return sink.sum;
    case "gauge":
      return sink.last;
    case "rate":
      return sink.rate;
  }
}

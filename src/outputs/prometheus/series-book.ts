/**
 * The series that a receiver has got of us: which exist, when each had its newest sample, which have ended.
 *
 * Their times rise strictly. What counts up begins with a 0 one push before its first value, so that a count that appears
 * and never moves again has an increase all the same; never before our own start, because somebody may have ended a series
 * of these labels a moment before.
 */
import type { NativeHistogram } from "./native-histogram.ts";
import { emptyNativeHistogram } from "./native-histogram.ts";
import type { Labelled } from "./labels.ts";
import { floatRow, histogramRow, RemoteSeries, type Row, type SeriesKind } from "./rows.ts";

/** More series than this no test needs, and few receivers bear. */
const maxSeries = 200_000;
/** The last places are kept for counters: a total that is not whole is worse than a percentile that is missing. */
const shareOfOthers = 0.75;

export interface BookParts {
  /** Unix milliseconds. */
  readonly startMs: number;
  readonly pushIntervalMs: number;
  readonly limit?: number;
}

export class SeriesBook {
  readonly #parts: BookParts;
  /** By labels, then by name. */
  readonly #series = new Map<string, Map<string, RemoteSeries>>();
  #size = 0;
  /** Labels of series that would have been another's, and how many did not fit. */
  readonly clashes: Labelled[] = [];
  refused = 0;

  constructor(parts: BookParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#size;
  }

  /** A series for one owner; undefined when another has it, or when there are too many. */
  claim(labels: Labelled, kind: SeriesKind): RemoteSeries | undefined {
    if (this.#get(labels) === undefined) return this.#open(labels, kind);
    this.clashes.push(labels);
    return undefined;
  }

  /** The series of these labels, whoever asks. */
  find(labels: Labelled, kind: SeriesKind): RemoteSeries | undefined {
    return this.#get(labels) ?? this.#open(labels, kind);
  }

  /** A value of a series. */
  value(series: RemoteSeries, value: number, timeMs: number): Row {
    const point = { timeMs, value };
    const zeroMs = series.kind === "counter" ? this.#zeroMs(series, timeMs) : undefined;
    mark(series, timeMs);
    series.lastValue = value;
    return floatRow(series, zeroMs === undefined ? [point] : [{ timeMs: zeroMs, value: 0 }, point]);
  }

  /** A distribution of a series. */
  distribution(series: RemoteSeries, histogram: NativeHistogram, timeMs: number): Row {
    const point = { timeMs, histogram };
    const zeroMs = this.#zeroMs(series, timeMs);
    mark(series, timeMs);
    if (zeroMs === undefined) return histogramRow(series, [point]);
    const empty = { timeMs: zeroMs, histogram: emptyNativeHistogram(histogram.schema) };
    return histogramRow(series, [empty, point]);
  }

  /** The end of a series: without it, it would be shown for five minutes more. */
  end(series: RemoteSeries, timeMs: number): Row {
    const atMs = Math.max(timeMs, series.lastMs + 1);
    mark(series, atMs);
    series.isStale = true;
    return floatRow(series, [{ timeMs: atMs, value: Number.NaN }]);
  }

  /** The end of every series that goes on. */
  *endAll(timeMs: number): Iterable<Row> {
    for (const named of this.#series.values())
      for (const series of named.values())
        if (series.lastMs > 0 && !series.isStale) yield this.end(series, timeMs);
  }

  #get({ name, tags }: Labelled): RemoteSeries | undefined {
    return this.#series.get(tags.identity)?.get(name);
  }

  #open(labels: Labelled, kind: SeriesKind): RemoteSeries | undefined {
    const { limit = maxSeries } = this.#parts;
    if (this.#size >= (kind === "counter" ? limit : shareOfOthers * limit)) {
      this.refused++;
      return undefined;
    }
    const { name, tags } = labels;
    const opened = new RemoteSeries(labels, kind);
    const named = this.#series.get(tags.identity) ?? new Map<string, RemoteSeries>();
    this.#series.set(tags.identity, named.set(name, opened));
    this.#size++;
    return opened;
  }

  /** When the 0 before a first value was; undefined for a series that has values, or no time for one. */
  #zeroMs(series: RemoteSeries, timeMs: number): number | undefined {
    if (series.lastMs > 0) return undefined;
    const zeroMs = Math.max(this.#parts.startMs, timeMs - this.#parts.pushIntervalMs);
    return zeroMs < timeMs ? zeroMs : undefined;
  }
}

/** Equal for equal series only: a name has no bracket. */
export function identityOf({ name, tags }: Labelled): string {
  return name + tags.identity;
}

function mark(series: RemoteSeries, timeMs: number): void {
  series.lastMs = timeMs;
  series.isStale = false;
}

/**
 * What waits to be sent: rows of numbers with the series that they belong to, in no wire format yet. In which one a
 * receiver wants them, and whether it takes native histograms, is known only when it answers.
 */
import type { Parcel } from "../delivery.ts";
import type { Labelled, TagLabels } from "./labels.ts";
import type { NativeHistogram } from "./native-histogram.ts";

export type SeriesKind = "counter" | "gauge" | "histogram";

/** One series of the receiver. */
export class RemoteSeries implements Labelled {
  readonly name: string;
  readonly tags: TagLabels;
  readonly kind: SeriesKind;
  /** Unix milliseconds of its newest sample; 0 before the first. */
  lastMs = 0;
  /** Of its newest sample, when that is a number. */
  lastValue: number = Number.NaN;
  isStale = false;

  constructor({ name, tags }: Labelled, kind: SeriesKind) {
    this.name = name;
    this.tags = tags;
    this.kind = kind;
  }
}

/** A number; NaN is Prometheus' stale marker, the only one that is ever sent. */
export interface FloatPoint {
  readonly timeMs: number;
  readonly value: number;
}

export interface HistogramPoint {
  readonly timeMs: number;
  readonly histogram: NativeHistogram;
}

/** Points of one series by time: numbers or histograms, never both. */
export interface Row {
  readonly series: RemoteSeries;
  readonly floats: readonly FloatPoint[];
  readonly histograms: readonly HistogramPoint[];
}

export function floatRow(series: RemoteSeries, floats: readonly FloatPoint[]): Row {
  return { series, floats, histograms: noHistograms };
}

export function histogramRow(series: RemoteSeries, histograms: readonly HistogramPoint[]): Row {
  return { series, floats: noFloats, histograms };
}

const noFloats: readonly FloatPoint[] = [];
const noHistograms: readonly HistogramPoint[] = [];

/** Rows that fit into one request. */
export class RowParcel implements Parcel {
  readonly rows: readonly Row[];
  readonly byteLength: number;
  readonly sampleCount: number;

  constructor(rows: readonly Row[]) {
    this.rows = rows;
    this.byteLength = rows.reduce((sum, row) => sum + heldBytes(row), 0);
    this.sampleCount = countSamples(rows);
  }
}

export function countSamples(rows: readonly Row[]): number {
  return rows.reduce((sum, { floats, histograms }) => sum + floats.length + histograms.length, 0);
}

/** Receivers are known to take this much, and more than this to refuse. */
const maxRows = 2_000;
const maxRequestBytes = 1024 * 1024;

/** Puts rows into parcels of what one request may hold. */
export class RowPacker {
  readonly #onParcel: (parcel: RowParcel) => void;
  #rows: Row[] = [];
  #bytes = 0;

  constructor(onParcel: (parcel: RowParcel) => void) {
    this.#onParcel = onParcel;
  }

  add(row: Row): void {
    const bytes = sentBytes(row);
    if (this.#rows.length >= maxRows || this.#bytes + bytes > maxRequestBytes) this.flush();
    this.#rows.push(row);
    this.#bytes += bytes;
  }

  /** Hands on what is there. */
  flush(): void {
    if (this.#rows.length > 0) this.#onParcel(new RowParcel(this.#rows));
    this.#rows = [];
    this.#bytes = 0;
  }
}

/** About what the row takes in a request. */
function sentBytes({ series: { name, tags }, floats, histograms }: Row): number {
  let bytes = tags.bytes + name.length + 20 + 20 * floats.length;
  // Differences of cumulative counts seldom take more than three bytes.
  for (const { histogram } of histograms)
    bytes += 60 + 3 * bucketCount(histogram) + 6 * spanCount(histogram);
  return bytes;
}

/** About what the row takes in memory: its labels are there anyway. */
function heldBytes({ floats, histograms }: Row): number {
  let bytes = 64 + 56 * floats.length;
  for (const { histogram } of histograms)
    bytes += 300 + 8 * bucketCount(histogram) + 40 * spanCount(histogram);
  return bytes;
}

function bucketCount({ positive, negative }: NativeHistogram): number {
  return positive.deltas.length + negative.deltas.length;
}

function spanCount({ positive, negative }: NativeHistogram): number {
  return positive.spans.length + negative.spans.length;
}

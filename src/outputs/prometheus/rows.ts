/**
 * What waits to be sent: rows of numbers with the series that they belong to, in no wire format yet. In which one a
 * receiver wants them, and whether it takes native histograms, is known only when it answers.
 */
import type { Parcel } from "../delivery.ts";
import type { Labels } from "./labels.ts";
import type { NativeHistogram } from "./native-histogram.ts";

export type SeriesKind = "counter" | "gauge" | "histogram";

/** One series of the receiver. */
export class RemoteSeries {
  readonly labels: Labels;
  readonly kind: SeriesKind;
  /** About what its labels take in a request. */
  readonly labelBytes: number;
  /** Unix milliseconds of its newest sample; 0 before the first. */
  lastMs = 0;
  isStale = false;
  /** Kept by the wire format: labels never change. */
  encodedLabels: Uint8Array | undefined;

  constructor(labels: Labels, kind: SeriesKind) {
    this.labels = labels;
    this.kind = kind;
    this.labelBytes = labels.reduce((sum, text) => sum + text.length + 3, 0);
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

const floatBytes = 20;
/** A histogram without buckets. */
const histogramBytes = 60;
/** Deltas of cumulative counts seldom need more. */
const deltaBytes = 3;

/** About what the row takes in a request. */
function sentBytes({ series, floats, histograms }: Row): number {
  return (
    series.labelBytes +
    floats.length * floatBytes +
    sumOver(histograms, (buckets, spans) => histogramBytes + (buckets + 2 * spans) * deltaBytes)
  );
}

/** About what the row takes in memory: its labels are there anyway. */
function heldBytes({ floats, histograms }: Row): number {
  const rowBytes = 64;
  const pointBytes = 56;
  return (
    rowBytes +
    floats.length * pointBytes +
    sumOver(histograms, (buckets, spans) => 300 + buckets * 8 + spans * 40)
  );
}

function sumOver(
  histograms: readonly HistogramPoint[],
  bytesOf: (buckets: number, spans: number) => number,
): number {
  return histograms.reduce((sum, { histogram: { positive, negative } }) => {
    const buckets = positive.deltas.length + negative.deltas.length;
    return sum + bytesOf(buckets, positive.spans.length + negative.spans.length);
  }, 0);
}

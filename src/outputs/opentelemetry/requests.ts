/**
 * Everything that a run has measured so far as OTLP's export requests (metrics_service.proto). Each export has every
 * series: sums are from the start of the run, so what one request lost the next one makes up for.
 */
import type { AggregateSeries, Metric } from "../../metrics/index.ts";
import type { Parcel } from "../delivery.ts";
import type { RunTotals } from "../output.ts";
import { encodeAttributes, type HistogramForm, PointEncoder } from "./points.ts";
import { type Halves, MessageWriter, nested, toNanoseconds } from "./wire.ts";

/** An encoded ExportMetricsServiceRequest. */
export interface ExportRequest extends Parcel {
  readonly body: Uint8Array;
  /** Data points in it. */
  readonly sampleCount: number;
}

export interface RequestParts {
  /** Attributes of the resource: service.name and the like. */
  readonly resource: Readonly<Record<string, string>>;
  /** Stands before every metric's name. */
  readonly metricPrefix: string;
  readonly histograms: HistogramForm;
  /** When all sums began. */
  readonly startWallMs: number;
  /** Bytes of points in a request. */
  readonly limit?: number;
}

/** Receivers take 4 MiB over gRPC unless told otherwise; the rest is for what stands around the points. */
const defaultLimit = 3_500_000;

const cumulative = 2;

export class RequestEncoder {
  readonly #parts: RequestParts;
  readonly #points: PointEncoder;
  readonly #start: Halves;
  /** Resource and scope, as they stand in every request. */
  readonly #resource: Uint8Array;
  readonly #scope: Uint8Array;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.#points = new PointEncoder(parts.histograms);
    this.#start = toNanoseconds(parts.startWallMs);
    this.#resource = nested(1, [encodeAttributes(1, parts.resource)]);
    this.#scope = nested(1, [new MessageWriter().text(1, scopeName).finish()]);
  }

  /** What there is at a time, in as many requests as it needs. */
  encode(totals: RunTotals, wallMs: number): readonly ExportRequest[] {
    const { limit = defaultLimit } = this.#parts;
    const requests: ExportRequest[] = [];
    let batch = new Batch();
    const close = (): void => {
      if (batch.pointCount > 0) requests.push(this.#finish(batch));
      batch = new Batch();
    };
    for (const metric of totals.metricsSeen()) {
      const form = this.#formOf(metric);
      for (const point of this.#pointsOf(totals.seriesOf(metric.name), wallMs)) {
        if (batch.pointBytes + point.byteLength > limit) close();
        batch.add(form, point);
      }
    }
    close();
    return requests;
  }

  *#pointsOf(all: readonly AggregateSeries[], wallMs: number): Generator<Uint8Array> {
    const span = { start: this.#start, end: toNanoseconds(wallMs) };
    for (const series of all) yield* this.#points.encode(series, span);
  }

  #formOf(metric: Metric): MetricForm {
    const { metricPrefix, histograms } = this.#parts;
    const head = new MessageWriter().text(1, metricPrefix + otlpName(metric));
    const unit = unitOf(metric);
    if (unit !== "") head.text(3, unit);
    return { head: head.finish(), ...dataOf(metric, histograms) };
  }

  #finish(batch: Batch): ExportRequest {
    const scopeMetrics = nested(2, [this.#scope, ...batch.finish()]);
    const body = nested(1, [this.#resource, scopeMetrics]);
    return { body, byteLength: body.byteLength, sampleCount: batch.pointCount };
  }
}

/** What a metric's message has besides its points. */
interface MetricForm {
  /** Name and unit. */
  readonly head: Uint8Array;
  /** Number of the field that holds the points. */
  readonly field: number;
  /** What follows the points in that field. */
  readonly tail: Uint8Array;
}

/** k6's, without a version, which would make other series of it. */
const scopeName = "k6";

/** k6's name of the one counter that a rate becomes. */
function otlpName({ name, type }: Metric): string {
  return type === "rate" ? `${name}.total` : name;
}

/** In the unified code for units of measure, as OTLP wants them. */
function unitOf({ contains }: Metric): string {
  if (contains === "time") return "ms";
  return contains === "data" ? "By" : "";
}

function dataOf({ type }: Metric, form: HistogramForm): Omit<MetricForm, "head"> {
  const temporality = new MessageWriter().unsigned(2, cumulative);
  switch (type) {
    case "gauge":
      return { field: 5, tail: new Uint8Array() };
    case "counter":
    case "rate":
      // Monotonic.
      return { field: 7, tail: temporality.unsigned(3, 1).finish() };
    case "trend":
      return { field: form === "explicit" ? 9 : 10, tail: temporality.finish() };
  }
}

/** The points of one request, by metric. */
class Batch {
  pointBytes = 0;
  pointCount = 0;
  readonly #metrics: Uint8Array[] = [];
  #form: MetricForm | undefined;
  #points: Uint8Array[] = [];

  /** Points of a metric come one after the other. */
  add(form: MetricForm, point: Uint8Array): void {
    if (form !== this.#form) this.#endMetric();
    this.#form = form;
    this.#points.push(nested(1, [point]));
    this.pointBytes += point.byteLength;
    this.pointCount++;
  }

  finish(): readonly Uint8Array[] {
    this.#endMetric();
    return this.#metrics;
  }

  #endMetric(): void {
    if (this.#form === undefined) return;
    const { head, field, tail } = this.#form;
    this.#metrics.push(nested(2, [head, nested(field, [...this.#points, tail])]));
    this.#points = [];
    this.#form = undefined;
  }
}

/**
 * Every sample of a store, one by one, for outputs that write raw samples. Columns of numbers with the metadata of each
 * sample's VU; a series is defined once, in the first batch that has it. Nothing of this exists unless an output asks.
 *
 * All samples of one request, or of one iteration's end, have one time, as in k6. Whoever records them records them in
 * a row, so the metrics that follow another in such a row take the time of the sample before them.
 */
import { requestTimings } from "./listed.ts";
import type { Metric, Series, TagSet } from "./sample.ts";
import type { SampleStore } from "./store.ts";

/** What a sample carries besides its tags: never part of a series (k6: metadata). */
export type Metadata = Readonly<Record<string, string>>;

/** Whose samples are being recorded. */
export interface SampleOwner {
  readonly metadata: Metadata;
}

/**
 * Samples in the order in which they were recorded. Ids of metrics, tag sets and series count up from 0 over all batches
 * of a log; those of metadata are of this batch. The arrays own their buffers: they may be put in a transfer list.
 */
export interface SampleBatch {
  readonly metrics: readonly Metric[];
  readonly tagSets: readonly Readonly<Record<string, string>>[];
  readonly series: readonly (readonly [metricId: number, tagSetId: number])[];
  readonly seriesIds: Uint32Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
  /** Unix milliseconds with fractions. */
  readonly timesMs: Float64Array<ArrayBuffer>;
  readonly metadata: readonly Metadata[];
  /** Undefined when no sample of the batch has metadata; the id 0 is none. */
  readonly metadataIds: Uint32Array<ArrayBuffer> | undefined;
}

/** Metrics that are recorded in one row: the first of each tells the time of the row. */
const rows: readonly (readonly string[])[] = [
  ["http_reqs", "http_req_duration", ...requestTimings, "http_req_failed"],
  ["data_sent", "data_received", "iteration_duration", "iterations"],
  ["vus", "vus_max"],
];

/** Samples a batch; a full one is handed on at once. */
const batchSize = 8_192;

const noMetadata: Metadata = Object.freeze({});

/** A log of a store's samples, from its creation on. */
export class SampleLog {
  /** Set before samples are recorded; its metadata goes with them. */
  owner: SampleOwner | undefined;
  readonly #wallMs: () => number;
  readonly #onBatch: (batch: SampleBatch) => void;
  readonly #entries = new Map<Series, Entry>();
  readonly #metricIds = new Map<Metric, number>();
  readonly #tagSetIds = new Map<TagSet, number>();
  readonly #seriesIds = new Uint32Array(batchSize);
  readonly #values = new Float64Array(batchSize);
  readonly #timesMs = new Float64Array(batchSize);
  readonly #metadataIds = new Uint32Array(batchSize);
  #definitions: Pick<Mutable<SampleBatch>, "metrics" | "tagSets" | "series"> = emptyDefinitions();
  #metadata: Metadata[] = [];
  #lastMetadata = noMetadata;
  #lastMetadataId = 0;
  #count = 0;
  #lastMs = 0;
  #lastRow = -1;

  /** `wallMs` tells the time in Unix milliseconds; `onBatch` must not record. */
  constructor(
    store: SampleStore,
    parts: { readonly wallMs: () => number; readonly onBatch: (batch: SampleBatch) => void },
  ) {
    this.#wallMs = parts.wallMs;
    this.#onBatch = parts.onBatch;
    store.onSample = (series, value) => this.#add(series, value);
  }

  /** Hands on what has come in since the last batch. */
  flush(): void {
    const count = this.#count;
    if (count === 0) return;
    const metadata = this.#metadata;
    const batch: SampleBatch = {
      ...this.#definitions,
      seriesIds: this.#seriesIds.slice(0, count),
      values: this.#values.slice(0, count),
      timesMs: this.#timesMs.slice(0, count),
      metadata,
      metadataIds: metadata.length === 0 ? undefined : this.#metadataIds.slice(0, count),
    };
    this.#definitions = emptyDefinitions();
    this.#metadata = [];
    this.#lastMetadata = noMetadata;
    this.#lastMetadataId = 0;
    this.#count = 0;
    this.#onBatch(batch);
  }

  #add(series: Series, value: number): void {
    const entry = this.#entries.get(series) ?? this.#define(series);
    if (!entry.follows || entry.row !== this.#lastRow) this.#lastMs = this.#wallMs();
    this.#lastRow = entry.row;
    const at = this.#count++;
    this.#seriesIds[at] = entry.id;
    this.#values[at] = value;
    this.#timesMs[at] = this.#lastMs;
    const metadata = entry.hasOwner ? this.owner?.metadata : undefined;
    this.#metadataIds[at] = this.#metadataIdOf(metadata ?? noMetadata);
    if (this.#count === batchSize) this.flush();
  }

  /** Metadata objects are replaced, never changed: neighbours with the same object have the same id. */
  #metadataIdOf(metadata: Metadata): number {
    if (metadata === this.#lastMetadata) return this.#lastMetadataId;
    this.#lastMetadata = metadata;
    this.#lastMetadataId = isEmpty(metadata) ? 0 : this.#metadata.push(metadata);
    return this.#lastMetadataId;
  }

  #define(series: Series): Entry {
    const { metric, tags } = series;
    const row = rows.findIndex((names) => names.includes(metric.name));
    const entry: Entry = {
      id: this.#entries.size,
      row,
      follows: row >= 0 && rows[row]![0] !== metric.name,
      hasOwner: metric.name !== "dropped_iterations",
    };
    this.#entries.set(series, entry);
    const { metrics, tagSets, series: defined } = this.#definitions;
    let metricId = this.#metricIds.get(metric);
    if (metricId === undefined) {
      metricId = this.#metricIds.size;
      this.#metricIds.set(metric, metricId);
      metrics.push(metric);
    }
    let tagSetId = this.#tagSetIds.get(tags);
    if (tagSetId === undefined) {
      tagSetId = this.#tagSetIds.size;
      this.#tagSetIds.set(tags, tagSetId);
      tagSets.push(tags.toObject());
    }
    defined.push([metricId, tagSetId]);
    return entry;
  }
}

interface Entry {
  readonly id: number;
  /** Index in `rows`, or -1. */
  readonly row: number;
  /** It has the time of the sample before it in its row. */
  readonly follows: boolean;
  /** A dropped iteration is one that no VU had. */
  readonly hasOwner: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

function emptyDefinitions(): Pick<Mutable<SampleBatch>, "metrics" | "tagSets" | "series"> {
  return { metrics: [], tagSets: [], series: [] };
}

function isEmpty(metadata: Metadata): boolean {
  for (const key in metadata) if (Object.hasOwn(metadata, key)) return false;
  return true;
}

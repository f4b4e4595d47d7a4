/** Batches of several workers as one sequence of samples: what each worker numbers for itself becomes one series object. */
import type { Metadata, Metric, SampleBatch } from "../metrics/index.ts";
import type { Samples, SampleSeries } from "./output.ts";

type Tags = Readonly<Record<string, string>>;

/** What the ids in one worker's batches stand for. */
interface Source {
  readonly metrics: Metric[];
  readonly tagSets: Tags[];
  readonly series: SampleSeries[];
}

/** Knows the series of all workers. */
export class SampleDirectory {
  readonly #sources = new Map<number, Source>();
  readonly #series = new Map<string, SampleSeries>();

  /** All batches of a source must come, in order. */
  resolve(batch: SampleBatch, sourceId: number): Samples {
    const source = this.#sourceOf(sourceId);
    source.metrics.push(...batch.metrics);
    source.tagSets.push(...batch.tagSets);
    for (const [metricId, tagSetId] of batch.series)
      source.series.push(this.#intern(source.metrics[metricId]!, source.tagSets[tagSetId]!));
    return new BatchSamples(batch, source.series, sourceId);
  }

  #sourceOf(sourceId: number): Source {
    const known = this.#sources.get(sourceId);
    if (known !== undefined) return known;
    const made: Source = { metrics: [], tagSets: [], series: [] };
    this.#sources.set(sourceId, made);
    return made;
  }

  /** Tags come sorted by key, so equal sets have equal texts. */
  #intern(metric: Metric, tags: Tags): SampleSeries {
    const identity = `${metric.name}${JSON.stringify(tags)}`;
    const known = this.#series.get(identity);
    if (known !== undefined) return known;
    const made: SampleSeries = { index: this.#series.size, metric, tags };
    this.#series.set(identity, made);
    return made;
  }
}

class BatchSamples implements Samples {
  readonly length: number;
  readonly sourceId: number;
  readonly #batch: SampleBatch;
  readonly #series: readonly SampleSeries[];

  constructor(batch: SampleBatch, series: readonly SampleSeries[], sourceId: number) {
    this.#batch = batch;
    this.#series = series;
    this.sourceId = sourceId;
    this.length = batch.values.length;
  }

  seriesAt(position: number): SampleSeries {
    return this.#series[this.#batch.seriesIds[position]!]!;
  }

  valueAt(position: number): number {
    return this.#batch.values[position]!;
  }

  timeMsAt(position: number): number {
    return this.#batch.timesMs[position]!;
  }

  metadataAt(position: number): Metadata | undefined {
    const { metadata, metadataIds } = this.#batch;
    return metadataIds === undefined ? undefined : metadata[metadataIds[position]! - 1];
  }
}

/**
 * The contract of an output: something that a run's samples are written to or sent to while it goes on.
 *
 * An output asks for what it needs. Raw ones (`addSamples`) get every sample, aggregated ones (`addInterval`) get the sums
 * so far each second; a run without raw outputs keeps no raw samples. All calls are made on the main thread, in order, and
 * must return at once: an output that waits (for a disk, for a server) keeps what it was given and works on it later.
 * What it cannot keep up with, or cannot deliver, it reports as a log line; it never throws there and never ends a run.
 */
import type { Metadata, Metric, MetricAggregate } from "../metrics/index.ts";
import type { RunMoment } from "./moment.ts";

/** One (metric, tag set) over all workers. The same pair is always the same object. */
export interface SampleSeries {
  /** Counts up from 0 in order of appearance: a place for what an output keeps of a series. */
  readonly index: number;
  readonly metric: Metric;
  /** Sorted by key. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A number of samples in the order in which one worker recorded them. Values are read by position: nothing is copied. */
export interface Samples {
  readonly length: number;
  /** Which worker recorded them; -1 is the main thread. */
  readonly sourceId: number;
  seriesAt(position: number): SampleSeries;
  valueAt(position: number): number;
  /** Unix milliseconds with fractions. */
  timeMsAt(position: number): number;
  /** Undefined when the sample has none. */
  metadataAt(position: number): Metadata | undefined;
}

/** The series of a run over all workers. They are the run's own and go on changing: to be read, never changed. */
export type RunTotals = Pick<MetricAggregate, "allSeries" | "seriesOf" | "metricsSeen">;

/** The end of an interval, usually a second. */
export interface Interval {
  /** Unix milliseconds. */
  readonly endWallMs: number;
  /** Everything since the start of the run until then; the same object each time. */
  readonly totals: RunTotals;
}

export interface Output {
  /** As the start-up text shows it: `json (out.json)`. */
  readonly description: string;
  /**
   * Opens what it writes to, before anything of the run begins.
   * @throws LakhError when that cannot be done: the run does not begin then
   */
  start(): Promise<void>;
  /** Only of raw outputs. */
  addSamples?(samples: Samples): void;
  /** Only of aggregated outputs. */
  addInterval?(interval: Interval): void;
  /** Only of outputs that show a run while it goes on: what no sample tells. */
  addMoment?(moment: RunMoment): void;
  /** Delivers everything it still has, and closes. Called once after a `start` that succeeded, however the run ended. */
  stop(): Promise<void>;
}

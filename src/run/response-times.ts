/**
 * Response times: how long requests took from when their iterations were due. A late start of the generator's own is in
 * them and is not in http_req_duration, which k6 defines. They are no metric of k6's, so they have a way of their own:
 * each worker's tick carries what it counted.
 */
import { type ExponentialHistogram, TrendSink, unpackTrend } from "../metrics/index.ts";
import type { ObjectivesRecord } from "../record/index.ts";
import { latencyLimitsOf } from "./endpoint-counts.ts";

export class ResponseTimes {
  readonly #limitsMs: readonly number[];
  /** Those of the objectives for all requests, which intervals count. */
  readonly #reportedMs: readonly number[];
  readonly #steady: TrendSink;
  #areTold = false;

  constructor(objectives: ObjectivesRecord | undefined) {
    this.#limitsMs = latencyLimitsOf(objectives);
    this.#reportedMs = (objectives?.latency ?? []).map(({ limitMs }) => limitMs);
    this.#steady = new TrendSink(this.#limitsMs);
  }

  /** Of the steady state; undefined when nothing was due by the clock. */
  get steady(): ExponentialHistogram | undefined {
    return this.#areTold ? this.#steady.histogram : undefined;
  }

  /**
   * The parcels of a tick, one a worker.
   * @returns requests slower than each latency objective; undefined when nothing was due by the clock
   */
  add(parcels: readonly Float64Array[], isSteady: boolean): readonly number[] | undefined {
    if (parcels.length === 0) return undefined;
    this.#areTold = true;
    const interval = new TrendSink(this.#limitsMs);
    for (const parcel of parcels) unpackTrend(parcel, interval);
    if (isSteady) this.#steady.merge(interval);
    return this.#reportedMs.map((limitMs) => interval.countAbove(limitMs)!);
  }
}

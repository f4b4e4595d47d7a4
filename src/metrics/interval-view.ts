/** What came in during one interval of a run, summed by metric: the matter of which a time series of points is made. */
import type { ExponentialHistogram } from "./histogram.ts";
import type { RateSink, Sink } from "./sinks.ts";

/** One interval's sums. */
export class IntervalView {
  readonly #sinks: ReadonlyMap<string, Sink>;

  constructor(sinks: ReadonlyMap<string, Sink>) {
    this.#sinks = sinks;
  }

  /** The metric's sink; undefined when it had no samples. */
  sink(metricName: string): Sink | undefined {
    return this.#sinks.get(metricName);
  }

  /** Sum of a counter. */
  counter(metricName: string): number {
    const sink = this.#sinks.get(metricName);
    return sink?.type === "counter" ? sink.sum : 0;
  }

  /** Samples of a rate, and how many were not zero. */
  rate(metricName: string): Pick<RateSink, "total" | "trues"> {
    const sink = this.#sinks.get(metricName);
    return sink?.type === "rate" ? sink : { total: 0, trues: 0 };
  }

  /** Distribution of a trend; undefined when it had no samples. */
  trend(metricName: string): ExponentialHistogram | undefined {
    const sink = this.#sinks.get(metricName);
    return sink?.type === "trend" ? sink.histogram : undefined;
  }

  /** Samples of a trend above one of its tracked limits, exactly. */
  above(metricName: string, limit: number): number {
    const sink = this.#sinks.get(metricName);
    return sink?.type === "trend" ? (sink.countAbove(limit) ?? 0) : 0;
  }
}

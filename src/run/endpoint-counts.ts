/** Counts of the endpoints that have objectives of their own, interval by interval. */
import type { MetricAggregate } from "../metrics/index.ts";
import type {
  EndpointIntervalRecord,
  EndpointObjectiveRecord,
  ObjectivesRecord,
} from "../record/index.ts";

/** Every latency limit of some objectives, each once: what is counted exactly while a run goes on. */
export function latencyLimitsOf(objectives: ObjectivesRecord | undefined): number[] {
  const { latency = [], endpoints = [] } = objectives ?? {};
  const all = [...latency, ...endpoints.flatMap((endpoint) => endpoint.latency)];
  return [...new Set(all.map(({ limitMs }) => limitMs))];
}

export class EndpointCounts {
  readonly #objectives: readonly EndpointObjectiveRecord[];
  readonly #whole: MetricAggregate;
  #last: readonly EndpointIntervalRecord[];

  /** `whole` must track the limits of {@link latencyLimitsOf}. */
  constructor(objectives: readonly EndpointObjectiveRecord[], whole: MetricAggregate) {
    this.#objectives = objectives;
    this.#whole = whole;
    this.#last = this.#totals();
  }

  /** What came since the last call, in the order of the objectives; undefined when there are none. */
  take(): readonly EndpointIntervalRecord[] | undefined {
    if (this.#objectives.length === 0) return undefined;
    const [before, now] = [this.#last, this.#totals()];
    this.#last = now;
    return now.map((total, index) => combineCounts(total, before[index]!, (a, b) => a - b));
  }

  #totals(): EndpointIntervalRecord[] {
    return this.#objectives.map((objective) => {
      const isOf = ({ tags }: { tags: Readonly<Record<string, string>> }): boolean =>
        (tags["name"] ?? tags["url"]) === objective.name &&
        (objective.method === undefined || tags["method"] === objective.method);
      const slowRequests = objective.latency.map(() => 0);
      let requests = 0;
      for (const { sink } of this.#whole.seriesOf("http_req_duration").filter(isOf)) {
        if (sink.type !== "trend") continue;
        requests += sink.histogram.count;
        for (const [index, { limitMs }] of objective.latency.entries())
          slowRequests[index]! += sink.countAbove(limitMs) ?? 0;
      }
      let failedRequests = 0;
      for (const { sink } of this.#whole.seriesOf("http_req_failed").filter(isOf))
        if (sink.type === "rate") failedRequests += sink.trues;
      return { requests, failedRequests, slowRequests };
    });
  }
}

/** Two counts of an endpoint made one, figure by figure. */
export function combineCounts(
  first: EndpointIntervalRecord,
  second: EndpointIntervalRecord,
  combine: (first: number, second: number) => number,
): EndpointIntervalRecord {
  return {
    requests: combine(first.requests, second.requests),
    failedRequests: combine(first.failedRequests, second.failedRequests),
    slowRequests: first.slowRequests.map((count, index) =>
      combine(count, second.slowRequests[index] ?? 0),
    ),
  };
}

/**
 * The emergency brake of a trial: when the target breaks down under the load, or cannot bear it beyond any doubt, the
 * load is taken away. Looked at once a second over the last seconds, so that one bad second ends nothing.
 *
 *     collapsed      for 5 s more than half of what was sent failed, nothing was answered, or the median answer took ten
 *                    times as long as the largest limit
 *     overloaded     for 10 s more than half of what was sent was slower than a limit allows 5 % or less to be
 */
import { formatGoDuration } from "../base/units.ts";
import type { IntervalRecord, ObjectivesRecord } from "../record/index.ts";
import type { RunTick } from "./request.ts";

type Limits = Pick<ObjectivesRecord, "latency">;

const collapseSeconds = 5;
const overloadSeconds = 10;
/** Over the looked-at seconds; fewer say too little. */
const leastRequests = 50;
const leastForOverload = 500;
const brokenShare = 0.5;
const timesTheLimit = 10;
/** An objective that allows more than this is not one that half of the requests may break beyond doubt. */
const strictShare = 0.051;

export class Brake {
  /** True when the target broke down; false when it was only overloaded, or nothing was braked. */
  hasCollapsed = false;
  readonly #latency: Limits["latency"];
  readonly #seconds: IntervalRecord[] = [];

  constructor({ latency }: Limits) {
    this.#latency = latency;
  }

  /** Why the load must be taken away; undefined as long as it need not be. */
  readonly look = ({ interval }: Pick<RunTick, "interval">): string | undefined => {
    this.#seconds.push(interval);
    if (this.#seconds.length > overloadSeconds) this.#seconds.shift();
    const collapse = this.#collapse();
    this.hasCollapsed = collapse !== undefined;
    return collapse ?? this.#overload();
  };

  #collapse(): string | undefined {
    if (this.#seconds.length < collapseSeconds) return undefined;
    const seconds = this.#seconds.slice(-collapseSeconds);
    const lately = `in the last ${collapseSeconds} s`;
    const requests = total(seconds, (second) => second.requests);
    const started = total(seconds, (second) => second.iterationsStarted + second.iterationsDropped);
    if (requests === 0 && started > 0) return `the target collapsed: it answered nothing ${lately}`;
    if (requests < leastRequests) return undefined;
    const failed = total(seconds, (second) => second.failedRequests);
    if (failed > brokenShare * requests)
      return `the target collapsed: ${percent(failed / requests)} of the requests failed ${lately}`;
    const limitMs = Math.max(0, ...this.#latency.map((each) => each.limitMs));
    const isFrozen = seconds.every(({ p50Ms }) => (p50Ms ?? Infinity) > timesTheLimit * limitMs);
    if (limitMs > 0 && isFrozen)
      return `the target collapsed: the median answer took more than ${formatGoDuration(timesTheLimit * limitMs)} ${lately}`;
    return undefined;
  }

  #overload(): string | undefined {
    if (this.#seconds.length < overloadSeconds) return undefined;
    const requests = total(this.#seconds, (second) => second.requests);
    if (requests < leastForOverload) return undefined;
    for (const [index, { share, limitMs }] of this.#latency.entries()) {
      const slow = total(this.#seconds, ({ slowRequests }) => slowRequests[index] ?? 0);
      if (1 - share > strictShare || slow <= brokenShare * requests) continue;
      return `the target was overloaded: ${percent(slow / requests)} of the requests of the last ${overloadSeconds} s were slower than ${formatGoDuration(limitMs)}`;
    }
    return undefined;
  }
}

function total(seconds: readonly IntervalRecord[], of: (second: IntervalRecord) => number): number {
  return seconds.reduce((sum, second) => sum + of(second), 0);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

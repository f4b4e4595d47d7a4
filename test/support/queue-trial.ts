/**
 * A trial of a queue in virtual time, as the record that a run against it would have written: a second an interval,
 * requests counted when they end, and as many VUs as a trial of the search has.
 */
import { trialVus } from "../../src/plan/index.ts";
import type { IntervalRecord, ObjectivesRecord, RunRecord } from "../../src/record/index.ts";
import type { TrialPlan } from "../../src/search/index.ts";
import { serve, type QueueModel } from "../../bench/queue.ts";
import { healthyInterval, healthyReadings, healthyRecord, latencyOf } from "./record.ts";

export interface QueueTrial {
  readonly objectives: ObjectivesRecord;
  readonly seed: number;
  /** Stretches service times at a moment of the trial. */
  readonly slowdownAt?: (ms: number) => number;
  /** Whether the request that arrived then fails; failures are answered at once. */
  readonly failsAt?: (ms: number) => boolean;
}

/** The record of `plan` against `model`. */
export function queueRecord(model: QueueModel, plan: TrialPlan, trial: QueueTrial): RunRecord {
  const untilMs = plan.warmUpMs + plan.steadyMs;
  const seconds = Math.ceil(untilMs / 1_000);
  const tally = new Tally(seconds, trial.objectives);
  const limitMs = Math.max(0, ...trial.objectives.latency.map((each) => each.limitMs));
  const vus = trialVus(plan.ratePerSecond, {
    requestsPerIteration: 1,
    iterationDurationMs: model.meanServiceMs + (model.baseMs ?? 0),
    longestAnswerMs: limitMs,
  });
  const busy: number[] = [];
  for (const request of attempts(model, plan.ratePerSecond, { ...trial, untilMs, busy, vus }))
    tally.add(request);
  return healthyRecord({
    durationMs: untilMs,
    scenarios: [
      {
        name: "daily_users",
        executor: "constant-arrival-rate",
        startTimeMs: 0,
        durationMs: untilMs,
        maxVus: vus,
        config: {},
      },
    ],
    plan: { dau: plan.ratePerSecond * 100, steps: [] },
    objectives: trial.objectives,
    steadyState: { fromMs: plan.warmUpMs, toMs: untilMs, rule: "full load" },
    thresholds: [],
    population: { initializedVus: vus, usedVus: vus, peakActiveVus: vus },
    observations: [],
    generatorHealth: healthyReadings(undefined, seconds),
    ...tally.measured(plan, vus),
  });
}

type Attempt =
  | { readonly kind: "dropped"; readonly arrivedMs: number }
  | {
      readonly kind: "ended";
      readonly arrivedMs: number;
      readonly endedMs: number;
      readonly failed: boolean;
    };

interface AttemptParts extends Omit<QueueTrial, "objectives"> {
  readonly untilMs: number;
  readonly busy: number[];
  readonly vus: number;
}

/** As {@link serve}, but a request that finds every VU waiting is not sent. */
function* attempts(
  model: QueueModel,
  ratePerSecond: number,
  parts: AttemptParts,
): Generator<Attempt> {
  const { seed, untilMs, busy, vus, failsAt = () => false, slowdownAt } = parts;
  const admits = (arrivedMs: number): boolean => {
    if (busy.length >= vus) {
      const still = busy.filter((endedMs) => endedMs > arrivedMs);
      busy.splice(0, busy.length, ...still);
    }
    return busy.length < vus;
  };
  const options = { seed, untilMs, ...(slowdownAt === undefined ? {} : { slowdownAt }) };
  for (const request of serve(model, ratePerSecond, { ...options, admits, failsAt })) {
    if (request.endedMs === undefined) {
      yield { kind: "dropped", arrivedMs: request.arrivedMs };
      continue;
    }
    busy.push(request.endedMs);
    yield {
      kind: "ended",
      ...request,
      endedMs: request.endedMs,
      failed: failsAt(request.arrivedMs),
    };
  }
}

/** Counts a second, as the collector does. */
class Tally {
  readonly #limitsMs: readonly number[];
  readonly #requests: Uint32Array;
  readonly #failed: Uint32Array;
  readonly #dropped: Uint32Array;
  readonly #started: Uint32Array;
  readonly #slow: readonly Uint32Array[];
  readonly #latencies: (readonly [endedMs: number, durationMs: number])[] = [];

  constructor(seconds: number, { latency }: ObjectivesRecord) {
    this.#limitsMs = latency.map(({ limitMs }) => limitMs);
    this.#requests = new Uint32Array(seconds);
    this.#failed = new Uint32Array(seconds);
    this.#dropped = new Uint32Array(seconds);
    this.#started = new Uint32Array(seconds);
    this.#slow = latency.map(() => new Uint32Array(seconds));
  }

  add(attempt: Attempt): void {
    const arrivedIn = Math.floor(attempt.arrivedMs / 1_000);
    if (attempt.kind === "dropped") {
      this.#dropped[arrivedIn]!++;
      return;
    }
    this.#started[arrivedIn]!++;
    const { arrivedMs, endedMs, failed } = attempt;
    const second = Math.floor(endedMs / 1_000);
    if (second >= this.#requests.length) return;
    this.#requests[second]!++;
    if (failed) this.#failed[second]!++;
    const durationMs = endedMs - arrivedMs;
    for (const [index, limitMs] of this.#limitsMs.entries())
      if (durationMs > limitMs) this.#slow[index]![second]!++;
    this.#latencies.push([endedMs, durationMs]);
  }

  measured(
    { warmUpMs }: TrialPlan,
    vus: number,
  ): Pick<RunRecord, "intervals" | "steadyLatency" | "iterations"> {
    const intervals = Array.from(this.#requests, (requests, second): IntervalRecord => {
      const dropped = this.#dropped[second]!;
      return healthyInterval({
        atMs: second * 1_000,
        requests,
        failedRequests: this.#failed[second]!,
        slowRequests: this.#slow.map((counts) => counts[second]!),
        iterationsStarted: this.#started[second]!,
        iterationsDropped: dropped,
        checksPassed: 0,
        checksFailed: 0,
        activeVus: dropped > 0 ? vus : 1,
        initializedVus: vus,
      });
    });
    const total = (counts: Uint32Array): number => counts.reduce((sum, count) => sum + count, 0);
    const started = total(this.#started);
    const dropped = total(this.#dropped);
    return {
      intervals,
      steadyLatency: latencyOf(
        this.#latencies.flatMap(([endedMs, durationMs]) => (endedMs >= warmUpMs ? durationMs : [])),
      ),
      iterations: {
        due: started + dropped,
        started,
        completed: started,
        interrupted: 0,
        dropped,
        failed: 0,
      },
    };
  }
}

/**
 * The search for the largest rate that meets the objectives, carried out: every trial is a run with a record of its own,
 * what to try next is `search`'s to say. What was found is on disk after every trial.
 */
import type { Clock } from "../base/clock.ts";
import { exitCodes } from "../base/errors.ts";
import type { Host } from "../base/host.ts";
import { dauFor } from "../plan/index.ts";
import {
  claimId,
  type LimitRecord,
  type LimitTrialRecord,
  newRunId,
  writeLimit,
} from "../record/index.ts";
import {
  addTrial,
  isGood,
  leastWarmUpMs,
  nextTrial,
  recoveryLimitMs,
  recoveryPlan,
  type SearchEnd,
  type SearchState,
  startSearch,
  type TrialOutcome,
  type TrialPlan,
} from "../search/index.ts";
import { Brake } from "./brake.ts";
import type { DemandPlan, Probe } from "./demand-plan.ts";
import { limitRecord } from "./limit-record.ts";
import type { LimitRequest } from "./limit-request.ts";
import type { RunDeps, RunRequest, RunResult } from "./request.ts";
import { toTrialOutcome, trialObjectives } from "./trial-outcome.ts";

/** What the runs of a search get beside their request. */
export interface TrialHooks {
  readonly host: Host;
  readonly brake: NonNullable<RunDeps["brake"]>;
  readonly onDemand: (demand: DemandPlan) => void;
}

/** What a search needs of the world, and what it tells. */
export interface LimitDeps {
  readonly host: Host;
  readonly clock: Clock;
  /** Carries out one run. @throws LakhError when it could not begin */
  readonly execute: (request: RunRequest, hooks: TrialHooks) => Promise<RunResult>;
  /** Waits, or until the search is interrupted. */
  readonly pause: (ms: number, isOver: () => boolean) => Promise<void>;
  onTrial?(plan: TrialPlan, number: number): void;
  onOutcome?(trial: LimitTrialRecord): void;
  /** At the end, however it comes: the record is written. */
  onEnd(limit: LimitRecord, folder: string): void;
}

/**
 * Searches, and tells what was found.
 * @throws LakhError RECORD_WRITE, and what keeps a run from beginning (what was found before is told then, too)
 */
export async function runLimit(request: LimitRequest, deps: LimitDeps): Promise<LimitRecord> {
  const search = new LimitSearch(request, deps);
  const release = deps.host.onInterrupt(() => search.interrupt());
  try {
    return await search.conduct();
  } finally {
    release();
  }
}

/** Between a trial that was too much and the next: requests that were given up are still being served. */
const settleLimits = 3;
const leastSettleMs = 1_000;
const recoveryPauseMs = 2_000;

class LimitSearch {
  readonly #request: LimitRequest;
  readonly #deps: LimitDeps;
  readonly #id: string;
  readonly #startedAt: Date;
  readonly #startedMs: number;
  #state: SearchState;
  readonly #runs: string[] = [];
  #probe: Probe | undefined;
  #isInterrupted = false;

  constructor(request: LimitRequest, deps: LimitDeps) {
    this.#request = request;
    this.#deps = deps;
    const wallMs = deps.clock.wallMs();
    this.#startedAt = new Date(wallMs);
    this.#startedMs = deps.clock.nowMs();
    this.#id = claimId(request.run.runsDir, newRunId(wallMs, "limit"));
    this.#state = startSearch(request.settings);
  }

  /** The trial that goes on ends by itself: it hears of the signal, too. */
  interrupt(): void {
    this.#isInterrupted = true;
  }

  async conduct(): Promise<LimitRecord> {
    try {
      const end = await this.#search();
      if (end !== "interrupted" && end !== "not-recovered") await this.#watchRecovery();
      return this.#finish(this.#isInterrupted ? "interrupted" : end);
    } catch (error) {
      // One trial could not begin: what the others found is not lost for it.
      if (this.#state.trials.length > 0) this.#finish("interrupted");
      throw error;
    }
  }

  async #search(): Promise<SearchEnd> {
    for (;;) {
      if (this.#isInterrupted) return "interrupted";
      const next = nextTrial(this.#state);
      if (next.kind === "done") return next.end;
      await this.#tryOut(next.plan);
    }
  }

  /** Looks, until the target is as it was before the last load that was too much, or a minute has passed. */
  async #watchRecovery(): Promise<void> {
    const overload = this.#lastOverload();
    while (overload !== undefined && !this.#isInterrupted) {
      const last = this.#state.trials.at(-1)!;
      if (last.plan.purpose === "recovery" && isGood(last)) return;
      if (last.endedAtMs - overload.endedAtMs > recoveryLimitMs) return;
      await this.#tryOut(recoveryPlan(this.#state.settings, this.#state.trials));
    }
  }

  #lastOverload(): TrialOutcome | undefined {
    const { trials } = this.#state;
    const last = trials.findLastIndex(
      (trial) => trial.plan.purpose !== "recovery" && trial.verdict !== "INVALID" && !isGood(trial),
    );
    // A trial that held since then has shown that the target came back.
    return trials.slice(last + 1).some(isGood) ? undefined : trials[last];
  }

  /** One trial; nothing is added when it was interrupted. */
  async #tryOut(plan: TrialPlan): Promise<void> {
    await this.#settle();
    if (this.#isInterrupted) return;
    const { run, objectives } = this.#request;
    const number = this.#state.trials.length + 1;
    this.#deps.onTrial?.(plan, number);
    const brake = new Brake(objectives);
    const startedAtMs = this.#elapsedMs();
    const result = await this.#deps.execute(
      {
        ...run,
        noThresholds: true,
        label: `limit-${plan.purpose}`,
        demand: this.#demandOf(plan),
        partOf: {
          kind: "search",
          id: this.#id,
          trial: { number, requestsPerSecond: plan.ratePerSecond },
        },
      },
      {
        host: { ...this.#deps.host, exitNow: (code) => this.#abandon(code) },
        brake: brake.look,
        onDemand: ({ probe }) => {
          this.#probe = probe;
        },
      },
    );
    if (result.record.outcome.reason === "interrupted") {
      this.#isInterrupted = true;
      return;
    }
    if (this.#wasTooShort(plan)) return;
    const outcome = toTrialOutcome(
      plan,
      { record: result.record, verdict: result.verdict! },
      { startedAtMs, endedAtMs: this.#elapsedMs(), hasCollapsed: brake.hasCollapsed },
    );
    this.#state = addTrial(this.#state, outcome);
    this.#runs.push(result.record.id);
    const { record } = this.#save("interrupted");
    this.#deps.onOutcome?.(record.trials.at(-1)!);
  }

  /**
   * Before the first trial nobody knows how long an iteration takes; where its warm-up did not do for the load to be
   * whole, it was not a trial at its rate, and the next one gets more.
   */
  #wasTooShort({ warmUpMs }: TrialPlan): boolean {
    const { settings } = this.#state;
    if (settings.iterationMs !== undefined || this.#probe === undefined) return false;
    const iterationMs = this.#probe.iterationDurationMs;
    this.#state = { ...this.#state, settings: { ...settings, iterationMs } };
    return leastWarmUpMs(this.#state.settings) > warmUpMs;
  }

  #demandOf(plan: TrialPlan): NonNullable<RunRequest["demand"]> {
    const { users, journeys, objectives, settings } = this.#request;
    const { requestsPerIteration = 1 } = this.#probe ?? {};
    return {
      users: { ...users, dau: dauFor(plan.ratePerSecond, users) },
      journeys,
      warmUpMs: plan.warmUpMs,
      steadyMs: plan.steadyMs,
      objectives: trialObjectives(objectives, plan, requestsPerIteration),
      probe: this.#probe,
      vus: { longestAnswerMs: settings.latencyLimitMs ?? withoutLimitMs },
    };
  }

  async #settle(): Promise<void> {
    const last = this.#state.trials.at(-1);
    if (last === undefined || last.verdict === "INVALID" || isGood(last)) return;
    const ownMs = settleLimits * (this.#request.settings.latencyLimitMs ?? 0);
    const pauseMs = last.plan.purpose === "recovery" ? recoveryPauseMs : leastSettleMs;
    await this.#deps.pause(Math.max(pauseMs, ownMs), () => this.#isInterrupted);
  }

  #elapsedMs(): number {
    return this.#deps.clock.nowMs() - this.#startedMs;
  }

  /** A signal before a trial sends its load, or a second one: nothing is waited for, and nothing found is lost. */
  #abandon(code: number): void {
    this.#finish("interrupted");
    this.#deps.host.exitNow(code === exitCodes.ok ? exitCodes.externalAbort : code);
  }

  #finish(end: SearchEnd): LimitRecord {
    const limit = this.#save(end);
    this.#deps.onEnd(limit.record, limit.folder);
    return limit.record;
  }

  #save(end: SearchEnd): { record: LimitRecord; folder: string } {
    const record = limitRecord(this.#request, this.#state, {
      id: this.#id,
      startedAt: this.#startedAt,
      runs: this.#runs,
      end,
    });
    return { record, folder: writeLimit(this.#request.run.runsDir, record) };
  }
}

/** Without a latency objective, answers that take this long still find a VU. */
const withoutLimitMs = 1_000;

/** A search against a queue in virtual time: the real judge, the real rules, no load. */
import { judge } from "../../src/judge/index.ts";
import type { ObjectivesRecord, RunRecord } from "../../src/record/index.ts";
import { toTrialOutcome, trialObjectives } from "../../src/run/trial-outcome.ts";
import {
  addTrial,
  nextTrial,
  type SearchEnd,
  type SearchSettings,
  type SearchState,
  startSearch,
  type TrialOutcome,
  type TrialPlan,
} from "../../src/search/index.ts";

export type Objectives = Pick<ObjectivesRecord, "latency" | "errorShare" | "cpuShare">;

/** What a trial of `plan` records; the number is that of the trial, from 0. */
export type TrialSource = (
  plan: TrialPlan,
  objectives: ObjectivesRecord,
  index: number,
) => RunRecord;

export interface SimulatedSearch {
  readonly state: SearchState;
  readonly end: SearchEnd;
}

/** A search as `lakh limit` makes it when nothing is stated, without objectives. */
export const searchDefaults: SearchSettings = {
  startRatePerSecond: 10,
  maxRatePerSecond: undefined,
  maxTrials: 16,
  maxDurationMs: undefined,
  warmUpMs: 5_000,
  trialMs: 30_000,
  longestTrialMs: 240_000,
  width: 0.05,
  confidence: 0.95,
  allowedShares: [],
  latencyLimitMs: undefined,
};

/** Searches to its end. `change` spoils an outcome, as a generator at its limit would. */
export function search(
  settings: Partial<SearchSettings>,
  objectives: Objectives,
  source: TrialSource,
  change: (outcome: TrialOutcome, index: number) => TrialOutcome = (outcome) => outcome,
): SimulatedSearch {
  const { latency, errorShare } = objectives;
  const limits = latency.map(({ limitMs }) => limitMs);
  let state = startSearch({
    ...searchDefaults,
    allowedShares: [
      ...latency.map(({ share }) => 1 - share),
      ...(errorShare === null ? [] : [errorShare]),
    ],
    latencyLimitMs: limits.length === 0 ? undefined : Math.max(...limits),
    ...settings,
  });
  let nowMs = 0;
  for (let index = 0; index < 60; index++) {
    const next = nextTrial(state);
    if (next.kind === "done") return { state, end: next.end };
    const { plan } = next;
    const record = source(
      plan,
      { ...trialObjectives(objectives, plan, 1), targetCores: null },
      index,
    );
    const startedAtMs = nowMs;
    nowMs += plan.warmUpMs + plan.steadyMs;
    const hasCollapsed = record.outcome.reason === "thresholds";
    const outcome = toTrialOutcome(
      plan,
      { record, verdict: judge(record) },
      { hasCollapsed, startedAtMs, endedAtMs: nowMs },
    );
    state = addTrial(state, change(outcome, index));
  }
  throw new Error("the search does not end");
}

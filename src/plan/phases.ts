/**
 * The phases of a campaign: a few users first, the peak of the day later, hours at the end. Each phase is the demand of
 * fewer users: a phase of u users carries the load of u / U of the daily users, U being those there at the peak.
 * Source: the guide's test progression (smoke, load, stress, peak, soak), with each phase's rate made to follow from its
 * users, which the guide leaves to the script.
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";
import { computeDemand } from "./demand.ts";
import type { DemandInput } from "./demand-inputs.ts";
import type { Objectives } from "./objectives.ts";

/** One phase of a campaign. */
export interface Phase {
  /** Unlike those of the others: "smoke". */
  readonly name: string;
  /** Users there at the same moment. */
  readonly users: number;
  /** Warm-up and steady state together. */
  readonly durationMs: number;
  /** Full load before the steady state; without it a tenth of the phase, at most a minute. */
  readonly warmUpMs?: number | undefined;
  /** What this phase requires instead of the campaign's objectives, field by field. */
  readonly objectives?: Partial<Objectives> | undefined;
}

const minuteMs = 60_000;

/**
 * The guide's campaign. A smoke test of 50 users makes some 1,300 requests: they cannot prove an error rate below 0.1 %,
 * for which 2,995 without an error are needed (Clopper and Pearson 1934), so it requires 1 %.
 */
export const guidePhases: readonly Phase[] = [
  { name: "smoke", users: 50, durationMs: 5 * minuteMs, objectives: { errorShare: 0.01 } },
  { name: "load", users: 500, durationMs: 30 * minuteMs },
  { name: "stress", users: 2_000, durationMs: 30 * minuteMs },
  { name: "peak", users: 5_000, durationMs: 30 * minuteMs },
  { name: "soak", users: 1_000, durationMs: 240 * minuteMs },
];

const warmUpShare = 0.1;
/** A campaign scaled down in time keeps at least this much of each phase: two seconds are no load. */
const leastPhaseMs = 5_000;
const tickMs = 1_000;

/** The daily users whose peak has `users` there at once, under the assumptions of `input`. */
export function phaseDemand(input: DemandInput, users: number): DemandInput {
  return { ...input, dau: (input.dau * users) / computeDemand(input).peakUsers };
}

/** How long a phase's full load lasts before it is judged, and how long it is judged. */
export function phaseTimes(phase: Phase): { readonly warmUpMs: number; readonly steadyMs: number } {
  const { durationMs } = phase;
  const wanted = phase.warmUpMs ?? Math.min(minuteMs, durationMs * warmUpShare);
  const warmUpMs = Math.ceil(wanted / tickMs) * tickMs;
  return { warmUpMs, steadyMs: durationMs - warmUpMs };
}

/** The phase with its times divided by `factor`, for a try-out. */
export function compressPhase(phase: Phase, factor: number): Phase {
  const { durationMs, warmUpMs } = phase;
  const shorter = (ms: number): number => Math.round(ms / factor / tickMs) * tickMs;
  return {
    ...phase,
    durationMs: Math.max(leastPhaseMs, shorter(durationMs)),
    warmUpMs: warmUpMs === undefined ? undefined : shorter(warmUpMs),
  };
}

/**
 * The phases, when a campaign can be made of them.
 * @throws LakhError PLAN_PHASES_INVALID
 */
export function checkPhases(phases: readonly Phase[]): readonly Phase[] {
  if (phases.length === 0) throw invalid("a campaign needs at least one phase");
  const names = new Set<string>();
  for (const phase of phases) {
    const { name, users, durationMs } = phase;
    if (names.has(name)) throw invalid(`two phases are named "${name}"`);
    names.add(name);
    if (!(users >= 1) || !Number.isInteger(users))
      throw invalid(`phase ${name} needs a whole number of users, but has ${users}`);
    if (phaseTimes(phase).steadyMs < tickMs)
      throw invalid(
        `phase ${name} lasts ${formatCount(durationMs / 1_000)} s, which leaves nothing to judge after its warm-up`,
      );
  }
  return phases;
}

function invalid(problem: string): LakhError {
  return new LakhError("PLAN_PHASES_INVALID", problem, {
    hint: "a phase is { name, users, duration }, for example smoke with 50 users for 5m",
    exitCode: exitCodes.invalidConfig,
  });
}

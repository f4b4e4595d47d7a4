/**
 * What scenarios ask for at one moment of a run: the slope of the open schedule and the level of the closed one, as
 * formulas of the time, without the schedule itself.
 */
import { regularDurationMs, type ScenarioPlan } from "./executors.ts";
import { hasDueTimes } from "./loops.ts";
import type { Share } from "./segment.ts";
import type { Stage } from "./values.ts";

export interface PlannedNow {
  /** Undefined when no scenario starts iterations by the clock. */
  readonly iterationsPerSecond: number | undefined;
  /** VUs that loop, and those that are held ready for iterations that start by the clock. */
  readonly vus: number;
}

/** `atMs` is on the clock of the run. */
export function plannedAt(
  scenarios: readonly ScenarioPlan[],
  share: Share,
  atMs: number,
): PlannedNow {
  const going = scenarios.filter((plan) => {
    const sinceMs = atMs - plan.startTimeMs;
    return sinceMs >= 0 && sinceMs < regularDurationMs(plan);
  });
  const total = (of: (plan: ScenarioPlan, sinceMs: number) => number): number =>
    going.reduce((sum, plan) => sum + of(plan, atMs - plan.startTimeMs), 0);
  return {
    iterationsPerSecond: scenarios.some((plan) => hasDueTimes(plan))
      ? total(ratePerSecond) * share.length
      : undefined,
    vus: total((plan, sinceMs) => share.scale(vusOf(plan, sinceMs))),
  };
}

function ratePerSecond(plan: ScenarioPlan, sinceMs: number): number {
  if (!hasDueTimes(plan)) return 0;
  const rate =
    plan.executor === "constant-arrival-rate"
      ? plan.rate
      : levelAt(plan.startRate, plan.stages, sinceMs);
  return (rate * 1_000) / plan.timeUnitMs;
}

function vusOf(plan: ScenarioPlan, sinceMs: number): number {
  if (hasDueTimes(plan)) return plan.preAllocatedVus;
  if (plan.executor !== "ramping-vus") return plan.vus;
  // A VU is whole: it starts when the line has reached it, and stops when the line has left it.
  const { stages, startVus } = plan;
  const level = levelAt(startVus, stages, sinceMs);
  return isFalling(startVus, stages, sinceMs) ? Math.ceil(level) : Math.floor(level);
}

/** On the line between the level before a stage and its target. */
function levelAt(start: number, stages: readonly Stage[], sinceMs: number): number {
  const { from, to, durationMs, intoMs } = stageAt(start, stages, sinceMs);
  return durationMs === 0 ? to : from + ((to - from) * intoMs) / durationMs;
}

function isFalling(start: number, stages: readonly Stage[], sinceMs: number): boolean {
  const { from, to } = stageAt(start, stages, sinceMs);
  return to < from;
}

interface StageNow {
  readonly from: number;
  readonly to: number;
  readonly durationMs: number;
  readonly intoMs: number;
}

function stageAt(start: number, stages: readonly Stage[], sinceMs: number): StageNow {
  let from = start;
  let beganMs = 0;
  for (const { durationMs, target } of stages) {
    const intoMs = sinceMs - beganMs;
    if (intoMs < durationMs) return { from, to: target, durationMs, intoMs };
    beganMs += durationMs;
    from = target;
  }
  return { from, to: from, durationMs: 0, intoMs: 0 };
}

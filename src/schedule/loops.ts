/**
 * Six executors are two loops: open (iterations start when they are due) and closed (VUs start the next iteration when
 * the last one ends). `toLoop` gives the engine everything it needs of a scenario for one share of the test.
 */
import type { Arrivals } from "./arrival.ts";
import { createArrivals } from "./arrival.ts";
import type { ConstantArrivalRatePlan, RampingArrivalRatePlan, ScenarioPlan } from "./executors.ts";
import { regularDurationMs } from "./executors.ts";
import type { Share } from "./segment.ts";
import type { VuStep } from "./stages.ts";
import { reservedVuSteps, vuSteps } from "./stages.ts";

/** Iterations start when they are due, on any idle VU; one that finds none is dropped. */
export interface OpenLoopPlan {
  readonly kind: "open";
  readonly arrivals: Arrivals;
  readonly preAllocatedVus: number;
  /** VUs beyond `preAllocatedVus` are made while the load runs, one at a time. */
  readonly maxVus: number;
  readonly durationMs: number;
}

/** As many VUs loop as the last step says. */
export interface LoopingVusPlan {
  readonly kind: "looping";
  readonly steps: readonly VuStep[];
  readonly durationMs: number;
  /** Time for a VU that a step stops before the end to finish its iteration; without meaning for constant-vus. */
  readonly gracefulRampDownMs: number;
  readonly maxVus: number;
}

/** Each VU runs `iterations` iterations, while `maxDurationMs` lasts. */
export interface PerVuLoopPlan {
  readonly kind: "per-vu";
  readonly vus: number;
  readonly iterations: number;
  readonly maxDurationMs: number;
}

/** The VUs share `iterations` iterations, while `maxDurationMs` lasts. */
export interface SharedLoopPlan {
  readonly kind: "shared";
  readonly vus: number;
  readonly iterations: number;
  readonly maxDurationMs: number;
  /** Number of this share's n-th iteration in the whole test, from 0. */
  globalIndex(n: number): number;
}

export type ClosedLoopPlan = LoopingVusPlan | PerVuLoopPlan | SharedLoopPlan;
export type LoopPlan = OpenLoopPlan | ClosedLoopPlan;

/** True for the executors that start iterations by the clock, whatever the target does. */
export function hasDueTimes(
  plan: ScenarioPlan,
): plan is ConstantArrivalRatePlan | RampingArrivalRatePlan {
  return plan.executor === "constant-arrival-rate" || plan.executor === "ramping-arrival-rate";
}

/** The part of a scenario that `share` runs; undefined when there is nothing for it to do. */
export function toLoop(plan: ScenarioPlan, share: Share): LoopPlan | undefined {
  switch (plan.executor) {
    case "constant-arrival-rate":
    case "ramping-arrival-rate":
      return toOpenLoop(plan, share);
    case "constant-vus":
    case "ramping-vus":
      return toLoopingVus(plan, share);
    case "per-vu-iterations": {
      const vus = share.scale(plan.vus);
      const { iterations, maxDurationMs } = plan;
      return vus === 0 ? undefined : { kind: "per-vu", vus, iterations, maxDurationMs };
    }
    case "shared-iterations": {
      const owner = share.forTotal(plan.vus);
      if (owner === undefined) return undefined;
      const vus = share.scale(plan.vus);
      const iterations = owner.scale(plan.iterations);
      if (vus === 0 || iterations === 0) return undefined;
      const globalIndex = (n: number): number => owner.globalIndex(n);
      return { kind: "shared", vus, iterations, maxDurationMs: plan.maxDurationMs, globalIndex };
    }
  }
}

/** The most VUs that the scenarios can need at once, unplanned ones included; VUs are shared by scenarios that do not overlap. */
export function maxVusOver(scenarios: readonly ScenarioPlan[], share: Share): number {
  return peakOfSum(scenarios.map((plan) => needSteps(plan, share, "possible")));
}

/** The most VUs that are needed at once and made before the load starts: preAllocatedVUs instead of maxVUs. */
export function plannedVusOver(scenarios: readonly ScenarioPlan[], share: Share): number {
  return peakOfSum(scenarios.map((plan) => needSteps(plan, share, "planned")));
}

/** The longest the scenarios can last, from the start of the run, gracefulStop included. */
export function totalDurationMs(scenarios: readonly ScenarioPlan[]): number {
  return scenarios.reduce((longestMs, plan) => Math.max(longestMs, endMs(plan)), 0);
}

function toOpenLoop(
  plan: Extract<ScenarioPlan, { maxVus: number }>,
  share: Share,
): OpenLoopPlan | undefined {
  const arrivals = createArrivals(plan, share);
  if (arrivals.total === 0) return undefined;
  return {
    kind: "open",
    arrivals,
    preAllocatedVus: share.scale(plan.preAllocatedVus),
    maxVus: share.scale(plan.maxVus),
    durationMs: arrivals.durationMs,
  };
}

function toLoopingVus(
  plan: Extract<ScenarioPlan, { executor: "constant-vus" | "ramping-vus" }>,
  share: Share,
): LoopingVusPlan | undefined {
  const steps = vuSteps(plan, share);
  const maxVus = highest(steps);
  if (maxVus === 0) return undefined;
  const gracefulRampDownMs =
    plan.executor === "ramping-vus" ? plan.gracefulRampDownMs : plan.gracefulStopMs;
  return {
    kind: "looping",
    steps,
    durationMs: regularDurationMs(plan),
    gracefulRampDownMs,
    maxVus,
  };
}

/** VUs that a scenario needs over time, on the clock of the run. */
function needSteps(plan: ScenarioPlan, share: Share, which: "planned" | "possible"): VuStep[] {
  if (plan.executor === "ramping-vus") {
    return reservedVuSteps(plan, share).map(({ atMs, vus }) => {
      return { atMs: plan.startTimeMs + atMs, vus };
    });
  }
  return [
    { atMs: plan.startTimeMs, vus: share.scale(constantNeed(plan, which)) },
    { atMs: endMs(plan), vus: 0 },
  ];
}

function constantNeed(
  plan: Exclude<ScenarioPlan, { executor: "ramping-vus" }>,
  which: "planned" | "possible",
): number {
  if ("vus" in plan) return plan.vus;
  return which === "planned" ? plan.preAllocatedVus : plan.maxVus;
}

/** Largest sum of several step functions, each 0 before its first step. At one moment all steps count together. */
function peakOfSum(needs: readonly (readonly VuStep[])[]): number {
  const changes = needs.flatMap((steps) =>
    steps.map(({ atMs, vus }, index) => {
      return { atMs, change: vus - (steps[index - 1]?.vus ?? 0) };
    }),
  );
  // Steps down come first at equal times: a scenario that starts when another ends takes over its VUs.
  changes.sort((a, b) => a.atMs - b.atMs || a.change - b.change);
  let now = 0;
  let peak = 0;
  for (const { change } of changes) {
    now += change;
    peak = Math.max(peak, now);
  }
  return peak;
}

function endMs(plan: ScenarioPlan): number {
  return plan.startTimeMs + regularDurationMs(plan) + plan.gracefulStopMs;
}

function highest(steps: readonly VuStep[]): number {
  return steps.reduce((most, { vus }) => Math.max(most, vus), 0);
}

/** Figures of a plan's load, over time: how many VUs, which rate, how long at its highest. Pure arithmetic. */
import type { RunPlan } from "../plan/index.ts";
import { regularDurationMs, type ScenarioPlan } from "../schedule/index.ts";

/** A stretch in which the level goes from one value to another in a straight line. */
export interface Stretch {
  readonly durationMs: number;
  readonly from: number;
  readonly to: number;
}

type ClosedPlan = Extract<ScenarioPlan, { executor: "constant-vus" | "ramping-vus" }>;
type OpenPlan = Extract<
  ScenarioPlan,
  { executor: "constant-arrival-rate" | "ramping-arrival-rate" }
>;

/** VUs that loop as fast as they can: each waits for its answers, so the rate follows the target. */
export function isLooping(scenario: ScenarioPlan): scenario is ClosedPlan {
  return scenario.executor === "constant-vus" || scenario.executor === "ramping-vus";
}

export function isOpen(scenario: ScenarioPlan): scenario is OpenPlan {
  return (
    scenario.executor === "constant-arrival-rate" || scenario.executor === "ramping-arrival-rate"
  );
}

/** The level of a scenario over time: VUs of a looping one, iterations/s of an open one. */
export function stretchesOf(scenario: ClosedPlan | OpenPlan): readonly Stretch[] {
  if (scenario.executor === "constant-vus")
    return [{ durationMs: scenario.durationMs, from: scenario.vus, to: scenario.vus }];
  if (scenario.executor === "constant-arrival-rate") {
    const perSecond = (scenario.rate * 1_000) / scenario.timeUnitMs;
    return [{ durationMs: scenario.durationMs, from: perSecond, to: perSecond }];
  }
  const isVus = scenario.executor === "ramping-vus";
  const scale = isVus ? 1 : 1_000 / scenario.timeUnitMs;
  let from = (isVus ? scenario.startVus : scenario.startRate) * scale;
  return scenario.stages.map(({ durationMs, target }) => {
    const stretch = { durationMs, from, to: target * scale };
    from = stretch.to;
    return stretch;
  });
}

/** The highest level. */
export function peakOf(scenario: ClosedPlan | OpenPlan): number {
  return Math.max(0, ...stretchesOf(scenario).flatMap(({ from, to }) => [from, to]));
}

/** Level times time, in level-milliseconds. */
export function areaOf(stretches: readonly Stretch[]): number {
  return stretches.reduce(
    (sum, { durationMs, from, to }) => sum + (durationMs * (from + to)) / 2,
    0,
  );
}

/** The stretches that stay at the highest level. */
export function peakStretches(scenario: ClosedPlan | OpenPlan): readonly Stretch[] {
  const peak = peakOf(scenario);
  return stretchesOf(scenario).filter(({ from, to }) => from === peak && to === peak);
}

/** How long the run takes for certain: scenarios that end with their iterations count up to their start. */
export function runDurationMs({ scenarios }: Pick<RunPlan, "scenarios">): number {
  const ends = scenarios.map((each) => {
    const isTimed = isLooping(each) || isOpen(each);
    return each.startTimeMs + (isTimed ? regularDurationMs(each) : 0);
  });
  return Math.max(0, ...ends);
}

/** Most VUs of a scenario. */
export function mostVus(scenario: ScenarioPlan): number {
  if (isLooping(scenario)) return peakOf(scenario);
  return isOpen(scenario) ? scenario.maxVus : scenario.vus;
}

/** An upper bound of the VUs at one moment: scenarios one after the other count each by itself. */
export function peakVus({ scenarios }: Pick<RunPlan, "scenarios">): number {
  const starts = scenarios.map(({ startTimeMs }) => startTimeMs);
  const at = (momentMs: number): number =>
    scenarios
      .filter(({ startTimeMs }) => startTimeMs <= momentMs)
      .filter((each) => momentMs < each.startTimeMs + Math.max(1, regularDurationMs(each)))
      .reduce((sum, each) => sum + mostVus(each), 0);
  return Math.max(0, ...starts.map(at));
}

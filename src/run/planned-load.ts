/** What a run's plan says of one moment of it: the load that is to be there, and whether that moment is judged. */
import { tickIntervalMs } from "../engine/index.ts";
import type { PlannedLoad } from "../outputs/index.ts";
import type { RunPlan } from "../plan/index.ts";
import { createShare, plannedAt } from "../schedule/index.ts";
import type { SteadyWindow } from "./steady.ts";

/** The moment that stands for a tick that ended at `endMs`: its middle. What ends at full load was at full load. */
export function middleOfTick(endMs: number): number {
  return Math.max(0, endMs - tickIntervalMs / 2);
}

/** `requestsPerIteration` is undefined when no plan says it. */
export function plannedLoad(
  { scenarios, share }: RunPlan,
  requestsPerIteration: number | undefined,
  atMs: number,
): PlannedLoad {
  const { iterationsPerSecond, vus } = plannedAt(scenarios, createShare(share), atMs);
  const isKnown = iterationsPerSecond !== undefined && requestsPerIteration !== undefined;
  return {
    vus,
    iterationsPerSecond,
    requestsPerSecond: isKnown ? iterationsPerSecond * requestsPerIteration : undefined,
  };
}

export function loadPhaseAt({ fromMs, toMs }: SteadyWindow, atMs: number): "ramp" | "steady" {
  return atMs >= fromMs && atMs < toMs ? "steady" : "ramp";
}

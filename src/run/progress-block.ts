/** Where a run stands, and what it is about to do, as k6 shows them (k6: 1.7, 7.7). */
import type { EngineTick } from "../engine/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type { ProgressBlock } from "../report/index.ts";
import { createShare, describeScenario, maxVusOver, totalDurationMs } from "../schedule/index.ts";
import type { RunStart } from "./request.ts";
import { scenarioRow } from "./scenario-progress.ts";

/** What a block is made of. */
export interface RunPosition {
  /** The last one; undefined before load is sent. */
  readonly tick: EngineTick | undefined;
  /** From setup() on. */
  readonly elapsedMs: number;
  readonly initializedVus: number;
}

export function progressBlock(
  { scenarios, share }: RunPlan,
  { tick, elapsedMs, initializedVus }: RunPosition,
): ProgressBlock {
  const own = createShare(share);
  return {
    elapsedMs,
    longestMs: totalDurationMs(scenarios),
    activeVus: tick?.counts.activeVus ?? 0,
    initializedVus,
    completed: tick?.counts.iterationsCompleted ?? 0,
    interrupted: tick?.counts.iterationsInterrupted ?? 0,
    scenarios: scenarios.map((plan) =>
      scenarioRow(plan, own, {
        elapsedMs: tick?.atMs ?? 0,
        progress: tick?.scenarios.get(plan.name),
      }),
    ),
  };
}

export function runStart(
  { scenarios, share }: RunPlan,
  scriptName: string,
  outputs: readonly string[],
): RunStart {
  const own = createShare(share);
  return {
    scriptName,
    lengthShare: own.length,
    outputs,
    scenarios: scenarios.map((each) => `${each.name}: ${describeScenario(each, own)}`),
    maxVus: maxVusOver(scenarios, own),
    longestMs: totalDurationMs(scenarios),
  };
}

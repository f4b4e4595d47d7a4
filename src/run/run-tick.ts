/** A tick of the engine as whoever shows progress sees it. */
import type { EngineTick } from "../engine/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type { ProgressBlock } from "../report/index.ts";
import { regularDurationMs } from "../schedule/index.ts";
import { isWhole, type RunCollector } from "./collector.ts";
import type { RunDetail, RunTick } from "./request.ts";

/** `collector` has taken the tick already. */
export function toRunTick(
  tick: EngineTick,
  {
    collector,
    plan,
    block,
    detail,
  }: {
    collector: RunCollector;
    plan: RunPlan;
    detail: () => RunDetail;
    block?: () => ProgressBlock;
  },
): RunTick {
  const { requests, failed } = collector.totals;
  return {
    elapsedMs: tick.atMs,
    plannedMs: Math.max(
      ...plan.scenarios.map((scenario) => scenario.startTimeMs + regularDurationMs(scenario)),
    ),
    interval: collector.intervals.at(-1)!,
    counts: tick.counts,
    failedShare: requests === 0 ? 0 : failed / requests,
    detail,
    ...(block !== undefined && isWhole(tick) ? { block } : {}),
  };
}

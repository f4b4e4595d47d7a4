/** Scenarios in words, as k6 prints them before a run (k6-behaviour 1.7). */
import { formatGoDuration } from "../base/units.ts";
import type { ScenarioPlan } from "./executors.ts";
import { regularDurationMs } from "./executors.ts";
import type { Share } from "./segment.ts";
import { wholeShare } from "./segment.ts";

/**
 * One scenario in k6's words, without its name: `3 iterations for each of 2 VUs (maxDuration: 10m0s, exec: a, gracefulStop: 30s)`.
 * Numbers are those of `share`.
 */
export function describeScenario(plan: ScenarioPlan, share: Share = wholeShare): string {
  const facts = [...ownFacts(plan, share), ...commonFacts(plan)];
  const extra = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  return `${headline(plan, share)}${extra}`;
}

function headline(plan: ScenarioPlan, share: Share): string {
  const length = formatGoDuration(regularDurationMs(plan));
  switch (plan.executor) {
    case "shared-iterations": {
      const iterations = share.forTotal(plan.vus)?.scale(plan.iterations) ?? 0;
      return `${iterations} iterations shared among ${share.scale(plan.vus)} VUs`;
    }
    case "per-vu-iterations":
      return `${plan.iterations} iterations for each of ${share.scale(plan.vus)} VUs`;
    case "constant-vus":
      return `${share.scale(plan.vus)} looping VUs for ${length}`;
    case "ramping-vus": {
      const vus = Math.max(plan.startVus, ...plan.stages.map(({ target }) => target));
      return `Up to ${share.scale(vus)} looping VUs for ${length} over ${plan.stages.length} stages`;
    }
    case "constant-arrival-rate":
      return `${rateText(plan.rate, plan, share)} for ${length}`;
    case "ramping-arrival-rate": {
      const rate = Math.max(plan.startRate, ...plan.stages.map(({ target }) => target));
      return `Up to ${rateText(rate, plan, share)} for ${length} over ${plan.stages.length} stages`;
    }
  }
}

function ownFacts(plan: ScenarioPlan, share: Share): string[] {
  switch (plan.executor) {
    case "shared-iterations":
    case "per-vu-iterations":
      return [`maxDuration: ${formatGoDuration(plan.maxDurationMs)}`];
    case "constant-vus":
      return [];
    case "ramping-vus":
      return [`gracefulRampDown: ${formatGoDuration(plan.gracefulRampDownMs)}`];
    case "constant-arrival-rate":
    case "ramping-arrival-rate": {
      const least = share.scale(plan.preAllocatedVus);
      const most = share.scale(plan.maxVus);
      return [`maxVUs: ${least === most ? most : `${least}-${most}`}`];
    }
  }
}

function commonFacts(plan: ScenarioPlan): string[] {
  const facts: string[] = [];
  if (typeof plan.config["exec"] === "string") facts.push(`exec: ${plan.exec}`);
  if (plan.startTimeMs > 0) facts.push(`startTime: ${formatGoDuration(plan.startTimeMs)}`);
  if (plan.gracefulStopMs > 0) facts.push(`gracefulStop: ${formatGoDuration(plan.gracefulStopMs)}`);
  return facts;
}

function rateText(rate: number, { timeUnitMs }: { timeUnitMs: number }, share: Share): string {
  return `${((rate * share.length * 1_000) / timeUnitMs).toFixed(2)} iterations/s`;
}

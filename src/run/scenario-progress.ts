/** How far each scenario is, in k6's words: the rows of its progress blocks (k6: 7.7). */
import { formatGoDuration } from "../base/units.ts";
import type { ScenarioProgress } from "../engine/index.ts";
import { formatFixedDuration, type ScenarioRow } from "../report/index.ts";
import { regularDurationMs, type ScenarioPlan, type Share } from "../schedule/index.ts";

/** `elapsedMs` since the start of the first scenario; `progress` is undefined before it. */
export function scenarioRow(
  plan: ScenarioPlan,
  share: Share,
  { elapsedMs, progress }: { elapsedMs: number; progress: ScenarioProgress | undefined },
): ScenarioRow {
  const { name, startTimeMs } = plan;
  const endMs = progress?.endedAtMs ?? elapsedMs;
  const spentMs = endMs - startTimeMs;
  if (progress === undefined) return { name, status: " ", share: 0, columns: [] };
  if (spentMs < 0 && progress.endedAtMs === null) {
    const left = formatFixedDuration(startTimeMs - elapsedMs, startTimeMs);
    return { name, status: "•", share: 0, columns: ["waiting", left] };
  }
  const total = totalIterations(plan, share);
  const done = progress.iterationsCompleted + progress.iterationsInterrupted;
  const durationMs = regularDurationMs(plan);
  const part = total === undefined ? spentMs / durationMs : done / total;
  const reached = Math.min(1, Math.max(0, part));
  return {
    name,
    share: reached,
    status: statusOf(progress, { reached, isOverdue: spentMs >= durationMs }),
    columns: [
      vusText(plan, share, progress.activeVus),
      timeText(plan, Math.max(0, spentMs), total === undefined && reached === 1),
      ...thirdColumn(plan, share, { done, total, spentMs }),
    ],
  };
}

function statusOf(
  { endedAtMs }: ScenarioProgress,
  { reached, isOverdue }: { reached: number; isOverdue: boolean },
): ScenarioRow["status"] {
  if (endedAtMs === null) return isOverdue ? "↓" : " ";
  // A timer may end a scenario a moment before its time: what is shown as 100 % is done.
  return reached >= 0.995 ? "✓" : "✗";
}

/** Undefined for executors that follow the clock. */
function totalIterations(plan: ScenarioPlan, share: Share): number | undefined {
  if (plan.executor === "shared-iterations")
    return share.forTotal(plan.vus)?.scale(plan.iterations) ?? 0;
  if (plan.executor === "per-vu-iterations") return share.scale(plan.vus) * plan.iterations;
  return undefined;
}

function vusText(plan: ScenarioPlan, share: Share, active: number): string {
  switch (plan.executor) {
    case "shared-iterations":
    case "per-vu-iterations":
    case "constant-vus":
      return `${share.scale(plan.vus)} VUs`;
    case "ramping-vus": {
      const most = Math.max(plan.startVus, ...plan.stages.map(({ target }) => target));
      return `${padded(active, share.scale(most))}/${share.scale(most)} VUs`;
    }
    case "constant-arrival-rate":
    case "ramping-arrival-rate": {
      const initialized = Math.max(share.scale(plan.preAllocatedVus), active);
      return `${padded(active, initialized)}/${initialized} VUs`;
    }
  }
}

function timeText(plan: ScenarioPlan, spentMs: number, isDone: boolean): string {
  const durationMs = regularDurationMs(plan);
  const total = formatGoDuration(durationMs);
  if (isDone) return total;
  const shown =
    plan.executor === "ramping-vus" ? formatFixedDuration(durationMs, durationMs) : total;
  return `${formatFixedDuration(Math.min(spentMs, durationMs), durationMs)}/${shown}`;
}

function thirdColumn(
  plan: ScenarioPlan,
  share: Share,
  { done, total, spentMs }: { done: number; total: number | undefined; spentMs: number },
): string[] {
  switch (plan.executor) {
    case "shared-iterations":
      return [`${padded(done, total ?? 0)}/${total} shared iters`];
    case "per-vu-iterations":
      return [`${padded(done, total ?? 0)}/${total} iters, ${plan.iterations} per VU`];
    case "constant-arrival-rate":
    case "ramping-arrival-rate": {
      const perSecond = (share.length * 1_000) / plan.timeUnitMs;
      const [now, most] = ratesOf(plan, spentMs);
      const width = (most * perSecond).toFixed(2).length;
      return [`${(now * perSecond).toFixed(2).padStart(width, "0")} iters/s`];
    }
    case "constant-vus":
    case "ramping-vus":
      return [];
  }
}

/** The rate at this moment, and the highest one, both a time unit. */
function ratesOf(
  plan: Extract<ScenarioPlan, { timeUnitMs: number }>,
  spentMs: number,
): [number, number] {
  if (plan.executor === "constant-arrival-rate") return [plan.rate, plan.rate];
  let from = plan.startRate;
  let leftMs = spentMs;
  let now = from;
  for (const { durationMs, target } of plan.stages) {
    if (leftMs < 0) break;
    const part = durationMs === 0 ? 1 : Math.min(1, leftMs / durationMs);
    now = from + (target - from) * part;
    from = target;
    leftMs -= durationMs;
  }
  return [now, Math.max(plan.startRate, ...plan.stages.map(({ target }) => target))];
}

function padded(value: number, most: number): string {
  return String(value).padStart(String(most).length, "0");
}

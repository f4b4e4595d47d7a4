/** How far each scenario is, in k6's words: the rows of its progress blocks (k6: 7.7). */
import { formatGoDuration } from "../base/units.ts";
import type { ScenarioProgress } from "../engine/index.ts";
import { formatFixedDuration, type ScenarioRow } from "../report/index.ts";
import { regularDurationMs, type ScenarioPlan, type Share } from "../schedule/index.ts";

/** Where a scenario stands; `elapsedMs` since the start of the first scenario. */
export interface ScenarioMoment {
  readonly elapsedMs: number;
  /** Undefined before the start, and of a runner that tells nothing of scenarios. */
  readonly progress: ScenarioProgress | undefined;
}

export interface ScenarioPosition {
  /** Not begun, going on, in its graceful stop, ended with its plan, ended before it. */
  readonly state: "waiting" | "running" | "stopping" | "done" | "cut short";
  /** Part of the plan that is done, 0 to 1. */
  readonly reached: number;
  /** Since its own start; negative before it. */
  readonly spentMs: number;
  /** Iterations that have ended, and how many the plan has when it counts them. */
  readonly done: number;
  readonly total: number | undefined;
}

export function scenarioPosition(
  plan: ScenarioPlan,
  share: Share,
  { elapsedMs, progress }: ScenarioMoment,
): ScenarioPosition {
  const endedAtMs = progress?.endedAtMs ?? null;
  const spentMs = (endedAtMs ?? elapsedMs) - plan.startTimeMs;
  const total = totalIterations(plan, share);
  const done = (progress?.iterationsCompleted ?? 0) + (progress?.iterationsInterrupted ?? 0);
  if (spentMs < 0 && endedAtMs === null)
    return { state: "waiting", reached: 0, spentMs, done, total };
  const durationMs = regularDurationMs(plan);
  const part = total === undefined ? spentMs / durationMs : done / total;
  const reached = Math.min(1, Math.max(0, part));
  const isOverdue = spentMs >= durationMs;
  return { state: stateOf({ endedAtMs, reached, isOverdue }), reached, spentMs, done, total };
}

function stateOf({
  endedAtMs,
  reached,
  isOverdue,
}: {
  endedAtMs: number | null;
  reached: number;
  isOverdue: boolean;
}): ScenarioPosition["state"] {
  if (endedAtMs === null) return isOverdue ? "stopping" : "running";
  // A timer may end a scenario a moment before its time: what is shown as 100 % is done.
  return reached >= 0.995 ? "done" : "cut short";
}

const statusMarks: Readonly<Record<ScenarioPosition["state"], ScenarioRow["status"]>> = {
  waiting: "•",
  running: " ",
  stopping: "↓",
  done: "✓",
  "cut short": "✗",
};

export function scenarioRow(
  plan: ScenarioPlan,
  share: Share,
  { elapsedMs, progress }: ScenarioMoment,
): ScenarioRow {
  const { name, startTimeMs } = plan;
  if (progress === undefined) return { name, status: " ", share: 0, columns: [] };
  const position = scenarioPosition(plan, share, { elapsedMs, progress });
  const { state, reached, spentMs, done, total } = position;
  const status = statusMarks[state];
  if (state === "waiting") {
    const left = formatFixedDuration(startTimeMs - elapsedMs, startTimeMs);
    return { name, status, share: 0, columns: ["waiting", left] };
  }
  return {
    name,
    share: reached,
    status,
    columns: [
      vusText(plan, share, progress.activeVus),
      timeText(plan, Math.max(0, spentMs), total === undefined && reached === 1),
      ...thirdColumn(plan, share, { done, total, spentMs }),
    ],
  };
}

/** Undefined for executors that follow the clock. */
function totalIterations(plan: ScenarioPlan, share: Share): number | undefined {
  if (plan.executor === "shared-iterations")
    return share.forTotal(plan.vus)?.scale(plan.iterations) ?? 0;
  if (plan.executor === "per-vu-iterations") return share.scale(plan.vus) * plan.iterations;
  return undefined;
}

/** VUs that the plan has for the scenario at its highest level. */
export function mostVus(plan: ScenarioPlan, share: Share): number {
  switch (plan.executor) {
    case "shared-iterations":
    case "per-vu-iterations":
    case "constant-vus":
      return share.scale(plan.vus);
    case "ramping-vus":
      return share.scale(Math.max(plan.startVus, ...plan.stages.map(({ target }) => target)));
    case "constant-arrival-rate":
    case "ramping-arrival-rate":
      return share.scale(plan.preAllocatedVus);
  }
}

function vusText(plan: ScenarioPlan, share: Share, active: number): string {
  const most = mostVus(plan, share);
  switch (plan.executor) {
    case "shared-iterations":
    case "per-vu-iterations":
    case "constant-vus":
      return `${most} VUs`;
    case "ramping-vus":
      return `${padded(active, most)}/${most} VUs`;
    case "constant-arrival-rate":
    case "ramping-arrival-rate": {
      const initialized = Math.max(most, active);
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

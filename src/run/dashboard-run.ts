/** A run on the dashboard: what it is, how it stands each second, and how it ended. */
import type { Logger } from "../base/log.ts";
import type {
  Dashboard,
  DashboardRun,
  GeneratorStatus,
  RunEnd,
  RunHead,
  RunView,
  SecondOfLoad,
  ThresholdState,
} from "../dashboard/index.ts";
import type { Threshold, ThresholdResult } from "../metrics/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type { ObjectivesRecord, RunRecord } from "../record/index.ts";
import { createShare, describeScenario, regularDurationMs } from "../schedule/index.ts";
import type { RunCollector } from "./collector.ts";
import type { RunContext } from "./context.ts";
import { describeEnvironment, lakhVersion } from "./environment.ts";
import type { RunDeps, RunResult } from "./request.ts";
import { steadyWindow, type SteadyWindow } from "./steady.ts";

/** Begins a run on the dashboard, when there is one. */
export function openDashboardRun(
  plan: RunPlan,
  { id, demand, request, deps }: Pick<RunContext, "id" | "demand" | "request" | "deps">,
): DashboardRun | undefined {
  const { dashboard, redactor } = deps;
  if (dashboard === undefined) return undefined;
  const conceal = (text: string): string => redactor?.conceal(text) ?? text;
  const window = steadyWindow(plan.scenarios, demand?.warmUpMs);
  return dashboard.openRun(headOf(plan, { id, request, window, demand, conceal }), conceal);
}

function headOf(
  { scenarios, share }: RunPlan,
  {
    id,
    request,
    window,
    demand,
    conceal,
  }: Pick<RunContext, "id" | "demand" | "request"> & {
    readonly window: SteadyWindow;
    readonly conceal: (text: string) => string;
  },
): RunHead {
  const own = createShare(share);
  const { fromMs, toMs, rule } = window;
  const endsByTheClock = Number.isFinite(toMs);
  const endsMs = scenarios.map((plan) => plan.startTimeMs + regularDurationMs(plan));
  return {
    id,
    script: conceal(request.scriptName),
    command: request.label,
    runner: request.runner,
    lakhVersion: lakhVersion(),
    plannedMs: endsByTheClock ? Math.max(...endsMs) : null,
    steady: { fromMs, toMs: endsByTheClock ? toMs : null, rule },
    objectives: demand === undefined ? null : objectivesHead(demand.objectives),
    scenarios: scenarios.map((each) => conceal(`${each.name}: ${describeScenario(each, own)}`)),
  };
}

function objectivesHead(objectives: ObjectivesRecord): NonNullable<RunHead["objectives"]> {
  const { latency, errorShare, requestsPerSecond, cpuShare, targetCores } = objectives;
  return {
    latency,
    errorShare,
    requestsPerSecond: requestsPerSecond?.min ?? null,
    cpuShare,
    targetCores,
  };
}

/** What a runner knows of its run while it goes on. */
export interface LiveParts {
  readonly control: RunView["control"];
  readonly scalable: () => readonly string[];
  readonly thresholds: () => readonly ThresholdState[];
  readonly collector: RunCollector;
  readonly window: SteadyWindow;
  readonly plan: RunPlan;
  readonly runner: RunRecord["runner"];
  readonly objectives: ObjectivesRecord | undefined;
}

/** All thresholds as they were last judged; `ok` is null of those that could not be yet. */
export function thresholdStates(
  thresholds: readonly Threshold[],
  results: readonly ThresholdResult[],
): readonly ThresholdState[] {
  return thresholds.map(({ subject, expression }) => {
    const { source } = expression;
    const result = results.find((each) => each.metric === subject.name && each.source === source);
    const { ok = null, actual = null } = result ?? {};
    return { metric: subject.name, source, ok, actual };
  });
}

/** What judges the generator is read from disk here, before the run begins. */
export async function runViewOf(parts: LiveParts): Promise<RunView> {
  const { GeneratorWatch } = await import("../judge/index.ts");
  const { control, scalable, thresholds, collector, window, plan, runner, objectives } = parts;
  const { cpuCount } = describeEnvironment(1);
  const watch = new GeneratorWatch();
  const generator = (): GeneratorStatus | null => {
    // When k6 started its iterations is known after the run: without that it would look unwatched.
    if (runner === "k6") return null;
    const run = {
      runner,
      objectives: objectives ?? null,
      environment: { cpuCount },
      scenarios: plan.scenarios,
      intervals: collector.intervals,
      generatorHealth: collector.health,
    };
    const moment = { elapsedMs: collector.elapsedMs, steadyFromMs: window.fromMs };
    return watch.look(run, moment) ?? null;
  };
  return {
    control,
    scalable,
    thresholds,
    generator,
    second: () => secondOf(collector),
  };
}

function secondOf({ intervals, counts }: RunCollector): SecondOfLoad | null {
  const last = intervals.at(-1);
  if (last === undefined) return null;
  return {
    ...last,
    // A tick may be early by a millisecond or two: its second has passed all the same.
    endMs: Math.round((last.atMs + last.durationMs) / 10) * 10,
    iterationsDroppedInAll: counts?.iterationsDropped ?? 0,
  };
}

/** Warnings and errors are events, too; what the script itself says is its own. */
export function loggedOnDashboard(logger: Logger, dashboard: Dashboard | undefined): Logger {
  if (dashboard === undefined) return logger;
  return {
    log: (level, message, fields = {}) => {
      logger.log(level, message, fields);
      const isNotable = level === "warning" || level === "error";
      if (isNotable && fields["source"] !== "console") dashboard.note(level, message);
    },
  };
}

export async function endOnDashboard(
  { dashboard }: RunDeps,
  { record, verdict, folder }: Pick<RunResult, "record" | "verdict" | "folder">,
): Promise<void> {
  if (dashboard === undefined) return;
  const { reason, message, exitCode } = record.outcome;
  const isJudged = verdict !== undefined && reason !== "interrupted";
  const { exitCodeFor } = await import("../judge/index.ts");
  dashboard.endRun({
    reason,
    message,
    exitCode: isJudged ? exitCodeFor(verdict) : exitCode,
    verdict: verdict?.verdict ?? null,
    sentence: verdict?.sentence ?? null,
    folder,
  });
}

/** No record was written. */
export function failOnDashboard(
  { dashboard }: RunDeps,
  end: Pick<RunEnd, "message" | "exitCode">,
): void {
  dashboard?.endRun({ reason: "error", ...end, verdict: null, sentence: null, folder: null });
}

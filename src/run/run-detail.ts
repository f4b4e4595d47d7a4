/**
 * Where a run stands, in figures, for whoever draws it while it goes on: scenario by scenario, beside its plan, with
 * what failed and what the generator's condition is judged by. Made only when it is asked for.
 */
import { cpus } from "node:os";
import type { EngineTick, ScenarioProgress } from "../engine/index.ts";
import { failureKind, type MetricAggregate, type Threshold } from "../metrics/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type { ObjectivesRecord } from "../record/index.ts";
import {
  createShare,
  hasDueTimes,
  plannedAt,
  regularDurationMs,
  type Share,
} from "../schedule/index.ts";
import type { RunCollector } from "./collector.ts";
import { loadPhaseAt, middleOfTick, plannedLoad } from "./planned-load.ts";
import type { ErrorKind, LatencyLimit, RunDetail, ScenarioDetail } from "./request.ts";
import { mostVus, scenarioPosition } from "./scenario-progress.ts";
import type { SteadyWindow } from "./steady.ts";

export interface RunDetailParts {
  readonly plan: RunPlan;
  readonly collector: RunCollector;
  readonly window: SteadyWindow;
  readonly objectives: ObjectivesRecord | undefined;
  /** Undefined when no plan says how many requests an iteration makes. */
  readonly requestsPerIteration: number | undefined;
  readonly thresholds: readonly Threshold[];
  readonly runner: "embedded" | "k6";
}

/** `collector` has taken the tick already. */
export function runDetail(tick: EngineTick, parts: RunDetailParts): RunDetail {
  const { plan, collector, window, objectives, thresholds, runner } = parts;
  const atMs = middleOfTick(tick.atMs);
  return {
    phase: loadPhaseAt(window, atMs),
    planned: plannedLoad(plan, parts.requestsPerIteration, atMs),
    scenarios: scenarioDetails(tick, plan, collector.whole),
    latencyLimit: latencyLimit(objectives, thresholds),
    errorLimit: errorLimit(objectives, thresholds),
    errorKinds: errorKinds(collector.whole),
    steadyFromMs: window.fromMs,
    generator: {
      runner,
      objectives: objectives ?? null,
      // When k6 started its iterations is known when it has ended, and not asked for before.
      scenarios: runner === "k6" ? [] : plan.scenarios,
      environment: { cpuCount: cpus().length },
      intervals: collector.intervals,
      generatorHealth: collector.health,
    },
  };
}

function scenarioDetails(
  tick: EngineTick,
  plan: RunPlan,
  whole: MetricAggregate,
): readonly ScenarioDetail[] {
  const share = createShare(plan.share);
  const isOnlyOne = plan.scenarios.length === 1;
  return plan.scenarios.map((scenario) => {
    const { name } = scenario;
    const progress = tick.scenarios.get(name) ?? (isOnlyOne ? wholeRun(name, tick) : undefined);
    const position = scenarioPosition(scenario, share, { elapsedMs: tick.atMs, progress });
    const activeVus = progress?.activeVus;
    return {
      name,
      state: position.state,
      reached: position.reached,
      startsAtMs: scenario.startTimeMs,
      endsAtMs: scenario.startTimeMs + regularDurationMs(scenario),
      activeVus,
      vus: Math.max(mostVus(scenario, share), activeVus ?? 0),
      iterationsEnded: progress === undefined ? undefined : position.done,
      iterationsTotal: position.total,
      iterationsDropped: isOnlyOne
        ? tick.counts.iterationsDropped
        : whole.counter("dropped_iterations", { scenario: name }),
      plannedIterationsPerSecond: plannedRate(scenario, share, middleOfTick(tick.atMs)),
    };
  });
}

/** What a runner that tells nothing of scenarios tells of the only one. */
function wholeRun(name: string, { counts }: EngineTick): ScenarioProgress {
  const { activeVus, iterationsCompleted, iterationsInterrupted } = counts;
  return { name, activeVus, iterationsCompleted, iterationsInterrupted, endedAtMs: null };
}

function plannedRate(
  scenario: RunPlan["scenarios"][number],
  share: Share,
  atMs: number,
): number | undefined {
  return hasDueTimes(scenario) ? plannedAt([scenario], share, atMs).iterationsPerSecond : undefined;
}

/** The percentile that is drawn: one with an objective, the 95th rather than another. */
function latencyLimit(
  objectives: ObjectivesRecord | undefined,
  thresholds: readonly Threshold[],
): LatencyLimit | undefined {
  const stated = [...(objectives?.latency ?? []), ...thresholds.flatMap(latencyOfThreshold)];
  return stated.find(({ share }) => share === 0.95) ?? stated.find(({ share }) => share === 0.99);
}

function latencyOfThreshold({ subject, expression }: Threshold): LatencyLimit[] {
  const { aggregation, operator, limit } = expression;
  const isUpper = operator === "<" || operator === "<=";
  if (subject.name !== "http_req_duration" || aggregation.kind !== "p" || !isUpper) return [];
  return [{ share: Number(aggregation.name.slice(2, -1)) / 100, limitMs: limit }];
}

function errorLimit(
  objectives: ObjectivesRecord | undefined,
  thresholds: readonly Threshold[],
): number | undefined {
  const threshold = thresholds.find(
    ({ subject, expression }) =>
      subject.name === "http_req_failed" && expression.operator.startsWith("<"),
  );
  return objectives?.errorShare ?? threshold?.expression.limit;
}

/** Failed requests by what they failed of, the most frequent first. */
function errorKinds(whole: MetricAggregate): readonly ErrorKind[] {
  const counts = new Map<string, number>();
  for (const { tags, sink } of whole.seriesOf("http_req_failed")) {
    if (sink.type !== "rate" || sink.trues === 0) continue;
    const kind = failureKind(tags);
    counts.set(kind, (counts.get(kind) ?? 0) + sink.trues);
  }
  return [...counts]
    .map(([kind, count]) => ({ kind, count }))
    .sort((first, second) => second.count - first.count);
}

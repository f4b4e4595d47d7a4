/** Facts of a run in words: its head, its key figures, its environment, its options. */
import {
  absent,
  formatClock,
  formatLatency,
  formatPercent,
  formatQuantity,
  formatRate,
  formatWhole,
  percentileName,
} from "../../base/numbers.ts";
import { formatBytes, formatGoDuration } from "../../base/units.ts";
import { steadyRate, steadyView } from "../../judge/index.ts";
import { ExponentialHistogram } from "../../metrics/index.ts";
import type { Fact, MetricRow, RunData } from "../../page/index.ts";
import type { MetricRecord, RunRecord } from "../../record/index.ts";
import { formatShare, formatValue } from "../numbers.ts";

type Figure = RunData["figures"][number];

export function headFacts(record: RunRecord): Fact[] {
  const { script, startedAt, durationMs, plan, runner, environment, iterations } = record;
  return facts({
    script: script.path.replace(/^.*[/\\]/u, ""),
    started: momentOf(startedAt),
    duration: duration(durationMs),
    "planned for": plan === null ? undefined : `${formatWhole(plan.dau)} daily users`,
    "sent by": environment.k6Version === undefined ? runner : `${runner} ${environment.k6Version}`,
    ended: endText(record),
    iterations: iterationsText(iterations),
  });
}

/** With objectives the exit code is that of the verdict, which stands above. */
function endText({ outcome, objectives }: RunRecord): string {
  const { reason, exitCode, message } = outcome;
  const code = objectives === null ? `, exit code ${exitCode}` : "";
  return `${reason}${code}${message === null ? "" : `: ${message}`}`;
}

function iterationsText({
  completed,
  interrupted,
  dropped,
  failed,
}: RunRecord["iterations"]): string {
  const parts = [
    `${formatWhole(completed)} completed`,
    ...(interrupted > 0 ? [`${formatWhole(interrupted)} interrupted`] : []),
    ...(dropped > 0 ? [`${formatWhole(dropped)} dropped`] : []),
    ...(failed > 0 ? [`${formatWhole(failed)} failed`] : []),
  ];
  return parts.join(", ");
}

/** The numbers that everybody looks for first: of the steady state where there is one with requests. */
export function keyFigures(record: RunRecord): { figures: Figure[]; note: string } {
  const steady = steadyView(record);
  const { objectives, population, steadyState, steadyLatency, iterations, durationMs } = record;
  const users: Figure = {
    label: "users at once",
    value: formatWhole(population.peakActiveVus),
    note: `${formatWhole(population.usedVus)} of ${formatWhole(population.initializedVus)} VUs ran the script`,
  };
  const whole: Figure[] = [
    users,
    {
      label: "requests in all",
      value: formatWhole(requestsOf(record)),
      note: `in ${duration(durationMs)}`,
    },
    {
      label: "iterations dropped",
      value: formatWhole(iterations.dropped),
      tone: iterations.dropped > 0 ? "bad" : undefined,
      note: iterations.due === null ? undefined : `of ${formatWhole(iterations.due)} due`,
    },
  ];
  if (steady.requests === 0)
    return { figures: whole, note: "of the whole run: no request ended in the steady state" };
  const latency = ExponentialHistogram.fromPlain(steadyLatency);
  const band = objectives?.requestsPerSecond ?? null;
  const errorShare = steady.failedRequests / steady.requests;
  return {
    figures: [
      {
        label: "requests per second",
        value: formatRate(steadyRate(steady)),
        note:
          band === null
            ? undefined
            : `${formatRate(band.min)}${band.max === null ? " at least" : ` to ${formatRate(band.max)}`} planned`,
      },
      ...shownPercentiles(record).map(({ share, limitMs }): Figure => {
        const valueMs = latency.quantile(share);
        return {
          label: `${percentileName(share)} latency`,
          value: formatLatency(valueMs),
          note: limitMs === undefined ? undefined : `< ${formatLatency(limitMs)} required`,
          tone: limitMs !== undefined && !(valueMs < limitMs) ? "bad" : undefined,
        };
      }),
      {
        label: "failed requests",
        value: formatPercent(errorShare),
        note: `${formatWhole(steady.failedRequests)} of ${formatWhole(steady.requests)}`,
        tone:
          steady.failedRequests > 0 && !(errorShare < (objectives?.errorShare ?? 0))
            ? "bad"
            : undefined,
      },
      ...whole,
    ],
    note: `steady state, ${formatClock(steadyState.fromMs)} to ${formatClock(steadyState.toMs)}: ${steadyState.rule}`,
  };
}

/** Those with a limit, and p50, p95 and p99 in any case. */
function shownPercentiles({
  objectives,
}: RunRecord): { share: number; limitMs: number | undefined }[] {
  const limits = new Map((objectives?.latency ?? []).map(({ share, limitMs }) => [share, limitMs]));
  const shares = [...new Set([0.5, 0.95, 0.99, ...limits.keys()])].toSorted(
    (one, other) => one - other,
  );
  return shares.map((share) => ({ share, limitMs: limits.get(share) }));
}

function requestsOf({ metrics, intervals }: RunRecord): number {
  return (
    metrics.find(({ name }) => name === "http_reqs")?.values["count"] ??
    intervals.reduce((sum, { requests }) => sum + requests, 0)
  );
}

export function environmentFacts(record: RunRecord): Fact[] {
  const { environment, lakhVersion, runner, script, id } = record;
  const { node, os, cpuModel, cpuCount, memoryBytes, workers, k6Version } = environment;
  return facts({
    run: id,
    lakh: lakhVersion,
    runner,
    k6: k6Version,
    "worker threads": formatWhole(workers),
    "Node.js": node,
    "operating system": os,
    processor: `${cpuModel}, ${formatWhole(cpuCount)} ${cpuCount === 1 ? "core" : "cores"}`,
    memory: formatBytes(memoryBytes),
    script: script.path,
    "script (sha256)": script.sha256,
  });
}

/** Those that have a value. */
export function optionFacts({ options }: RunRecord): Fact[] {
  return Object.entries(options)
    .filter(([, value]) => isSet(value))
    .map(([label, value]) => ({
      label,
      text: typeof value === "string" ? value : JSON.stringify(value),
    }));
}

function isSet(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false) return false;
  if (typeof value !== "object") return true;
  return Object.values(value).some((each) => each !== null);
}

export function metricRows(record: RunRecord): MetricRow[] {
  const unit = record.options["summaryTimeUnit"];
  const timeUnit = typeof unit === "string" ? unit : "";
  return record.metrics.map((metric) => ({
    name: metric.name,
    type: metric.type,
    values: Object.entries(metric.values).map(([label, value]) => ({
      label,
      text: metricText(metric, label, { value, timeUnit }),
    })),
  }));
}

function metricText(
  { type, contains }: MetricRecord,
  label: string,
  { value, timeUnit }: { value: number; timeUnit: string },
): string {
  if (type === "rate" && label === "rate") return formatShare(value);
  if (type === "rate") return formatWhole(value);
  const text = formatValue(value, contains, timeUnit);
  return type === "counter" && label === "rate" ? `${text}/s` : text;
}

export function planRows({ plan }: RunRecord): RunData["plan"] {
  if (plan === null) return null;
  const steps = plan.steps.map(({ quantity, value, unit, formula }) => ({
    quantity,
    value: formatQuantity(value),
    unit,
    formula,
  }));
  return { dau: plan.dau, steps };
}

export function scenarioRows({ scenarios }: RunRecord): RunData["scenarios"] {
  return scenarios.map(({ name, executor, startTimeMs, durationMs, maxVus, config }) => ({
    name,
    executor,
    start: startTimeMs > 0 ? duration(startTimeMs) : "",
    duration: duration(durationMs),
    maxVus,
    config: JSON.stringify(config, null, 2),
  }));
}

export function scalingFacts({ manualScaling = [] }: RunRecord): Fact[] {
  return manualScaling.map(({ atMs, scenario, vus }, index) => ({
    label: `${formatWhole(index + 1)}. at ${formatClock(atMs)}`,
    text: `${scenario}: ${formatWhole(vus)} VUs`,
  }));
}

/** "2026-11-27 10:23:11 UTC" of an ISO 8601 time; another text as it is. */
export function momentOf(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/u, "$1 $2 UTC");
}

/** To the millisecond. */
export function duration(durationMs: number): string {
  return Number.isFinite(durationMs) ? formatGoDuration(Math.round(durationMs)) : absent;
}

/** Without those that have no text. */
export function facts(texts: Readonly<Record<string, string | undefined>>): Fact[] {
  return Object.entries(texts).flatMap(([label, text]) =>
    text === undefined ? [] : [{ label, text }],
  );
}

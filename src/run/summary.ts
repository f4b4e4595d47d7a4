/** The end of a run for people: what the script's handleSummary makes of it, or k6's own summary text; and the export. */
import { createHash } from "node:crypto";
import { hasColours } from "../base/host.ts";
import { formatGoTime } from "../base/time.ts";
import type { Engine, SummaryOutcome } from "../engine/index.ts";
import {
  type MachineSummary,
  parseTrendStat,
  type SummaryData,
  type SummaryDetails,
  toMachineSummary,
  toSummaryData,
  toSummaryDetails,
  toSummaryExport,
} from "../metrics/index.ts";
import type { RunPlan } from "../plan/index.ts";
import { renderSummary } from "../report/index.ts";
import { k6CompatibilityVersion } from "./environment.ts";
import type { LoadPhase } from "./load-phase.ts";
import type { RunDeps, RunRequest } from "./request.ts";
import { type SummaryFiles, writeSummaryFiles } from "./summary-files.ts";

export interface Summary {
  readonly data: SummaryData;
  /** Undefined when the script wrote its own, or none was wanted. */
  readonly text: string | undefined;
}

interface SummaryRun {
  readonly plan: RunPlan;
  readonly load: LoadPhase;
  readonly request: RunRequest;
  readonly deps: RunDeps;
  readonly scriptText: string;
}

export async function summarize(engine: Engine, run: SummaryRun): Promise<Summary> {
  const { request, deps, load } = run;
  const data = summaryData(run);
  if (request.summaryMode === "disabled") return { data, text: undefined };
  const details = summaryDetails(run);
  const machine = request.machineReadableSummary
    ? machineSummary(run, { data, details })
    : undefined;
  const outcome = engine.isAlive ? await engine.summarize(machine ?? data) : unsummarized(deps);
  if (outcome.kind === "failed") return { data, text: undefined };
  const { files } = outcome;
  const colours = hasColours(deps.host, deps.host.stdout) && !request.noColor;
  const text =
    files === undefined
      ? renderSummary(data, {
          thresholds: load.thresholdResults,
          colours,
          mode: request.summaryMode,
          details,
        })
      : undefined;
  writeSummaryFiles(withExport(files ?? {}, run, machine ?? data), deps.host, deps.logger);
  return { data, text };
}

/** Nobody is left to call handleSummary(). */
function unsummarized({ logger }: RunDeps): SummaryOutcome {
  logger.log("warning", "handleSummary() was not called: no worker thread is left");
  return { kind: "files", files: undefined };
}

/** The export is written beside what handleSummary() made of it. */
function withExport(
  files: SummaryFiles,
  { request, deps }: SummaryRun,
  summary: MachineSummary | SummaryData,
): SummaryFiles {
  const { summaryExport } = request;
  if (summaryExport === undefined) return files;
  const exported = "metrics" in summary ? toSummaryExport(summary) : summary;
  const shown = deps.redactor?.concealData(exported) ?? exported;
  return { ...files, [summaryExport]: JSON.stringify(shown, null, 4) };
}

function summaryDetails({ plan, load, request }: SummaryRun): SummaryDetails {
  return toSummaryDetails(load.collector.whole, {
    trendStats: plan.options.summaryTrendStats.map(parseTrendStat),
    durationMs: load.testRunDurationMs,
    withSections: request.summaryMode === "full",
  });
}

function machineSummary(
  { load, request, deps, scriptText }: SummaryRun,
  { data, details }: { data: SummaryData; details: SummaryDetails },
): MachineSummary {
  return toMachineSummary({
    metrics: data.metrics,
    checks: details.checks,
    durationMs: load.testRunDurationMs,
    scriptText,
    generatedAt: formatGoTime(deps.clock.wallMs()),
    k6Version: k6CompatibilityVersion,
    isCompact: request.summaryMode === "compact",
  });
}

function summaryData({ plan, load, request, deps }: SummaryRun): SummaryData {
  const { options } = plan;
  const { host } = deps;
  return toSummaryData({
    aggregate: load.collector.whole,
    thresholds: load.thresholds,
    results: load.thresholdResults,
    options: {
      summaryTrendStats: options.summaryTrendStats,
      summaryTimeUnit: options.summaryTimeUnit ?? "",
      noColor: request.noColor,
    },
    state: {
      isStdOutTTY: host.stdout.isTty,
      isStdErrTTY: host.stderr.isTty,
      testRunDurationMs: load.testRunDurationMs,
    },
    setupData: load.setupJson === undefined ? undefined : (JSON.parse(load.setupJson) as unknown),
    hash: (path) => createHash("md5").update(path).digest("hex"),
  });
}

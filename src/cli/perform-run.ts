/** What `run` and `demo` have in common: carry out a request, show it, print its end, choose the exit code. */
import { isAbsolute, resolve } from "node:path";
import { systemClock } from "../base/clock.ts";
import { exitCodes, LakhError } from "../base/errors.ts";
import { hasColours, type Host } from "../base/host.ts";
import type { Dashboard } from "../dashboard/index.ts";
import {
  renderAgreement,
  renderPlan,
  renderRunHtml,
  renderScorecard,
  renderVerdict,
  runOutcome,
  unseenThresholdRemarks,
} from "../report/index.ts";
import { type DemandPlan, executeRun, type RunRequest, type RunResult } from "../run/index.ts";
import type { CommandContext } from "./context.ts";
import { leaveReport, reportIn } from "./html-report.ts";
import { openProgress, type ProgressView } from "./progress.ts";
import { logRunError } from "./run-errors.ts";
import type { RunLog } from "./run-log.ts";
import { appendStepSummary } from "./step-summary.ts";

export interface Presentation {
  /** No plan, no progress. */
  readonly quiet: boolean;
  readonly log: RunLog;
  /** Shows the run while it goes on; closed by whoever opened it. */
  readonly dashboard?: Dashboard | undefined;
  /** Of the plan only what stands in the way of its users: its arithmetic has been shown. */
  readonly hidesArithmetic?: boolean;
  /** Nothing on standard output, which is kept for something else: the run's end is not shown. */
  readonly isSilent?: boolean;
  /** An HTML report is left in the run's folder. */
  readonly leavesReport?: boolean;
  /** Where it is to be left as well, with or without {@link leavesReport}; of two runs the first's. */
  readonly reportCopy?: string | undefined;
}

/** Where the cache of https imports is: XDG_CACHE_HOME, or ~/.cache. */
export function cacheFolder(context: CommandContext): string {
  const { env, cwd } = context.host;
  const base =
    env["XDG_CACHE_HOME"] ??
    (env["HOME"] === undefined ? resolve(cwd, ".lakh-cache") : resolve(env["HOME"], ".cache"));
  return resolve(base, "lakh", "modules");
}

export function absolute(context: CommandContext, path: string): string {
  return isAbsolute(path) ? path : resolve(context.host.cwd, path);
}

/**
 * Runs, prints, sets the exit code. What keeps a run from beginning, or ends it, is a line of its log.
 * `toRequest` may throw LakhError, too.
 */
export async function performRun(
  context: CommandContext,
  toRequest: () => Promise<RunRequest>,
  presentation: Presentation,
): Promise<void> {
  try {
    await runOnce(context, toRequest, presentation);
  } finally {
    await presentation.log.close();
  }
}

/** Undefined when the run could not begin, or its setup failed: that has been logged then. */
async function runOnce(
  context: CommandContext,
  toRequest: () => Promise<RunRequest>,
  presentation: Presentation,
): Promise<RunResult | undefined> {
  let request: RunRequest | undefined;
  try {
    request = await toRequest();
    const result = await carryOut(context, request, presentation);
    await appendStepSummary(context, presentation.log.logger, () => [
      runOutcome(result.record, result.verdict),
      result.record.endpoints,
    ]);
    return result;
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    logRunError(presentation.log.logger, error, request?.scriptName);
    context.exitCode = error.exitCode;
    return undefined;
  }
}

/**
 * Runs, prints, sets the exit code.
 * @throws LakhError when the run could not begin, or its setup failed
 */
export async function carryOut(
  context: CommandContext,
  request: RunRequest,
  presentation: Presentation,
): Promise<RunResult> {
  const { quiet, log, dashboard, hidesArithmetic = false } = presentation;
  const { noColor } = request;
  const progress = await openProgress(context.host, { quiet, noColor });
  const { host } = progress;
  progress.attach(log);
  const events = {
    ...progress.events(),
    ...(dashboard === undefined || quiet
      ? {}
      : { onPaused: () => progress.note(`paused: waiting to be resumed on ${dashboard.url}`) }),
    onDemand: (demand: DemandPlan) => {
      const text = quiet ? "" : planText(host, demand, { hidesArithmetic, noColor });
      if (text !== "") progress.note(text);
    },
  };
  const { logger, minLevel: minLogLevel, openConsole } = log;
  const deps = { host, clock: systemClock, logger, minLogLevel, openConsole, events, dashboard };
  try {
    const result = await executeRun(request, deps);
    progress.clear();
    await printEnd(context, result, { ...presentation, progress, noColor });
    const { leavesReport, reportCopy } = presentation;
    if (isWorthReporting(result))
      await leaveReport(context, {
        paths: [
          ...(leavesReport === true ? [reportIn(result.folder)] : []),
          ...(reportCopy === undefined ? [] : [reportCopy]),
        ],
        render: () => renderRunHtml(result.record),
        logger: log.logger,
        quiet,
      });
    return result;
  } finally {
    progress.close();
  }
}

/**
 * Runs on the embedded engine and then on k6, and shows how far they agree. The exit code is that of the first run,
 * or, when the two do not agree on what the script did, of a failure.
 */
export async function performBoth(
  context: CommandContext,
  toRequest: () => Promise<RunRequest>,
  presentation: Presentation,
): Promise<void> {
  const { host } = context;
  try {
    let request: RunRequest | undefined;
    const on = (runner: RunRequest["runner"]) => async (): Promise<RunRequest> => {
      request ??= await toRequest();
      return { ...request, runner };
    };
    const embedded = await runOnce(context, on("embedded"), presentation);
    const { exitCode } = context;
    if (embedded === undefined || embedded.record.outcome.reason === "interrupted") return;
    const k6 = await runOnce(context, on("k6"), { ...presentation, reportCopy: undefined });
    if (k6 === undefined) return;
    const { compareRunners } = await import("../judge/index.ts");
    const agreement = compareRunners(embedded.record, k6.record);
    const layout = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
    host.stdout.write(`\n${renderAgreement(agreement, layout)}`);
    context.exitCode = agreement.agrees || exitCode !== exitCodes.ok ? exitCode : exitCodes.generic;
  } finally {
    await presentation.log.close();
  }
}

function planText(
  host: Host,
  { demand, workload }: DemandPlan,
  { hidesArithmetic, noColor }: { hidesArithmetic: boolean; noColor: boolean },
): string {
  const isInTheWay = ({ code }: (typeof workload.findings)[number]): boolean =>
    code === "run-too-short" || code === "pacing-too-short";
  return renderPlan({
    steps: hidesArithmetic ? [] : [...demand.steps, ...workload.steps],
    findings: hidesArithmetic ? workload.findings.filter(isInTheWay) : workload.findings,
    colours: !noColor && hasColours(host, host.stderr),
    columns: host.stderr.columns,
  });
}

async function printEnd(
  context: CommandContext,
  result: RunResult,
  shown: Presentation & { readonly progress: ProgressView; readonly noColor: boolean },
): Promise<void> {
  const { host } = context;
  const { quiet, log, progress, noColor, isSilent = false } = shown;
  const { record, verdict, folder, error } = result;
  if (!isSilent) printFigures(host, result, noColor);
  progress.end(result);
  const { message, reason, exitCode } = record.outcome;
  if (error !== undefined) logRunError(log.logger, error);
  else if (message !== null && !result.isReported) log.logger.log("error", message);
  if (!quiet) {
    // A verdict says it itself.
    const remarks = verdict === undefined ? unseenThresholdRemarks(record) : [];
    for (const remark of remarks) host.stderr.write(`warning: ${remark}\n`);
    host.stderr.write(`record: ${folder}\n`);
  }
  context.exitCode =
    verdict === undefined || reason === "interrupted"
      ? exitCode
      : (await import("../judge/index.ts")).exitCodeFor(verdict);
}

/** A script without requests has nothing that the summary does not say. */
function isWorthReporting({ record, verdict }: RunResult): boolean {
  return verdict !== undefined || record.intervals.some(({ requests }) => requests > 0);
}

function printFigures(host: Host, { summaryText, verdict }: RunResult, noColor: boolean): void {
  if (summaryText !== undefined) host.stdout.write(summaryText);
  if (verdict === undefined) return;
  const colours = !noColor && hasColours(host, host.stdout);
  const layout = { colours, columns: host.stdout.columns };
  host.stdout.write(`\n\n${renderScorecard(verdict, layout)}\n${renderVerdict(verdict, layout)}`);
}

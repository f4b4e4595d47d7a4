/** What `run` and `demo` have in common: carry out a request, show it, print its end, choose the exit code. */
import { isAbsolute, resolve } from "node:path";
import { systemClock } from "../base/clock.ts";
import { exitCodes } from "../base/errors.ts";
import { hasColours } from "../base/host.ts";
import { createLogger, type Logger, type LogLevel } from "../base/log.ts";
import { compareRunners, exitCodeFor } from "../judge/index.ts";
import { renderAgreement, renderPlan, renderScorecard, renderVerdict } from "../report/index.ts";
import { type DemandPlan, executeRun, type RunRequest, type RunResult } from "../run/index.ts";
import type { CommandContext } from "./context.ts";
import { ProgressView } from "./progress.ts";

export interface Presentation {
  readonly quiet: boolean;
  readonly verbose: boolean;
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

/** Runs, prints, sets the exit code. */
export async function performRun(
  context: CommandContext,
  request: RunRequest,
  presentation: Presentation,
): Promise<RunResult> {
  const { host } = context;
  const progress = new ProgressView(host, presentation.quiet);
  const minLogLevel: LogLevel = presentation.verbose ? "debug" : "info";
  const logger = loggerAbove(progress, context, minLogLevel);
  const events = {
    ...progress.events(),
    onDemand: (demand: DemandPlan) => {
      if (!presentation.quiet) progress.note(planText(context, demand));
    },
  };
  try {
    const result = await executeRun(request, {
      host,
      clock: systemClock,
      logger,
      minLogLevel,
      events,
    });
    progress.clear();
    printEnd(context, result, { quiet: presentation.quiet });
    return result;
  } finally {
    progress.clear();
  }
}

/**
 * Runs on the embedded engine and then on k6, and shows how far they agree. The exit code is that of the first run,
 * or, when the two do not agree on what the script did, of a failure.
 */
export async function performBoth(
  context: CommandContext,
  request: RunRequest,
  presentation: Presentation,
): Promise<void> {
  const { host } = context;
  const embedded = await performRun(context, { ...request, runner: "embedded" }, presentation);
  const { exitCode } = context;
  if (embedded.record.outcome.reason === "interrupted") return;
  host.stdout.write("\n");
  const k6 = await performRun(context, { ...request, runner: "k6" }, presentation);
  const agreement = compareRunners(embedded.record, k6.record);
  const layout = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
  host.stdout.write(`\n${renderAgreement(agreement, layout)}`);
  context.exitCode = agreement.agrees || exitCode !== exitCodes.ok ? exitCode : exitCodes.generic;
}

function loggerAbove(progress: ProgressView, { host }: CommandContext, minLevel: LogLevel): Logger {
  const writeLine = (line: string): void => {
    progress.clear();
    host.stderr.write(`${line}\n`);
  };
  return createLogger({ minLevel, wallMs: () => systemClock.wallMs(), writeLine });
}

function planText({ host }: CommandContext, demand: DemandPlan): string {
  return renderPlan({
    steps: [...demand.demand.steps, ...demand.workload.steps],
    findings: demand.workload.findings,
    colours: hasColours(host, host.stderr),
    columns: host.stderr.columns,
  });
}

function printEnd(context: CommandContext, result: RunResult, { quiet }: { quiet: boolean }): void {
  const { host } = context;
  const { record, summaryText, verdict, folder } = result;
  if (summaryText !== undefined) host.stdout.write(summaryText);
  const layout = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
  if (verdict !== undefined)
    host.stdout.write(`\n\n${renderScorecard(verdict, layout)}\n${renderVerdict(verdict, layout)}`);
  if (record.outcome.message !== null) host.stderr.write(`${record.outcome.message}\n`);
  if (!quiet) host.stderr.write(`record: ${folder}\n`);
  context.exitCode =
    verdict === undefined || record.outcome.reason === "interrupted"
      ? record.outcome.exitCode
      : exitCodeFor(verdict);
}

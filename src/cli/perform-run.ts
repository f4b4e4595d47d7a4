/** What `run` and `demo` have in common: carry out a request, show it, print its end, choose the exit code. */
import { isAbsolute, resolve } from "node:path";
import { systemClock } from "../base/clock.ts";
import { LakhError } from "../base/errors.ts";
import { hasColours } from "../base/host.ts";
import { exitCodeFor } from "../judge/index.ts";
import { renderPlan, renderScorecard, renderVerdict } from "../report/index.ts";
import { type DemandPlan, executeRun, type RunRequest, type RunResult } from "../run/index.ts";
import type { CommandContext } from "./context.ts";
import { ProgressView } from "./progress.ts";
import { logRunError } from "./run-errors.ts";
import type { RunLog } from "./run-log.ts";

export interface Presentation {
  readonly quiet: boolean;
  readonly log: RunLog;
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
  { quiet, log }: Presentation,
): Promise<void> {
  const { host } = context;
  const progress = new ProgressView(host, quiet);
  log.beforeLine = () => progress.clear();
  const events = {
    ...progress.events(),
    onDemand: (demand: DemandPlan) => {
      if (!quiet) progress.note(planText(context, demand));
    },
  };
  const { logger, minLevel: minLogLevel, openConsole } = log;
  const deps = { host, clock: systemClock, logger, minLogLevel, openConsole, events };
  try {
    const result = await executeRun(await toRequest(), deps);
    progress.clear();
    printEnd(context, result, { quiet, log, progress });
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    logRunError(logger, error);
    context.exitCode = error.exitCode;
  } finally {
    progress.clear();
    await log.close();
  }
}

function planText({ host }: CommandContext, demand: DemandPlan): string {
  return renderPlan({
    steps: [...demand.demand.steps, ...demand.workload.steps],
    findings: demand.workload.findings,
    colours: hasColours(host, host.stderr),
    columns: host.stderr.columns,
  });
}

function printEnd(
  context: CommandContext,
  result: RunResult,
  { quiet, log, progress }: Presentation & { readonly progress: ProgressView },
): void {
  const { host } = context;
  const { record, summaryText, verdict, folder, error } = result;
  if (summaryText !== undefined) host.stdout.write(summaryText);
  const layout = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
  if (verdict !== undefined)
    host.stdout.write(`\n\n${renderScorecard(verdict, layout)}\n${renderVerdict(verdict, layout)}`);
  progress.end(result);
  const { message, reason, exitCode } = record.outcome;
  if (error !== undefined) logRunError(log.logger, error);
  else if (message !== null && !result.isReported) log.logger.log("error", message);
  if (!quiet) host.stderr.write(`record: ${folder}\n`);
  context.exitCode =
    verdict === undefined || reason === "interrupted" ? exitCode : exitCodeFor(verdict);
}

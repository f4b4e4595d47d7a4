/** The log of a command that reads a script, and what becomes of an error: a line of that log, and the exit code. */
import { systemClock } from "../base/clock.ts";
import { LakhError } from "../base/errors.ts";
import type { RunDeps } from "../run/index.ts";
import type { CommandContext } from "./context.ts";
import { logRunError } from "./run-errors.ts";
import { openPlainLog, openRunLog, type RunLog } from "./run-log.ts";

type LogFlags = Parameters<typeof openRunLog>[1];

/** Undefined when it cannot be opened, which has been told then. */
export function openLog(context: CommandContext, flags: LogFlags): RunLog | undefined {
  try {
    return openRunLog(context.host, flags);
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    logRunError(openPlainLog(context.host).logger, error);
    context.exitCode = error.exitCode;
    return undefined;
  }
}

/** Does the work of a command that is no run; what it throws is told as a run would tell it. */
export async function withLog(
  context: CommandContext,
  use: { flags: LogFlags; script: string },
  work: (deps: Omit<RunDeps, "events">) => Promise<void>,
): Promise<void> {
  await withRunLog(context, use, ({ logger, minLevel: minLogLevel, openConsole }) =>
    work({ host: context.host, clock: systemClock, logger, minLogLevel, openConsole }),
  );
}

/** Does the work of a command that runs a script more than once, with its log; what it throws is a line of that. */
export async function withRunLog(
  context: CommandContext,
  { flags, script }: { flags: LogFlags; script: string | undefined },
  work: (log: RunLog) => Promise<void>,
): Promise<void> {
  const log = openLog(context, flags);
  if (log === undefined) return;
  try {
    await work(log);
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    logRunError(log.logger, error, script);
    context.exitCode = error.exitCode;
  } finally {
    await log.close();
  }
}

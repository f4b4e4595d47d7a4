/** What commands that run a script several times and judge each run have in common: their flags, and the runs' request. */
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import type { RunRequest } from "../run/index.ts";
import type { CommandContext } from "./context.ts";
import { absolute } from "./perform-run.ts";
import {
  addEngineFlags,
  addReadingFlags,
  addRunnerFlag,
  addTargetFlags,
  collectArguments,
  type RunFlags,
  workersOf,
} from "./run-flags.ts";
import { addScriptFlags, featuresOf, type RuntimeFlags, skipsThresholds } from "./runtime-flags.ts";
import { configPath, type ScriptFlags, scriptUse } from "./script-argument.ts";
import { toSummaryRequest } from "./summary-flags.ts";

/** Values as commander leaves them. */
export type JudgedRunFlags = Pick<
  RunFlags,
  "runner" | "workers" | "runsDir" | "observe" | "observePid" | "targetCores" | "quiet"
> &
  Pick<RunFlags, "summaryMode" | "summaryExport" | "newMachineReadableSummary"> &
  RuntimeFlags &
  ScriptFlags;

/**
 * Adds the flags that all runs share. The load is the command's to compute, so k6's flags for it are not among them.
 * @returns the given ones as k6's own, for the runner k6
 */
export function addJudgedRunFlags(command: Command): readonly string[] {
  addReadingFlags(command);
  addScriptFlags(command);
  const k6Arguments = collectArguments(command);
  command.optionsGroup("lakh's own:");
  addRunnerFlag(command);
  addTargetFlags(command);
  addEngineFlags(command);
  return k6Arguments;
}

/** What every run of `script` has in common. @throws LakhError for a flag or variable that is wrong */
export async function toJudgedRun(
  context: CommandContext,
  script: string,
  { flags, k6Arguments }: { flags: JudgedRunFlags; k6Arguments: readonly string[] },
): Promise<Omit<RunRequest, "demand" | "label">> {
  const { host } = context;
  // One summary a run would bury the verdicts.
  const summaryMode = flags.summaryMode ?? host.env["K6_SUMMARY_MODE"] ?? "disabled";
  return {
    ...(await scriptUse(context, script, { flags, withSystemEnv: true })),
    scriptName: script,
    configPath: configPath(context, flags),
    cliOptions: {},
    observe: { urls: flags.observe ?? [], pids: flags.observePid ?? [] },
    targetCores:
      flags.targetCores ?? (flags.observePid === undefined ? undefined : availableParallelism()),
    runner: flags.runner,
    k6Arguments,
    workers: workersOf(flags, host.env),
    runsDir: absolute(context, flags.runsDir),
    noThresholds: skipsThresholds(flags, host),
    api: undefined,
    linger: false,
    features: featuresOf(flags, host),
    outputs: undefined,
    ...toSummaryRequest({ ...flags, summaryMode }, host.env),
  };
}

/** What commands that run a script several times and judge each run have in common: their flags, and the runs' request. */
import type { Command } from "commander";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { ResolvedConfig } from "../config/index.ts";
import type { RunRequest } from "../run/index.ts";
import { addConfigFlags, type ConfigFlags } from "./config-flag.ts";
import { confirmedHostsOf } from "./confirmed-hosts.ts";
import { observedBy } from "./config-use.ts";
import type { CommandContext } from "./context.ts";
import { addDashboardFlags, type DashboardFlags } from "./dashboard-flag.ts";
import type { CliErrorCode } from "./errors.ts";
import { addExchangesFlag, type ExchangesFlag, keepsExchanges } from "./exchanges-flag.ts";
import { addReportFlag, type ReportFlag } from "./html-report.ts";
import { addObserveFlags, type ObserveFlags, targetCoresOf } from "./observe-flags.ts";
import { addOutputFlag, type OutputFlags, outputsOf } from "./output-flag.ts";
import { absolute } from "./perform-run.ts";
import {
  addEngineFlags,
  addReadingFlags,
  addRunnerFlag,
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
  "confirmHost" | "runner" | "workers" | "runsDir" | "quiet"
> &
  Pick<RunFlags, "summaryMode" | "summaryExport" | "newMachineReadableSummary"> &
  ObserveFlags &
  RuntimeFlags &
  OutputFlags &
  DashboardFlags &
  ScriptFlags &
  ConfigFlags &
  ExchangesFlag &
  ReportFlag;

/** What the runs are made of. */
export interface JudgedRunUse {
  /** As the command line has it; undefined leaves it to the config file. */
  readonly script: string | undefined;
  readonly flags: JudgedRunFlags;
  /** What {@link addJudgedRunFlags} returned. */
  readonly k6Arguments: readonly string[];
  readonly config: ResolvedConfig | undefined;
}

/**
 * Adds the flags that all runs share. The load is the command's to compute, so k6's flags for it are not among them.
 * @returns the given ones as k6's own, for the runner k6
 */
export function addJudgedRunFlags(command: Command): readonly string[] {
  addReadingFlags(command);
  addScriptFlags(command);
  addOutputFlag(command);
  const k6Arguments = collectArguments(command);
  command.optionsGroup("lakh's own:");
  addConfigFlags(command);
  addRunnerFlag(command);
  addObserveFlags(command);
  addEngineFlags(command);
  addExchangesFlag(command);
  addReportFlag(command);
  addDashboardFlags(command);
  return k6Arguments;
}

/**
 * What every run has in common: what the flags say, else the config file.
 * @throws LakhError for a flag or variable that is wrong, SCRIPT_NOT_NAMED
 */
export async function toJudgedRun(
  context: CommandContext,
  { script: named, flags, k6Arguments, config }: JudgedRunUse,
): Promise<Omit<RunRequest, "demand" | "label">> {
  const { host } = context;
  const script = named ?? config?.script;
  if (script === undefined) throw noScript(config);
  const configEnv = config?.env ?? {};
  const observe = observedBy(flags, config, host.env);
  // One summary a run would bury the verdicts.
  const summaryMode = flags.summaryMode ?? host.env["K6_SUMMARY_MODE"] ?? "disabled";
  return {
    ...(await scriptUse(context, script, { flags, withSystemEnv: true, configEnv })),
    scriptName: script,
    command: host.args,
    configPath: configPath(context, flags),
    cliOptions: {},
    observe,
    targetCores: targetCoresOf(flags, config, observe),
    runner: flags.runner,
    k6Arguments,
    confirmedHosts: confirmedHostsOf(flags, host.env, config),
    workers: workersOf(flags, host.env),
    runsDir: absolute(context, flags.runsDir),
    noThresholds: skipsThresholds(flags, host),
    keepsExchanges: keepsExchanges(flags, config),
    api: undefined,
    linger: false,
    features: featuresOf(flags, host),
    outputs: outputsOf(flags, host.env, config),
    ...toSummaryRequest({ ...flags, summaryMode }, host.env),
  };
}

function noScript(config: ResolvedConfig | undefined): LakhError {
  const where = config === undefined ? "" : `, and ${config.file} names none`;
  return new LakhError(
    "SCRIPT_NOT_NAMED" satisfies CliErrorCode,
    `there is no script to run: the command line names none${where}`,
    {
      hint: "name it as the argument, or as script in lakh.config.ts",
      exitCode: exitCodes.invalidConfig,
    },
  );
}

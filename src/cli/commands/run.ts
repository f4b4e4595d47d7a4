/** `lakh run`: a k6 script as it is; with --dau, judged against the load of that many daily users. */
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { LakhError } from "../../base/errors.ts";
import { parseDurationMs } from "../../base/units.ts";
import type { RunRequest } from "../../run/index.ts";
import type { CommandContext } from "../context.ts";
import { addDemandFlags, type DemandFlags, toDemandInput } from "../demand-flags.ts";
import { absolute, cacheFolder, performRun } from "../perform-run.ts";
import {
  addK6Flags,
  addLakhFlags,
  type RunFlags,
  toOptionsLayer,
  toScriptEnv,
} from "../run-flags.ts";
import { logRunError } from "../run-errors.ts";
import { openPlainLog, openRunLog, type RunLog } from "../run-log.ts";
import { toSummaryRequest } from "../summary-flags.ts";

const examples = `
Examples:
  lakh run script.js                                  the script's own options
  lakh run -u 50 -d 2m -e BASE_URL=http://127.0.0.1:4000 script.ts
  lakh run --dau 100000 --observe http://10.0.0.7:9464/metrics --target-cores 4 \\
           -e BASE_URL=https://staging.example.com script.js
  cat script.js | lakh run -

Exit codes are k6's: 0, 99 thresholds, 104 options, 105 interrupted, 107 script exception, 108 aborted by the script.
With --dau: 0 PASS, 99 FAIL, 3 INCONCLUSIVE, 4 INVALID.`;

export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("run")
    .description("run a k6 script (JavaScript or TypeScript), unmodified")
    .argument("<script>", 'path of the script, or "-" for standard input');
  addK6Flags(command);
  command.optionsGroup("lakh's own:");
  addLakhFlags(command);
  command.optionsGroup("The daily users, for --dau:");
  addDemandFlags(command);
  command
    .addHelpText("after", examples)
    .action(async (script: string, flags: RunFlags & DemandFlags) => {
      const log = openLog(context, flags);
      if (log === undefined) return;
      const quiet = flags.quiet === true;
      await performRun(context, () => toRunRequest(context, script, flags), { quiet, log });
    });
}

/** Undefined when it cannot be opened, which has been told then. */
function openLog(context: CommandContext, flags: RunFlags): RunLog | undefined {
  try {
    return openRunLog(context.host, flags);
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    logRunError(openPlainLog(context.host).logger, error);
    context.exitCode = error.exitCode;
    return undefined;
  }
}

async function toRunRequest(
  context: CommandContext,
  script: string,
  flags: RunFlags & DemandFlags,
): Promise<RunRequest> {
  const { host } = context;
  const configPath = flags.config ?? host.env["K6_CONFIG"];
  return {
    script:
      script === "-"
        ? { path: "-", source: await host.readStdin() }
        : { path: absolute(context, script) },
    scriptName: script,
    label: "run",
    env: toScriptEnv(flags, host.env),
    configPath: configPath === undefined ? undefined : absolute(context, configPath),
    cliOptions: toOptionsLayer(flags),
    demand:
      flags.dau === undefined
        ? undefined
        : {
            users: toDemandInput(flags.dau, flags),
            warmUpMs: parseDurationMs(flags.warmUp)!,
            steadyMs: parseDurationMs(flags.steady)!,
          },
    observe: { urls: flags.observe ?? [], pids: flags.observePid ?? [] },
    targetCores:
      flags.targetCores ?? (flags.observePid === undefined ? undefined : availableParallelism()),
    workers: flags.workers,
    lower: flags.lower,
    offline: flags.offline === true,
    runsDir: absolute(context, flags.runsDir),
    cacheDir: cacheFolder(context),
    noThresholds: !flags.thresholds,
    outputs: flags.out ?? host.env["K6_OUT"]?.split(","),
    ...toSummaryRequest(flags, host.env),
  };
}

/** `lakh run`: a k6 script as it is; with --dau, judged against the load of that many daily users. */
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { parseDurationMs } from "../../base/units.ts";
import type { RunRequest } from "../../run/index.ts";
import type { CommandContext } from "../context.ts";
import { addDemandFlags, type DemandFlags, toDemandInput } from "../demand-flags.ts";
import { configPath, type ScriptFlags, scriptUse } from "../script-argument.ts";
import { absolute, performRun } from "../perform-run.ts";
import {
  addRunOnlyFlags,
  addScriptFlags,
  apiOf,
  featuresOf,
  lingers,
  noteRuntimeFlags,
  type RuntimeFlags,
  skipsThresholds,
} from "../runtime-flags.ts";
import {
  addK6Flags,
  addReadingFlags,
  addLakhFlags,
  type RunFlags,
  toOptionsLayer,
} from "../run-flags.ts";

const examples = `
Examples:
  lakh run script.js                                  the script's own options
  lakh run -u 50 -d 2m -e BASE_URL=http://127.0.0.1:4000 script.ts
  lakh run --dau 100000 --observe http://10.0.0.7:9464/metrics --target-cores 4 \\
           -e BASE_URL=https://staging.example.com script.js
  cat script.js | lakh run -

Exit codes are k6's: 0, 99 thresholds, 104 options, 105 interrupted, 107 script exception, 108 aborted by the script.
With --dau: 0 PASS, 99 FAIL, 3 INCONCLUSIVE, 4 INVALID.`;

type AllFlags = RunFlags & RuntimeFlags & ScriptFlags & DemandFlags;

export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("run")
    .description("run a k6 script (JavaScript or TypeScript), unmodified")
    .argument("<script>", 'path of the script, or "-" for standard input');
  addK6Flags(command);
  addReadingFlags(command);
  addScriptFlags(command);
  addRunOnlyFlags(command);
  command.optionsGroup("lakh's own:");
  addLakhFlags(command);
  command.optionsGroup("The daily users, for --dau:");
  addDemandFlags(command);
  command.addHelpText("after", examples).action(async (script: string, flags: AllFlags) => {
    noteRuntimeFlags(flags, context);
    const request = await toRunRequest(context, script, flags);
    await performRun(context, request, {
      quiet: flags.quiet === true,
      verbose: flags.verbose === true,
    });
  });
}

async function toRunRequest(
  context: CommandContext,
  script: string,
  flags: AllFlags,
): Promise<RunRequest> {
  const { host } = context;
  return {
    ...(await scriptUse(context, script, { flags, withSystemEnv: true })),
    label: "run",
    configPath: configPath(context, flags),
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
    runsDir: absolute(context, flags.runsDir),
    noThresholds: skipsThresholds(flags, host),
    api: apiOf(flags, host),
    linger: lingers(flags, host),
    features: featuresOf(flags, host),
    outputs: flags.out ?? host.env["K6_OUT"]?.split(","),
    summaryMode: flags.summaryMode as RunRequest["summaryMode"],
  };
}

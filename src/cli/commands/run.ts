/** `lakh run`: a k6 script as it is; with --dau, judged against the load of that many daily users. */
import type { Command } from "commander";
import type { RunRequest } from "../../run/index.ts";
import { readConfig } from "../config-flag.ts";
import { demandRequest, observedBy } from "../config-use.ts";
import { confirmedHostsOf } from "../confirmed-hosts.ts";
import type { CommandContext } from "../context.ts";
import {
  addDashboardFlags,
  dashboardExport,
  type DashboardFlags,
  withDashboard,
} from "../dashboard-flag.ts";
import { addDemandFlags, type DemandFlags } from "../demand-flags.ts";
import { addExchangesFlag, type ExchangesFlag, keepsExchanges } from "../exchanges-flag.ts";
import { addObserveFlags, type ObserveFlags, targetCoresOf } from "../observe-flags.ts";
import { addReportFlag, type ReportFlag, wantsReport } from "../html-report.ts";
import { configPath, type ScriptFlags, scriptUse } from "../script-argument.ts";
import { absolute, performBoth, performRun } from "../perform-run.ts";
import {
  addRunOnlyFlags,
  addScriptFlags,
  apiOf,
  featuresOf,
  lingers,
  noteRuntimeFlags,
  refuseTraces,
  type RuntimeFlags,
  skipsThresholds,
} from "../runtime-flags.ts";
import {
  addK6Flags,
  addReadingFlags,
  addLakhFlags,
  collectArguments,
  type RunFlags,
  toOptionsLayer,
  workersOf,
} from "../run-flags.ts";
import { openLog } from "../open-log.ts";
import { outputsOf } from "../output-flag.ts";
import { toSummaryRequest } from "../summary-flags.ts";

const examples = `
Examples:
  lakh run script.js                                  the script's own options
  lakh run -u 50 -d 2m -e BASE_URL=http://127.0.0.1:4000 script.ts
  lakh run --dau 100000 --observe http://10.0.0.7:9464/metrics --target-cores 4 \\
           --confirm-host staging.example.com -e BASE_URL=https://staging.example.com script.js
  lakh run --dau 100000 --observe-prometheus http://prometheus:9090 --observe-preset kubernetes \\
           --observe-selector namespace=shop --observe-selector 'pod=~api-.*' script.js
  cat script.js | lakh run -
  lakh run --config-file lakh.config.ts script.js     users, journeys, objectives and sources from a file
  lakh run --runner k6 script.js                      the real k6 sends the load; same record, same verdict
  lakh run --against k6 script.js                     both in turn, side by side

Exit codes are k6's: 0, 99 thresholds, 104 options, 105 interrupted, 107 script exception, 108 aborted by the script.
With --dau or --config-file: 0 PASS, 99 FAIL, 3 INCONCLUSIVE, 4 INVALID.`;

type AllFlags = RunFlags &
  RuntimeFlags &
  ScriptFlags &
  ObserveFlags &
  DemandFlags &
  DashboardFlags &
  ExchangesFlag &
  ReportFlag;

export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("run")
    .description("run a k6 script (JavaScript or TypeScript), unmodified")
    .argument("<script>", 'path of the script, or "-" for standard input');
  addK6Flags(command);
  addReadingFlags(command);
  addScriptFlags(command);
  addRunOnlyFlags(command);
  const k6Arguments = collectArguments(command);
  command.optionsGroup("lakh's own:");
  addLakhFlags(command);
  addReportFlag(command);
  addExchangesFlag(command);
  addDashboardFlags(command);
  command.optionsGroup("Watching the target:");
  addObserveFlags(command);
  command.optionsGroup("The daily users, for --dau:");
  addDemandFlags(command);
  command
    .addHelpText("after", examples)
    .action((script: string, flags: AllFlags) => run(context, script, { flags, k6Arguments }));
}

async function run(
  context: CommandContext,
  script: string,
  { flags, k6Arguments }: { readonly flags: AllFlags; readonly k6Arguments: readonly string[] },
): Promise<void> {
  const log = openLog(context, flags);
  if (log === undefined) return;
  const isEmbedded = flags.runner === "embedded";
  const toRequest = async (): Promise<RunRequest> => {
    noteRuntimeFlags(flags, context.host, log.logger);
    if (isEmbedded) refuseTraces(flags, context.host);
    return { ...(await toRunRequest(context, script, flags)), k6Arguments };
  };
  const use = { host: context.host, isUsual: false, logger: log.logger };
  const exported = dashboardExport(context.host, flags, use);
  const reportCopy = exported === undefined ? undefined : absolute(context, exported);
  await withDashboard(use, flags, (dashboard) => {
    const leavesReport = wantsReport(flags, context.host.env);
    const presentation = { quiet: flags.quiet === true, log, dashboard, leavesReport, reportCopy };
    return flags.against === undefined
      ? performRun(context, toRequest, presentation)
      : performBoth(context, toRequest, presentation);
  });
}

async function toRunRequest(
  context: CommandContext,
  script: string,
  flags: AllFlags,
): Promise<Omit<RunRequest, "k6Arguments">> {
  const { host } = context;
  const { configFile } = flags;
  const config = configFile === undefined ? undefined : await readConfig(context, { configFile });
  const observe = observedBy(flags, config, host.env);
  const configEnv = config?.env ?? {};
  return {
    ...(await scriptUse(context, script, { flags, withSystemEnv: true, configEnv })),
    scriptName: script,
    command: host.args,
    label: "run",
    configPath: configPath(context, flags),
    cliOptions: toOptionsLayer(flags),
    demand: await demandRequest(flags, config),
    observe,
    targetCores: targetCoresOf(flags, config, observe),
    runner: flags.runner,
    workers: workersOf(flags, host.env),
    confirmedHosts: confirmedHostsOf(flags, host.env, config),
    runsDir: absolute(context, flags.runsDir),
    noThresholds: skipsThresholds(flags, host),
    keepsExchanges: keepsExchanges(flags, config),
    api: apiOf(flags, host),
    linger: lingers(flags, host),
    features: featuresOf(flags, host),
    outputs: outputsOf(flags, host.env, config),
    ...toSummaryRequest(flags, host.env),
  };
}

/**
 * `lakh demo`: the whole way in about a minute, with nothing but this package. It starts the reference API in a process
 * of its own, computes the load of 100,000 daily users, sends it, and signs the verdict.
 */
import { join } from "node:path";
import type { Command } from "commander";
import { packageRoot, type RunRequest, startTargetProcess } from "../../run/index.ts";
import type { CommandContext } from "../context.ts";
import { addDashboardFlags, type DashboardFlags, withDashboard } from "../dashboard-flag.ts";
import { addReportFlag, type ReportFlag, wantsReport } from "../html-report.ts";
import { addOutputFlag, type OutputFlags, outputsOf } from "../output-flag.ts";
import { absolute, cacheFolder, performRun } from "../perform-run.ts";
import { addRunnerFlag, wholeNumber } from "../run-flags.ts";
import { openRunLog } from "../run-log.ts";
import { hasNoColor } from "../summary-flags.ts";

interface DemoFlags extends OutputFlags, DashboardFlags, ReportFlag {
  readonly dau: number;
  readonly runsDir: string;
  readonly runner: RunRequest["runner"];
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Full load until every user has come once and the target is warm, then the half minute that is judged. */
const warmUpMs = 15_000;
const steadyMs = 30_000;

export function addDemoCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("demo")
    .description(
      "start a small video API, send it the load of 100,000 daily users, and judge it; about a minute",
    )
    .option("--dau <n>", "daily users", wholeNumber, 100_000)
    .option("--runs-dir <folder>", "where run records go", "lakh-runs")
    .option("-q, --quiet", "no plan, no progress")
    .option("-v, --verbose", "debug messages")
    .action((flags: DemoFlags) => runDemo(context, flags));
  addRunnerFlag(command);
  addOutputFlag(command);
  addReportFlag(command);
  addDashboardFlags(command);
}

async function runDemo(context: CommandContext, flags: DemoFlags): Promise<void> {
  const { host } = context;
  const say = (text: string): void => host.stderr.write(flags.quiet ? "" : `${text}\n`);
  say("starting the reference API (its database is seeded first) …");
  const target = await startTargetProcess({ host: "127.0.0.1", port: 0, env: host.env });
  try {
    say(`it listens on ${target.url}, process ${target.pid}`);
    const request: RunRequest = {
      script: { path: join(packageRoot(), "load-tests", "omgtv", "production-load-test.ts") },
      scriptName: "production-load-test.ts",
      label: "demo",
      command: host.args,
      env: { BASE_URL: target.url },
      configPath: undefined,
      secretSources: [],
      extended: true,
      cliOptions: {},
      demand: { users: { dau: flags.dau }, warmUpMs, steadyMs },
      observe: { urls: [`${target.url}/metrics`], pids: [] },
      targetCores: 1,
      runner: flags.runner,
      k6Arguments: [],
      workers: 1,
      lower: "auto",
      offline: false,
      runsDir: absolute(context, flags.runsDir),
      cacheDir: cacheFolder(context),
      noThresholds: false,
      api: undefined,
      linger: false,
      features: { names: [], source: "cli" },
      outputs: outputsOf(flags, host.env, undefined) ?? [],
      summaryMode: "compact",
      summaryExport: undefined,
      machineReadableSummary: false,
      noColor: hasNoColor({ color: true }, context.host.env),
    };
    const log = openRunLog(host, { color: true, ...(flags.verbose ? { verbose: true } : {}) });
    const use = { host, isUsual: true, logger: log.logger };
    await withDashboard(use, flags, (dashboard) =>
      performRun(context, () => Promise.resolve(request), {
        quiet: flags.quiet === true,
        log,
        dashboard,
        leavesReport: wantsReport(flags, host.env),
      }),
    );
  } finally {
    await target.stop();
  }
}

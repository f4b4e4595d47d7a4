/** `lakh limit`: the largest rate, and so the most daily users, that the target holds. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Command, InvalidArgumentError } from "commander";
import { systemClock } from "../../base/clock.ts";
import { exitCodes } from "../../base/errors.ts";
import { hasColours } from "../../base/host.ts";
import { formatGoDuration, parseDurationMs } from "../../base/units.ts";
import type { Dashboard } from "../../dashboard/index.ts";
import { computeDemand } from "../../plan/index.ts";
import type { LimitRecord } from "../../record/index.ts";
import {
  renderLimit,
  renderSearchHtml,
  renderTrialEnd,
  renderTrialStart,
  searchOutcome,
} from "../../report/index.ts";
import {
  executeRun,
  type LimitObjectives,
  type LimitRequest,
  runLimit,
  type RunRequest,
  type RunResult,
  type TrialHooks,
} from "../../run/index.ts";
import type { CommandContext } from "../context.ts";
import { readConfig } from "../config-flag.ts";
import { withDashboard } from "../dashboard-flag.ts";
import { DashboardSteps } from "../dashboard-steps.ts";
import { addDemandFlags, type DemandFlags, layerDemand } from "../demand-flags.ts";
import { leaveReport, reportIn, wantsReport } from "../html-report.ts";
import {
  addJudgedRunFlags,
  type JudgedRunFlags,
  type JudgedRunUse,
  toJudgedRun,
} from "../judged-runs.ts";
import { toObjectives } from "../objective-flag.ts";
import { withRunLog } from "../open-log.ts";
import { openProgress, type ProgressView } from "../progress.ts";
import { collect, durationText, positiveNumber, wholeNumber } from "../run-flags.ts";
import type { RunLog } from "../run-log.ts";
import { appendStepSummary } from "../step-summary.ts";

interface LimitFlags extends JudgedRunFlags, DemandFlags {
  readonly objective?: string[];
  readonly dau?: number;
  readonly startRate?: number;
  readonly maxRate?: number;
  readonly maxDuration?: string;
  readonly maxTrials: number;
  readonly trial: string;
  readonly warmUp: string;
  readonly confidence: number;
  readonly json?: boolean;
}

const help = `
Each trial is a run with a record of its own. Rates double until one does not hold; then the search narrows down, proves
that a rate just below the limit holds and that one just above does not, and looks whether the target came back.

Examples:
  lakh limit -e BASE_URL=https://staging.example.com script.js
  lakh limit --objective 'p(95)<300' --objective 'errors<0.1%' script.js
  lakh limit --dau 100000 script.js            PASS or FAIL for 100,000 daily users, with the limit
  lakh limit --max-rate 500 --max-duration 20m --json script.js

Exit codes: 0 PASS (a limit was found; with --dau: the users are held), 99 FAIL, 3 INCONCLUSIVE, 4 INVALID.`;

/** Of a start rate that nobody gave: this, or this part of what --dau needs. */
const defaultStartRate = 10;
const startPart = 8;
/** The longest trial, in lengths of an ordinary one. */
const longestTrials = 8;
/** Relative width at which the interval is narrow enough. */
const width = 0.05;

export function addLimitCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("limit")
    .description("find the largest rate, and so the most daily users, that the target holds")
    .argument(
      "[script]",
      'path of the script, or "-" for standard input; when left out, the one that the config file names',
    );
  const k6Arguments = addJudgedRunFlags(command);
  command
    .optionsGroup("The search:")
    .option(
      "--objective <text>",
      "what must hold: 'p(95)<300', 'errors<0.1%', 'cpu<70%'; repeat for more",
      collect,
    )
    .option("--dau <n>", "daily active users that are asked about", wholeNumber)
    .option("--start-rate <rps>", "requests/s of the first trial", positiveNumber)
    .option("--max-rate <rps>", "never send more requests/s than this", positiveNumber)
    .option("--max-duration <time>", "begin no trial that would end later", durationText)
    .option("--max-trials <n>", "trials at most", wholeNumber, 16)
    .option("--trial <time>", "judged part of a trial, warm-up left out", durationText, "30s")
    .option("--warm-up <time>", "full load before it that is not judged", durationText, "10s")
    .option("--confidence <share>", "of each end of the interval", confidence, 0.95)
    .option("--json", "the answer and all trials as JSON")
    .optionsGroup("The daily users:");
  addDemandFlags(command);
  command.addHelpText("after", help).action((script: string | undefined, flags: LimitFlags) =>
    withRunLog(context, { flags, script }, async (log) => {
      const config = await readConfig(context, flags);
      const use = { host: context.host, isUsual: true, logger: log.logger };
      await withDashboard(use, flags, (dashboard) =>
        limit(context, { script, flags, k6Arguments, config, log, dashboard }),
      );
    }),
  );
}

interface LimitUse extends JudgedRunUse {
  readonly flags: LimitFlags;
  readonly log: RunLog;
  readonly dashboard: Dashboard | undefined;
}

async function limit(context: CommandContext, use: LimitUse): Promise<void> {
  const { flags, log, dashboard } = use;
  const quiet = flags.quiet === true;
  const request = await toLimitRequest(context, use);
  const { noColor } = request.run;
  const progress = await openProgress(context.host, { quiet, noColor });
  progress.attach(log);
  try {
    await search(context, request, { log, progress, flags, dashboard });
  } finally {
    progress.close();
  }
}

interface Shown {
  readonly log: RunLog;
  readonly progress: ProgressView;
  readonly dashboard: Dashboard | undefined;
}

async function search(
  context: CommandContext,
  request: LimitRequest,
  shown: Shown & { readonly flags: LimitFlags },
): Promise<void> {
  const { log, progress, flags, dashboard } = shown;
  const { host } = progress;
  const say = (text: string): void => {
    if (flags.quiet !== true) progress.note(text);
  };
  const { exitCodeFor } = await import("../../judge/index.ts");
  say(beginText(request));
  const steps = new DashboardSteps(dashboard);
  let trialNumber = 0;
  const found = await runLimit(request, {
    host,
    clock: systemClock,
    pause,
    execute: (run, hooks) => steps.during(trialNumber, () => execute(run, hooks, shown)),
    onTrial: (plan, number) => {
      const text = renderTrialStart(plan, number);
      trialNumber = number;
      steps.beginTrial(number, text.replace(/^trial \d+: /u, ""));
      say(text);
    },
    onOutcome: (trial) => {
      progress.clear();
      say(renderTrialEnd(trial));
    },
    onEnd: (limit, folder) => {
      progress.clear();
      steps.conclude(limit);
      show(context, limit, flags.json === true);
      say(`record: ${folder}`);
    },
  });
  if (wantsReport(flags, host.env))
    await leaveReport(context, {
      paths: [reportIn(join(request.run.runsDir, found.id))],
      render: () => renderSearchHtml(found),
      logger: log.logger,
      quiet: flags.quiet === true,
    });
  await appendStepSummary(context, log.logger, () => [searchOutcome(found)]);
  context.exitCode = found.partial ? exitCodes.externalAbort : exitCodeFor(found);
}

function execute(
  request: RunRequest,
  { host, brake, onDemand }: TrialHooks,
  { log, progress, dashboard }: Shown,
): Promise<RunResult> {
  return executeRun(request, {
    host,
    clock: systemClock,
    logger: log.logger,
    minLogLevel: log.minLevel,
    openConsole: log.openConsole,
    events: { onDemand, ...progress.trialEvents() },
    brake,
    dashboard,
  });
}

/** Standard output holds the answer and nothing else. */
function show({ host }: CommandContext, limit: LimitRecord, isJson: boolean): void {
  if (isJson) {
    host.stdout.write(`${JSON.stringify(limit, null, 2)}\n`);
    return;
  }
  const layout = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
  host.stdout.write(`\n${renderLimit(limit, layout)}`);
}

async function pause(ms: number, isOver: () => boolean): Promise<void> {
  const stepMs = 100;
  for (let leftMs = ms; leftMs > 0 && !isOver(); leftMs -= stepMs)
    await sleep(Math.min(stepMs, leftMs));
}

async function toLimitRequest(context: CommandContext, use: LimitUse): Promise<LimitRequest> {
  const { flags, config } = use;
  const run = await toJudgedRun(context, use);
  const { dau, ...users } = layerDemand(flags, config).input;
  const { urls, pids, prometheus } = run.observe;
  const isObserved = urls.length + pids.length > 0 || prometheus !== undefined;
  const objectives = toObjectives(flags.objective ?? [], isObserved, config?.objectives.overall);
  const needed = dau === undefined ? undefined : computeDemand({ ...users, dau });
  return {
    run,
    users,
    journeys: config?.journeys ?? [],
    neededDau: dau,
    objectives,
    settings: {
      ...lengths(flags),
      ...limitsOf(objectives),
      startRatePerSecond:
        flags.startRate ??
        (needed === undefined ? defaultStartRate : needed.ratePerSecond / startPart),
      maxRatePerSecond: flags.maxRate,
      maxTrials: flags.maxTrials,
      confidence: flags.confidence,
      width,
    },
  };
}

function lengths({
  trial,
  warmUp,
  maxDuration,
}: LimitFlags): Pick<
  LimitRequest["settings"],
  "trialMs" | "longestTrialMs" | "warmUpMs" | "maxDurationMs"
> {
  const trialMs = Math.max(1_000, parseDurationMs(trial)!);
  return {
    trialMs,
    longestTrialMs: longestTrials * trialMs,
    warmUpMs: parseDurationMs(warmUp)!,
    maxDurationMs: maxDuration === undefined ? undefined : parseDurationMs(maxDuration),
  };
}

function limitsOf({
  latency,
  errorShare,
}: LimitObjectives): Pick<LimitRequest["settings"], "allowedShares" | "latencyLimitMs"> {
  const limits = latency.map(({ limitMs }) => limitMs);
  return {
    allowedShares: [
      ...latency.map(({ share }) => 1 - share),
      ...(errorShare === null ? [] : [errorShare]),
    ],
    latencyLimitMs: limits.length === 0 ? undefined : Math.max(...limits),
  };
}

function beginText({ objectives, settings }: LimitRequest): string {
  const { latency, errorShare, cpuShare } = objectives;
  const stated = [
    ...latency.map(
      ({ share, limitMs }) =>
        `p(${Number((share * 100).toFixed(6))}) < ${formatGoDuration(limitMs)}`,
    ),
    ...(errorShare === null ? [] : [`errors < ${Number((errorShare * 100).toFixed(6))} %`]),
    ...(cpuShare === null ? [] : [`CPU < ${Number((cpuShare * 100).toFixed(4))} %`]),
  ];
  return (
    `the largest rate with ${stated.join(", ")}; at most ${settings.maxTrials} trials of ` +
    `${formatGoDuration(settings.trialMs)} to ${formatGoDuration(settings.longestTrialMs)}, ` +
    `confidence ${Number((settings.confidence * 100).toFixed(2))} %`
  );
}

function confidence(text: string): number {
  const share = Number(text.replace(/%$/u, "")) / (text.endsWith("%") ? 100 : 1);
  if (share >= 0.95 && share < 1) return share;
  throw new InvalidArgumentError(
    "expected a share from 0.95 to below 1: trials are judged at 0.95.",
  );
}

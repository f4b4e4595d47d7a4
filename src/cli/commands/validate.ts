/** `lakh validate`: the campaign from a smoke test to the soak, each phase gated on the one before. */
import { join } from "node:path";
import type { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import { exitCodes } from "../../base/errors.ts";
import { hasColours } from "../../base/host.ts";
import { formatCount, formatGoDuration } from "../../base/units.ts";
import type { ResolvedConfig } from "../../config/index.ts";
import type { CampaignVerdict } from "../../judge/index.ts";
import { computeDemand, type DemandInput, guidePhases, type Phase } from "../../plan/index.ts";
import { type CampaignRecord, readCampaign } from "../../record/index.ts";
import { renderCampaignHtml, renderPlan } from "../../report/index.ts";
import { type CampaignRequest, runCampaign } from "../../run/index.ts";
import {
  campaignJson,
  judgeFromRecords,
  printCampaign,
  toCampaignHtmlInput,
} from "../campaign-view.ts";
import { readConfig } from "../config-flag.ts";
import { noUsers } from "../config-use.ts";
import type { CommandContext } from "../context.ts";
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
import { withRunLog } from "../open-log.ts";
import { carryOut, type Presentation } from "../perform-run.ts";
import { outcomeOfCampaign } from "../reported.ts";
import { collect, factorAbove1, wholeNumber } from "../run-flags.ts";
import { appendStepSummary } from "../step-summary.ts";

interface ValidateFlags extends JudgedRunFlags, DemandFlags {
  readonly dau?: number;
  readonly phase?: string[];
  readonly resume?: boolean;
  readonly campaign?: string;
  readonly compress: number;
  readonly json?: boolean;
}

const help = `
Phases, each begun when the one before has passed; each carries its share of the daily users' load:
${guidePhases.map(phaseLine).join("\n")}

Examples:
  lakh validate --dau 100000 -e BASE_URL=https://staging.example.com script.js
  lakh validate --dau 100000 --compress 60 script.js     a try-out in minutes; never a PASS
  lakh validate --dau 100000 --resume script.js          go on after Ctrl-C, a crash, or a night
  lakh report CAMPAIGN                                   the report again, from the records

Exit codes: 0 PASS, 99 FAIL, 3 INCONCLUSIVE (a phase is open or was left out), 4 INVALID.`;

export function addValidateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("validate")
    .description("prove that the target holds n daily users: smoke, load, stress, peak, soak")
    .argument(
      "[script]",
      'path of the script, or "-" for standard input; or the config file names it',
    );
  const k6Arguments = addJudgedRunFlags(command);
  command
    .optionsGroup("The campaign:")
    .option(
      "--dau <n>",
      "daily active users to be proved (default: the config file's)",
      wholeNumber,
    )
    .option("--phase <name>", "run this phase only; repeat for more", collect)
    .option("--resume", "go on with the latest campaign")
    .option("--campaign <id>", "go on with this one")
    .option("--compress <factor>", "divide all times, for a try-out", factorAbove1, 1)
    .option("--json", "the report as JSON")
    .optionsGroup("The daily users:");
  addDemandFlags(command);
  command.addHelpText("after", help).action((script: string | undefined, flags: ValidateFlags) =>
    withRunLog(context, { flags, script }, async (log) => {
      const isSilent = flags.json === true;
      const quiet = flags.quiet === true || isSilent;
      const config = await readConfig(context, flags);
      const use = { host: context.host, isUsual: true, logger: log.logger };
      await withDashboard(use, flags, (dashboard) =>
        validate(
          context,
          { script, flags, k6Arguments, config },
          {
            quiet,
            log,
            isSilent,
            hidesArithmetic: true,
            dashboard,
            leavesReport: wantsReport(flags, context.host.env),
          },
        ),
      );
    }),
  );
}

async function validate(
  context: CommandContext,
  use: JudgedRunUse & { readonly flags: ValidateFlags },
  presentation: Presentation,
): Promise<void> {
  const { flags, config } = use;
  const { host } = context;
  const users = usersOf(flags, config);
  const run = await toJudgedRun(context, use);
  const say = (text: string): void => host.stderr.write(flags.quiet ? "" : `${text}\n`);
  const request: CampaignRequest = {
    run,
    users,
    journeys: config?.journeys ?? [],
    phases: await phasesOf(config),
    only: flags.phase,
    compression: flags.compress,
    resume: flags.campaign ?? (flags.resume === true ? "latest" : undefined),
  };
  let id: string | undefined;
  let number = 0;
  const steps = new DashboardSteps(presentation.dashboard);
  const show = (campaign: CampaignRecord): Promise<CampaignVerdict> =>
    showEnd(context, campaign, { flags, runsDir: run.runsDir, presentation });
  try {
    const campaign = await runCampaign(request, {
      clock: systemClock,
      execute: (each) => steps.during(number, () => carryOut(context, each, presentation)),
      onBegin: (begun) => {
        id = begun.id;
        steps.setPhases(begun, phaseText);
        say(`${beginText(begun)}\n\n${demandText(context, begun)}`);
      },
      onSkip: ({ name }) => say(`phase ${name} has passed before`),
      onPhase: (phase, place) => {
        ({ number } = place);
        steps.begin(number);
        say(phaseTitle(context, phase, place));
      },
    });
    steps.conclude(await show(campaign));
  } catch (error) {
    // One phase could not begin: what the others found is not lost for it.
    if (id !== undefined) await show(await readCampaign(id, run.runsDir));
    throw error;
  }
}

/** What the flags say of the users, else the config file. @throws LakhError NO_DAU */
function usersOf(flags: ValidateFlags, config: ResolvedConfig | undefined): DemandInput {
  const { dau, ...rest } = layerDemand(flags, config).input;
  if (dau === undefined) throw noUsers(config?.file);
  return { dau, ...rest };
}

/** The phases with their objectives: a phase's own, else the campaign's. */
async function phasesOf(config: ResolvedConfig | undefined): Promise<readonly Phase[]> {
  if (config === undefined) return guidePhases;
  const { statedObjectives } = await import("../../config/index.ts");
  const common = statedObjectives(config.objectives);
  const phases =
    config.phases?.map(({ objectives, ...phase }) => ({
      ...phase,
      objectives: statedObjectives(objectives),
    })) ?? guidePhases;
  return phases.map((phase) => ({ ...phase, objectives: { ...common, ...phase.objectives } }));
}

async function showEnd(
  context: CommandContext,
  campaign: CampaignRecord,
  {
    flags,
    runsDir,
    presentation: { log, leavesReport, quiet },
  }: { flags: ValidateFlags; runsDir: string; presentation: Presentation },
): Promise<CampaignVerdict> {
  const judged = await judgeFromRecords(campaign, runsDir);
  if (flags.json === true) context.host.stdout.write(campaignJson(judged));
  else printCampaign(context, judged);
  await appendStepSummary(context, log.logger, () => [outcomeOfCampaign(judged)]);
  if (leavesReport === true)
    await leaveReport(context, {
      paths: [reportIn(join(runsDir, campaign.id))],
      render: async () => renderCampaignHtml(await toCampaignHtmlInput(judged, runsDir)),
      logger: log.logger,
      quiet,
    });
  const { exitCodeFor } = await import("../../judge/index.ts");
  const wasInterrupted = campaign.phases.some(
    ({ attempts }) => attempts.at(-1)?.state === "interrupted",
  );
  context.exitCode = wasInterrupted ? exitCodes.externalAbort : exitCodeFor(judged.verdict);
  return judged.verdict;
}

function beginText({ id, users, peakUsers, ratePerSecond, compression }: CampaignRecord): string {
  const tryOut =
    compression > 1 ? `; a try-out, all times divided by ${formatCount(compression)}` : "";
  return (
    `campaign ${id}: ${formatCount(users.dau)} daily users, ${formatCount(peakUsers)} at once, ` +
    `${formatCount(ratePerSecond)} requests/s at the peak${tryOut}`
  );
}

function demandText({ host }: CommandContext, { users }: CampaignRecord): string {
  const colours = hasColours(host, host.stderr);
  const { steps } = computeDemand(users);
  return renderPlan({ steps, findings: [], colours, columns: host.stderr.columns }).trimEnd();
}

function phaseTitle(
  { host }: CommandContext,
  phase: Phase,
  { number, of }: { number: number; of: number },
): string {
  const title = `Phase ${number} of ${of}: ${phaseText(phase)}`;
  return hasColours(host, host.stderr) ? `\n\u001b[1m${title}\u001b[0m` : `\n${title}`;
}

function phaseLine(phase: Phase): string {
  return `  ${phaseText(phase)}`;
}

function phaseText({ name, users, durationMs }: Phase): string {
  return `${name}, ${formatCount(users)} users, ${formatGoDuration(durationMs)}`;
}

/** `lakh validate`: the campaign from a smoke test to the soak, each phase gated on the one before. */
import type { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import { exitCodes, LakhError } from "../../base/errors.ts";
import { hasColours } from "../../base/host.ts";
import { formatCount, formatGoDuration } from "../../base/units.ts";
import { computeDemand, guidePhases, type Phase } from "../../plan/index.ts";
import { type CampaignRecord, readCampaign } from "../../record/index.ts";
import { renderPlan } from "../../report/index.ts";
import { type CampaignRequest, runCampaign } from "../../run/index.ts";
import { campaignJson, judgeFromRecords, printCampaign } from "../campaign-view.ts";
import type { CommandContext } from "../context.ts";
import { addDemandFlags, type DemandFlags, toDemandInput } from "../demand-flags.ts";
import { addJudgedRunFlags, type JudgedRunFlags, toJudgedRun } from "../judged-runs.ts";
import { openLog } from "../open-log.ts";
import { carryOut, type Presentation } from "../perform-run.ts";
import { logRunError } from "../run-errors.ts";
import { collect, factorAbove1, wholeNumber } from "../run-flags.ts";

interface ValidateFlags extends JudgedRunFlags, DemandFlags {
  readonly dau: number;
  readonly phase?: string[];
  readonly resume?: string | true;
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
    .argument("<script>", 'path of the script, or "-" for standard input');
  const k6Arguments = addJudgedRunFlags(command);
  command
    .optionsGroup("The campaign:")
    .requiredOption("--dau <n>", "daily active users to be proved", wholeNumber)
    .option("--phase <name>", "run this phase only; repeat for more", collect)
    .option("--resume [campaign]", "go on with a campaign: its id, or the latest")
    .option("--compress <factor>", "divide all times, for a try-out", factorAbove1, 1)
    .option("--json", "the report as JSON")
    .optionsGroup("The daily users:");
  addDemandFlags(command);
  command.addHelpText("after", help).action(async (script: string, flags: ValidateFlags) => {
    const log = openLog(context, flags);
    if (log === undefined) return;
    const isSilent = flags.json === true;
    const quiet = flags.quiet === true || isSilent;
    const presentation = { quiet, log, isSilent, hidesPlan: true };
    try {
      await validate(context, { script, flags, k6Arguments }, presentation);
    } catch (error) {
      if (!(error instanceof LakhError)) throw error;
      logRunError(log.logger, error, script);
      context.exitCode = error.exitCode;
    } finally {
      await log.close();
    }
  });
}

async function validate(
  context: CommandContext,
  use: { script: string; flags: ValidateFlags; k6Arguments: readonly string[] },
  presentation: Presentation,
): Promise<void> {
  const { flags, script } = use;
  const { host } = context;
  const run = await toJudgedRun(context, script, use);
  const say = (text: string): void => host.stderr.write(flags.quiet ? "" : `${text}\n`);
  const request: CampaignRequest = {
    run,
    users: toDemandInput(flags.dau, flags),
    phases: guidePhases,
    only: flags.phase,
    compression: flags.compress,
    resume: flags.resume === true ? "latest" : flags.resume,
  };
  let id: string | undefined;
  const show = (campaign: CampaignRecord): Promise<void> =>
    showEnd(context, campaign, { flags, runsDir: run.runsDir });
  try {
    const campaign = await runCampaign(request, {
      clock: systemClock,
      execute: (each) => carryOut(context, each, presentation),
      onBegin: (begun) => {
        id = begun.id;
        say(`${beginText(begun)}\n\n${demandText(context, begun)}`);
      },
      onSkip: ({ name }) => say(`phase ${name} has passed before`),
      onPhase: (phase, place) => say(phaseTitle(context, phase, place)),
    });
    await show(campaign);
  } catch (error) {
    // One phase could not begin: what the others found is not lost for it.
    if (id !== undefined) await show(await readCampaign(id, run.runsDir));
    throw error;
  }
}

async function showEnd(
  context: CommandContext,
  campaign: CampaignRecord,
  { flags, runsDir }: { flags: ValidateFlags; runsDir: string },
): Promise<void> {
  const judged = await judgeFromRecords(campaign, runsDir);
  if (flags.json === true) context.host.stdout.write(campaignJson(judged));
  else printCampaign(context, judged);
  const { exitCodeFor } = await import("../../judge/index.ts");
  const wasInterrupted = campaign.phases.some(
    ({ attempts }) => attempts.at(-1)?.state === "interrupted",
  );
  context.exitCode = wasInterrupted ? exitCodes.externalAbort : exitCodeFor(judged.verdict);
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

/** `lakh report`: the report and the verdict of a run, a campaign or a search, computed anew from records and nothing else. */
import type { Command } from "commander";
import { exitCodes } from "../../base/errors.ts";
import { hasColours } from "../../base/host.ts";
import { isCampaign, isLimit, readCampaign, readLimit, readRecord } from "../../record/index.ts";
import { renderLimit, renderReport } from "../../report/index.ts";
import { campaignJson, judgeFromRecords, printCampaign } from "../campaign-view.ts";
import type { CommandContext } from "../context.ts";
import { absolute } from "../perform-run.ts";

interface ReportFlags {
  readonly runsDir: string;
  readonly json?: boolean;
}

export function addReportCommand(program: Command, context: CommandContext): void {
  program
    .command("report")
    .description("the report and the verdict of a run, a campaign or a search, from its records")
    .argument(
      "[run]",
      'the id of a run, a campaign or a search, a folder, a record file, or "latest"',
      "latest",
    )
    .option("--runs-dir <folder>", "where run records are", "lakh-runs")
    .option("--json", "the verdict as JSON")
    .addHelpText(
      "after",
      "\nExit codes: with a verdict 0 PASS, 99 FAIL, 3 INCONCLUSIVE, 4 INVALID; without one, that of the run.",
    )
    .action(async (run: string, flags: ReportFlags) => printReport(context, run, flags));
}

async function printReport(
  context: CommandContext,
  run: string,
  flags: ReportFlags,
): Promise<void> {
  const { host } = context;
  const { exitCodeFor, judge } = await import("../../judge/index.ts");
  const runsDir = absolute(context, flags.runsDir);
  if (isCampaign(run, runsDir)) {
    const judged = await judgeFromRecords(await readCampaign(run, runsDir), runsDir);
    if (flags.json === true) host.stdout.write(campaignJson(judged));
    else printCampaign(context, judged);
    context.exitCode = exitCodeFor(judged.verdict);
    return;
  }
  const layout = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
  if (isLimit(run, runsDir)) {
    const limit = await readLimit(run, runsDir);
    const text = flags.json === true ? JSON.stringify(limit, null, 2) : renderLimit(limit, layout);
    host.stdout.write(`${text.trimEnd()}\n`);
    context.exitCode = limit.partial ? exitCodes.externalAbort : exitCodeFor(limit);
    return;
  }
  const record = await readRecord(run, runsDir);
  const verdict = record.objectives === null ? undefined : judge(record);
  const text = flags.json
    ? JSON.stringify(verdict ?? null, null, 2)
    : renderReport(record, verdict, layout);
  host.stdout.write(`${text.trimEnd()}\n`);
  context.exitCode = verdict === undefined ? record.outcome.exitCode : exitCodeFor(verdict);
}

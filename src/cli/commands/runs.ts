/** `lakh runs`: what has been run, judged anew: runs, campaigns, searches, newest first. */
import type { Command } from "commander";
import { hasColours } from "../../base/host.ts";
import { type ListedRecord, listRecords } from "../../record/index.ts";
import { renderRuns, runOutcome, type RunsRow, searchOutcome } from "../../report/index.ts";
import { judgeFromRecords } from "../campaign-view.ts";
import type { CommandContext } from "../context.ts";
import { absolute } from "../perform-run.ts";
import { outcomeOfCampaign } from "../reported.ts";
import { wholeNumber } from "../run-flags.ts";

interface RunsFlags {
  readonly runsDir: string;
  readonly last: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function addRunsCommand(program: Command, context: CommandContext): void {
  program
    .command("runs")
    .description("list runs, campaigns and searches with their verdicts, newest first")
    .option("--runs-dir <folder>", "where run records are", "lakh-runs")
    .option("-n, --last <n>", "how many", wholeNumber, 20)
    .option("--all", "the runs of campaigns and searches, too")
    .option("--json", "as JSON")
    .action((flags: RunsFlags) => printRuns(context, flags));
}

async function printRuns(context: CommandContext, flags: RunsFlags): Promise<void> {
  const { host } = context;
  const runsDir = absolute(context, flags.runsDir);
  const isShown = (each: ListedRecord): boolean =>
    flags.all === true || each.kind !== "run" || each.partOf === null;
  const listed = (await listRecords(runsDir)).filter(isShown).slice(-flags.last).reverse();
  const rows: RunsRow[] = [];
  for (const each of listed) rows.push(await rowOf(each, runsDir));
  const style = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
  const text = flags.json === true ? JSON.stringify(rows, null, 2) : renderRuns(rows, style);
  host.stdout.write(`${text.trimEnd()}\n`);
}

async function rowOf(each: ListedRecord, runsDir: string): Promise<RunsRow> {
  const { judge } = await import("../../judge/index.ts");
  const { id, kind } = each;
  if (kind === "unfinished") return { id, kind, sentence: "still going on, or killed" };
  if (kind === "damaged") return { id, kind, sentence: each.reason };
  const outcome =
    kind === "run"
      ? runOutcome(each.record, each.record.objectives === null ? undefined : judge(each.record))
      : kind === "campaign"
        ? outcomeOfCampaign(await judgeFromRecords(each.record, runsDir))
        : searchOutcome(each.record);
  const { startedAt, durationMs, verdict, failure, facts } = outcome;
  const figures = facts.map(([name, text]) => `${name} ${text}`).join(", ");
  return {
    id,
    kind,
    startedAt,
    durationMs,
    verdict: verdict?.verdict ?? null,
    sentence: verdict?.sentence ?? failure ?? figures,
  };
}

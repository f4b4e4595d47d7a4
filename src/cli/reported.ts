/** What `lakh report` shows: a run, a campaign or a search, judged anew from records, in any of its forms. */
import { exitCodes } from "../base/errors.ts";
import { join } from "node:path";
import {
  isCampaign,
  isLimit,
  locateRecord,
  readCampaign,
  readLimit,
  readRecord,
} from "../record/index.ts";
import {
  campaignOutcome,
  type Outcome,
  renderCampaign,
  renderCampaignHtml,
  renderJUnit,
  renderLimit,
  renderMarkdown,
  renderReport,
  renderRunHtml,
  renderSearchHtml,
  runOutcome,
  searchOutcome,
  type TextStyle,
} from "../report/index.ts";
import {
  campaignJson,
  type JudgedCampaign,
  judgeFromRecords,
  toCampaignHtmlInput,
  toCampaignView,
} from "./campaign-view.ts";
import { verdictJson } from "./verdict-json.ts";

export const reportFormats = ["text", "html", "json", "verdict", "junit", "md"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface Reported {
  /** Ends with a line break. */
  render(format: Exclude<ReportFormat, "html">, style: TextStyle): string;
  /** One self-contained file. */
  html(): Promise<string>;
  /** Of the record. */
  readonly folder: string;
  readonly exitCode: number;
}

/**
 * Reads and judges.
 * @param name id of a run, a campaign or a search, a folder, a record file, or "latest"
 * @throws LakhError RECORD_…, CAMPAIGN_…
 */
export async function readReported(name: string, runsDir: string): Promise<Reported> {
  if (isCampaign(name, runsDir)) return reportedCampaign(name, runsDir);
  return isLimit(name, runsDir) ? reportedSearch(name, runsDir) : reportedRun(name, runsDir);
}

async function reportedRun(name: string, runsDir: string): Promise<Reported> {
  const { exitCodeFor, judge } = await import("../judge/index.ts");
  const record = await readRecord(name, runsDir);
  const verdict = record.objectives === null ? undefined : judge(record);
  const exitCode = verdict === undefined ? record.outcome.exitCode : exitCodeFor(verdict);
  return {
    exitCode,
    folder: await locateRecord(name, runsDir),
    html: () => renderRunHtml(record),
    render: rendering(exitCode, {
      text: (style) => renderReport(record, verdict, style),
      json: () => JSON.stringify(verdict ?? null, null, 2),
      outcome: () => runOutcome(record, verdict),
      endpoints: record.endpoints,
    }),
  };
}

async function reportedCampaign(name: string, runsDir: string): Promise<Reported> {
  const { exitCodeFor } = await import("../judge/index.ts");
  const judged = await judgeFromRecords(await readCampaign(name, runsDir), runsDir);
  const exitCode = exitCodeFor(judged.verdict);
  return {
    exitCode,
    folder: join(runsDir, name),
    html: async () => renderCampaignHtml(await toCampaignHtmlInput(judged, runsDir)),
    render: rendering(exitCode, {
      text: (style) => `\n${renderCampaign(toCampaignView(judged), style)}`,
      json: () => campaignJson(judged),
      outcome: () => outcomeOfCampaign(judged),
    }),
  };
}

async function reportedSearch(name: string, runsDir: string): Promise<Reported> {
  const { exitCodeFor } = await import("../judge/index.ts");
  const limit = await readLimit(name, runsDir);
  const exitCode = limit.partial ? exitCodes.externalAbort : exitCodeFor(limit);
  return {
    exitCode,
    folder: join(runsDir, name),
    html: () => renderSearchHtml(limit),
    render: rendering(exitCode, {
      text: (style) => renderLimit(limit, style),
      json: () => JSON.stringify(limit, null, 2),
      outcome: () => searchOutcome(limit),
    }),
  };
}

/** What CI is told of a campaign. */
export function outcomeOfCampaign(judged: JudgedCampaign): Outcome {
  const { campaign, phases } = judged;
  const durationMs = phases.reduce((sum, phase) => sum + phase.durationMs, 0);
  return campaignOutcome(toCampaignView(judged), { startedAt: campaign.startedAt, durationMs });
}

interface Forms {
  readonly text: (style: TextStyle) => string;
  readonly json: () => string;
  readonly outcome: () => Outcome;
  readonly endpoints?: Parameters<typeof renderMarkdown>[1];
}

function rendering(
  exitCode: number,
  { text, json, outcome, endpoints }: Forms,
): Reported["render"] {
  return (format, style) => {
    const form: Readonly<Record<typeof format, () => string>> = {
      text: () => text(style),
      json,
      verdict: () => verdictJson(outcome(), exitCode),
      junit: () => renderJUnit(outcome()),
      md: () => renderMarkdown(outcome(), endpoints),
    };
    return `${form[format]().trimEnd()}\n`;
  };
}

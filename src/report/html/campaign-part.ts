/** What a page shows of a campaign: its verdict, its phases, and each phase's run. */
import { formatGoDuration } from "../../base/units.ts";
import type { CampaignReportData, PhaseRow } from "../../page/index.ts";
import type { RunRecord } from "../../record/index.ts";
import type { CampaignPhaseView, CampaignView } from "../campaign.ts";
import { formatWhole } from "../../base/numbers.ts";
import { quote } from "./again.ts";
import { facts, momentOf } from "./facts.ts";
import { runPart, verdictTones, withoutWord } from "./run-part.ts";

/** A campaign as it is shown, with the records of its phases. */
export interface CampaignHtmlInput {
  readonly view: CampaignView;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly dau: number;
  readonly script: string;
  readonly lakhVersion: string;
  /** By the ids of runs. */
  readonly records: ReadonlyMap<string, RunRecord>;
}

/** Five phases on a page, each with its charts. */
const mostPoints = 400;

export function campaignPart(input: CampaignHtmlInput): CampaignReportData {
  const { view, startedAt, dau, script, lakhVersion, records } = input;
  const { id, verdict, phases, compression } = view;
  const { verdict: word, sentence, reasons } = verdict;
  return {
    kind: "campaign",
    title: `Campaign ${id}`,
    lakhVersion,
    banner: {
      word,
      tone: verdictTones[word],
      sentence: withoutWord(word, sentence),
      reasons,
      next: nextSteps(view),
    },
    facts: facts({
      "daily users": formatWhole(dau),
      script,
      started: momentOf(startedAt),
      "a try-out": compression > 1 ? `all times divided by ${formatWhole(compression)}` : undefined,
    }),
    phases: phases.map((phase) => toPhase(phase, records)),
    again: {
      command: `lakh validate --dau ${dau} ${quote(script)}`,
      note: "With the flags and environment variables of the first time, which each phase's run shows. lakh validate --resume goes on where a campaign has stopped.",
    },
  };
}

function toPhase(
  { name, users, durationMs, run, status, verdict }: CampaignPhaseView,
  records: CampaignHtmlInput["records"],
): PhaseRow {
  const record = run === null ? undefined : records.get(run);
  return {
    name,
    users,
    duration: formatGoDuration(durationMs),
    status,
    tone:
      verdict !== undefined && verdict.verdict === status
        ? verdictTones[verdict.verdict]
        : "neutral",
    sentence: verdict === undefined ? "" : withoutWord(verdict.verdict, verdict.sentence),
    run: record === undefined ? undefined : runPart(record, mostPoints),
  };
}

function nextSteps({ verdict, phases, compression }: CampaignView): string[] {
  if (compression > 1)
    return [
      "This was a try-out: it shows that the campaign works. Run it in earnest, without --compress.",
    ];
  if (verdict.verdict === "PASS")
    return [
      "See how much room there is: lakh limit finds the largest load that the target holds.",
      "Keep the records: they are what the next release is compared with.",
    ];
  const open = phases.find(({ status }) => status !== "PASS");
  return open === undefined
    ? []
    : [
        `Look at phase ${open.name} first: the phases after it rest on it.`,
        "Then go on where it stopped: lakh validate --resume.",
      ];
}

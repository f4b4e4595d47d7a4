/** A campaign as people and programs see it: its state, and the judged record of each phase. */
import { hasColours } from "../base/host.ts";
import type { CampaignVerdict, Verdict } from "../judge/index.ts";
import {
  type AttemptRecord,
  type CampaignRecord,
  type PhaseRecord,
  readRecord,
  type RunRecord,
} from "../record/index.ts";
import {
  type CampaignHtmlInput,
  type CampaignPhaseView,
  type CampaignView,
  renderCampaign,
} from "../report/index.ts";
import type { CampaignDocument } from "./campaign-document.ts";
import type { CommandContext } from "./context.ts";

/** A campaign, judged. */
export interface JudgedCampaign {
  readonly campaign: CampaignRecord;
  readonly verdict: CampaignVerdict;
  readonly phases: readonly (CampaignPhaseView & { readonly verdict: Verdict | undefined })[];
}

/**
 * Judges a campaign and every run of it anew, from their records.
 * @throws LakhError when the record of one of its runs is gone or damaged
 */
export async function judgeFromRecords(
  campaign: CampaignRecord,
  runsDir: string,
): Promise<JudgedCampaign> {
  const { judge, judgeCampaign } = await import("../judge/index.ts");
  const phases: JudgedCampaign["phases"][number][] = [];
  const judged: PhaseRecord[] = [];
  for (const { phase, attempts } of campaign.phases) {
    const last = attempts.at(-1);
    const run = last?.run ?? null;
    const verdict = run === null ? undefined : judge(await readRecord(run, runsDir));
    const { name, users, durationMs } = phase;
    phases.push({ name, users, durationMs, run, status: statusOf(last, verdict), verdict });
    judged.push({ phase, attempts: withVerdict(attempts, verdict) });
  }
  return { campaign, phases, verdict: judgeCampaign({ ...campaign, phases: judged }) };
}

/** As the renderers want it. */
export function toCampaignView({ campaign, phases, verdict }: JudgedCampaign): CampaignView {
  const { id, compression } = campaign;
  return { id, compression, phases, verdict };
}

/** With the records of its runs, for the HTML report. */
export async function toCampaignHtmlInput(
  judged: JudgedCampaign,
  runsDir: string,
): Promise<CampaignHtmlInput> {
  const { startedAt, users, script, lakhVersion } = judged.campaign;
  const records = new Map<string, RunRecord>();
  for (const { run } of judged.phases)
    if (run !== null) records.set(run, await readRecord(run, runsDir));
  return {
    view: toCampaignView(judged),
    startedAt,
    dau: users.dau,
    script: script.path,
    lakhVersion,
    records,
  };
}

/** The report on standard output. */
export function printCampaign({ host }: CommandContext, judged: JudgedCampaign): void {
  const layout = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
  host.stdout.write(`\n${renderCampaign(toCampaignView(judged), layout)}`);
}

/** The same for programs. */
export function campaignJson({ campaign, phases, verdict }: JudgedCampaign): string {
  const { id, startedAt, users, peakUsers, ratePerSecond, compression } = campaign;
  const value: CampaignDocument = {
    ...verdict,
    campaign: id,
    startedAt,
    dau: users.dau,
    peakUsers,
    requestsPerSecond: ratePerSecond,
    compression,
    phases: phases.map(({ verdict: phaseVerdict, ...phase }, index) => ({
      ...phase,
      attempts: campaign.phases[index]!.attempts.length,
      verdict: phaseVerdict?.verdict ?? null,
      sentence: phaseVerdict?.sentence ?? null,
      reasons: phaseVerdict?.reasons ?? [],
      scorecard: phaseVerdict?.scorecard ?? [],
      generator: phaseVerdict?.generator ?? null,
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The verdict that the record gives now; what the campaign's file says of it is of the time of the run. */
function withVerdict(
  attempts: readonly AttemptRecord[],
  verdict: Verdict | undefined,
): readonly AttemptRecord[] {
  const last = attempts.at(-1);
  if (last === undefined || verdict === undefined) return attempts;
  const { verdict: word, sentence } = verdict;
  return [...attempts.slice(0, -1), { ...last, verdict: word, sentence }];
}

function statusOf(last: AttemptRecord | undefined, verdict: Verdict | undefined): string {
  if (last === undefined) return "not run";
  if (last.state === "judged") return verdict?.verdict ?? "no verdict";
  return { running: "not ended", interrupted: "interrupted", broken: "did not begin" }[last.state];
}

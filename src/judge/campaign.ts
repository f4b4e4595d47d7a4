/**
 * The verdict of a campaign, from what came of its phases, by a table whose first matching line wins:
 *
 *     a phase FAIL                                         FAIL
 *     a phase INVALID                                      INVALID
 *     a phase without a PASS, or not run                   INCONCLUSIVE
 *     no phase had the users of the peak                   INCONCLUSIVE
 *     a try-out: the times were divided                    INCONCLUSIVE
 *     every phase PASS                                     PASS
 *
 * The last attempt at a phase counts. A try-out never passes: an hour of soak in a minute shows that the campaign works,
 * not that the target does.
 */
import { formatCount, formatGoDuration } from "../base/units.ts";
import type { AttemptRecord, CampaignRecord, PhaseRecord, VerdictWord } from "../record/index.ts";
import { formatList, formatRate } from "./wording.ts";

/** What follows from a campaign. */
export interface CampaignVerdict {
  readonly verdict: VerdictWord;
  /** One sentence for people, beginning with the verdict. */
  readonly sentence: string;
  /** A line a phase that ran: what came of it. */
  readonly reasons: readonly string[];
}

/** Judges a campaign from its record alone, complete or not. */
export function judgeCampaign(campaign: CampaignRecord): CampaignVerdict {
  const [verdict, sentence] = decide(campaign);
  return {
    verdict,
    sentence: `${verdict}: ${sentence}${tryOutNote(campaign)}`,
    reasons: campaign.phases.flatMap(({ phase, attempts }) => {
      const last = attempts.at(-1);
      return last === undefined ? [] : [`${phase.name}: ${attemptText(last)}`];
    }),
  };
}

/** Whether the next phase may begin after this one. A try-out goes on where there was only too little evidence. */
export function opensGate({ attempts }: PhaseRecord, compression: number): boolean {
  const verdict = attempts.at(-1)?.verdict ?? null;
  return verdict === "PASS" || (compression > 1 && verdict === "INCONCLUSIVE");
}

function decide(campaign: CampaignRecord): readonly [VerdictWord, string] {
  const { phases, peakUsers, compression } = campaign;
  const ended = (verdict: VerdictWord): string[] =>
    phases
      .filter(({ attempts }) => attempts.at(-1)?.verdict === verdict)
      .map(({ phase }) => phase.name);
  const failed = ended("FAIL");
  if (failed.length > 0) return ["FAIL", failureText(campaign, failed)];
  const invalid = ended("INVALID");
  if (invalid.length > 0)
    return ["INVALID", `${named(invalid)} cannot be judged: the generator or the run was at fault`];
  const passed = ended("PASS");
  if (passed.length < phases.length)
    return [
      "INCONCLUSIVE",
      `${formatCount(passed.length)} of ${formatCount(phases.length)} phases passed; ${openText(phases)}`,
    ];
  const most = Math.max(0, ...phases.map(({ phase }) => phase.users));
  if (most < Math.round(peakUsers))
    return [
      "INCONCLUSIVE",
      `every phase passed, but none had the ${formatCount(peakUsers)} users that are there at the peak: the largest had ${formatCount(most)}`,
    ];
  if (compression > 1)
    return ["INCONCLUSIVE", "every phase passed, each for a part of its time only"];
  return ["PASS", `${claim(campaign, "holds")}: ${passText(phases)}`];
}

/** A phase with more users than the peak says nothing of the daily users when it fails. */
function failureText(campaign: CampaignRecord, failed: readonly string[]): string {
  const { phases, peakUsers, users } = campaign;
  const isWithinPeak = phases.some(
    ({ phase }) => failed.includes(phase.name) && phase.users <= Math.round(peakUsers),
  );
  return isWithinPeak
    ? `${claim(campaign, "does not hold")}: ${named(failed)} failed`
    : `${named(failed)} failed, with more users than the ${formatCount(peakUsers)} at the peak of ${formatCount(users.dau)} daily users`;
}

function claim({ users, peakUsers, ratePerSecond }: CampaignRecord, verb: string): string {
  return `the target ${verb} ${formatCount(users.dau)} daily users (${formatCount(peakUsers)} at once, ${formatRate(ratePerSecond)} requests/s)`;
}

function passText(phases: readonly PhaseRecord[]): string {
  const parts = phases.map(
    ({ phase: { name, users, durationMs } }) =>
      `${name} (${formatCount(users)} users, ${formatGoDuration(durationMs)})`,
  );
  return `${formatList(parts)} passed`;
}

/** Which phases have no PASS, and why each has none. */
function openText(phases: readonly PhaseRecord[]): string {
  const open = phases.filter(({ attempts }) => attempts.at(-1)?.verdict !== "PASS");
  const tried = open.flatMap(({ phase, attempts }) => {
    const last = attempts.at(-1);
    return last === undefined ? [] : [`${phase.name} ${stateText(last)}`];
  });
  const waiting = open
    .filter(({ attempts }) => attempts.length === 0)
    .map(({ phase }) => phase.name);
  const notRun = waiting.length === 0 ? [] : [`${formatList(waiting)} not run`];
  return [...tried, ...notRun].join("; ");
}

function stateText({ state, verdict }: AttemptRecord): string {
  switch (state) {
    case "running":
      return "has not ended: it is still going on, or was killed";
    case "interrupted":
      return "was interrupted";
    case "broken":
      return "could not begin";
    case "judged":
      return `ended ${verdict ?? "without a verdict"}`;
  }
}

function attemptText(attempt: AttemptRecord): string {
  return attempt.sentence ?? stateText(attempt);
}

function named(names: readonly string[]): string {
  return `${names.length > 1 ? "phases" : "phase"} ${formatList(names)}`;
}

function tryOutNote({ compression }: CampaignRecord): string {
  return compression > 1 ? ` (a try-out: all times divided by ${formatCount(compression)})` : "";
}

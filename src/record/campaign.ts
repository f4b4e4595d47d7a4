/**
 * CampaignRecord v1: a validation in phases, which may take days: what was planned, and what came of each attempt at a
 * phase. It is written before and after every attempt, so that a crash loses one attempt at most; the figures of an
 * attempt are in the record of its run.
 */
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DemandInput, Journey, Phase } from "../plan/index.ts";
import { guardWriting, replaceFile, toJsonLine } from "./durable.ts";

export type VerdictWord = "PASS" | "FAIL" | "INCONCLUSIVE" | "INVALID";

/** One attempt at a phase. */
export interface AttemptRecord {
  /** ISO 8601. */
  readonly startedAt: string;
  /**
   * "running" until it has come to an end, so after a crash, too; "interrupted" by Ctrl-C; "broken" when the run could
   * not begin; else "judged".
   */
  readonly state: "running" | "judged" | "interrupted" | "broken";
  /** Id of the run; null without a record. */
  readonly run: string | null;
  /** The run's verdict when it has one. */
  readonly verdict: VerdictWord | null;
  /** The verdict's sentence, or why the run could not begin; null while it goes on. */
  readonly sentence: string | null;
}

export interface PhaseRecord {
  readonly phase: Phase;
  /** In the order of time; the last one counts. */
  readonly attempts: readonly AttemptRecord[];
}

export interface CampaignRecord {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly lakhVersion: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** `sha256` is that of the script's own text; null when it is not a file. */
  readonly script: { readonly path: string; readonly sha256: string | null };
  /** The daily users that are to be proved, and what is known of them. */
  readonly users: DemandInput;
  /** What they do; empty: the script's default function. */
  readonly journeys: readonly Journey[];
  /** Those of the busiest moment, and their requests/s. */
  readonly peakUsers: number;
  readonly ratePerSecond: number;
  /** Times of the phases were divided by this: 1 in earnest, more in a try-out. */
  readonly compression: number;
  readonly phases: readonly PhaseRecord[];
}

/** Name of the state's file in its folder. */
export const campaignFileName = "campaign.json";

/** Writes the state of a campaign, in the place of the state before. @throws LakhError RECORD_WRITE */
export function writeCampaign(runsDir: string, campaign: CampaignRecord): void {
  const folder = join(runsDir, campaign.id);
  guardWriting(folder, () => {
    mkdirSync(folder, { recursive: true });
    replaceFile(join(folder, campaignFileName), toJsonLine(campaign));
  });
}

/** True when `name` is a campaign of `runsDir`, not a run. */
export function isCampaign(name: string, runsDir: string): boolean {
  return campaignIds(runsDir).includes(name);
}

/** The campaigns of a folder, oldest first. */
export function campaignIds(runsDir: string): string[] {
  if (!existsSync(runsDir) || !statSync(runsDir).isDirectory()) return [];
  return readdirSync(runsDir)
    .sort()
    .filter((id) => existsSync(join(runsDir, id, campaignFileName)));
}

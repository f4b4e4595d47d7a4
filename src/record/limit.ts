/**
 * LimitRecord v1: a search for the largest rate that meets the objectives: its trials, each with the run whose record
 * has its figures, and what follows from them. It is written after every trial, so that a crash loses one at most.
 */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { VerdictWord } from "./campaign.ts";
import { guardWriting, replaceFile, toJsonLine } from "./durable.ts";
import type { ObjectivesRecord } from "./schema.ts";

/** One trial. */
export interface LimitTrialRecord {
  /** Id of the run. */
  readonly run: string;
  readonly purpose: "ramp" | "narrow" | "confirm-below" | "confirm-above" | "recovery";
  /** Requests/s that were to be sent, that ended in the steady state, and those of them that did not fail. */
  readonly ratePerSecond: number;
  readonly achievedPerSecond: number;
  readonly goodPerSecond: number;
  readonly warmUpMs: number;
  readonly steadyMs: number;
  readonly verdict: VerdictWord;
  readonly sentence: string;
  /** What the trial says of its rate: proven ("holds", "fails"), by its counts only, or nothing ("invalid"). */
  readonly side: "holds" | "looks-good" | "looks-bad" | "fails" | "invalid";
  readonly hasCollapsed: boolean;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Share of the requests that failed; null without any. */
  readonly errorShare: number | null;
}

/** Whether the target came back after the load, and when. */
export interface RecoveryRecord {
  readonly recovered: boolean;
  /** From the end of the last trial that it did not bear to the first look at which it was well; null when it never was. */
  readonly afterMs: number | null;
}

export interface LimitRecord {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly lakhVersion: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly script: string;
  readonly verdict: VerdictWord;
  /** The answer in a sentence. */
  readonly sentence: string;
  /** Null when no rate was found that looks good. */
  readonly sustainable: {
    readonly requestsPerSecond: number;
    /** The interval's ends; `high` is null when nothing above was found not to hold. */
    readonly low: number;
    readonly high: number | null;
    /** Daily users for the three rates. */
    readonly dau: number;
    readonly lowDau: number;
    readonly highDau: number | null;
    /** False: no trial proved that `low` holds. */
    readonly isProven: boolean;
  } | null;
  /** Daily users that were asked about, and their rate; null without. */
  readonly needed: { readonly dau: number; readonly requestsPerSecond: number } | null;
  /** The objective that gives first. */
  readonly limitedBy: { readonly id: string; readonly label: string } | null;
  /** Why the search ended. */
  readonly end:
    | "found"
    | "max-rate-holds"
    | "generator-limit"
    | "start-rate-too-high"
    | "not-recovered"
    | "invalid-trials"
    | "trials-used-up"
    | "time-used-up"
    | "interrupted";
  /** True when it was ended from outside: what was found so far. */
  readonly partial: boolean;
  /** Requests/s at which throughput falls behind, and at which latency bends; null where it does not. */
  readonly knee: { readonly throughput: number | null; readonly latency: number | null };
  /** The Universal Scalability Law; null when the trials do not support a fit, `uslReason` says why. */
  readonly usl: {
    readonly ratePerSecond: number;
    readonly contention: number;
    readonly coherence: number;
    readonly residual: number;
    readonly points: number;
    readonly largestInFlight: number;
    readonly peak: { readonly inFlight: number; readonly requestsPerSecond: number } | null;
  } | null;
  readonly uslReason: string | null;
  readonly trials: readonly LimitTrialRecord[];
  /** Null when no trial was more than the target bore, or nobody looked. */
  readonly recovery: RecoveryRecord | null;
  /** How iterations are spaced: evenly, which queues less than random arrivals do. */
  readonly arrivals: "even";
  /** One-sided, of each bound. */
  readonly confidence: number;
  readonly maxTrials: number;
  readonly objectives: Pick<ObjectivesRecord, "latency" | "errorShare" | "cpuShare">;
}

/** Name of the search's file in its folder. */
export const limitFileName = "limit.json";

/** Writes a search into its folder, in the place of its state before. @throws LakhError RECORD_WRITE */
export function writeLimit(runsDir: string, limit: LimitRecord): string {
  const folder = join(runsDir, limit.id);
  guardWriting(folder, () => {
    mkdirSync(folder, { recursive: true });
    replaceFile(join(folder, limitFileName), toJsonLine(limit));
  });
  return folder;
}

/** True when `name` is a search of `runsDir`, not a run. */
export function isLimit(name: string, runsDir: string): boolean {
  return existsSync(join(runsDir, name, limitFileName));
}

/** What `lakh doctor` says of one thing: a figure, whether it will do, and what to do about it. */

/** `note`: nothing to judge by here, or something that only few runs need. */
export type FindingStatus = "ok" | "note" | "warning" | "fix";

export interface Finding {
  /** Stable, for programs: "open-files", "target-latency". */
  readonly id: string;
  readonly status: FindingStatus;
  /** What was looked at, in a few words. */
  readonly subject: string;
  /** What was found, with its figures. */
  readonly found: string;
  /** What to do; null when there is nothing to do. */
  readonly advice: string | null;
}

/** The load that limits are judged against. */
export interface PlannedLoad {
  readonly vus: number;
  readonly requestsPerSecond: number;
  /** Where it comes from, in words: "--vus 50", "100,000 daily users". */
  readonly source: string;
}

/** A finding; without advice there is nothing to do. */
export function finding(
  status: FindingStatus,
  [id, subject]: readonly [id: string, subject: string],
  [found, advice]: readonly [found: string, advice?: string],
): Finding {
  return { id, status, subject, found, advice: advice ?? null };
}

/**
 * Runs a side that would tell, with a power of 80 % at a one-sided error of 5 %:
 *
 *     n = 2 ((z_0.95 + z_0.80) s / d)² = 12.4 (s / d)²
 *
 * s being how much runs of one side differ, d how far the shift is from what is allowed.
 */
import type { CompareSettings } from "./comparison.ts";
import type { Evidence, Subject } from "./evidence.ts";
import { labellings } from "./ranks.ts";

const factor = 12.4;
const most = 1_000;

/** Null where nothing is known of how runs differ. */
export function probableRuns(
  { base, fresh, measure }: Subject,
  { spread, shift }: Evidence,
  { limit, settings }: { readonly limit: number; readonly settings: CompareSettings },
): number | null {
  const now = Math.max(base.length, fresh.length);
  if (measure.kind === "share") return runsForShare(shift.high, { shift, limit, now, settings });
  if (spread === null) return null;
  const distance = Math.max(1e-6, Math.abs(shift.estimate - limit));
  const needed = Math.ceil(factor * (spread / distance) ** 2);
  return Math.min(most, Math.max(leastRuns(settings.confidence), now + 1, needed));
}

/** The reach of an interval of a share shrinks with the root of the requests; where nothing failed, with their number. */
function runsForShare(
  high: number,
  {
    shift,
    limit,
    now,
    settings,
  }: {
    readonly shift: Evidence["shift"];
    readonly limit: number;
    readonly now: number;
    readonly settings: CompareSettings;
  },
): number | null {
  const allowed = Math.max(limit, settings.errorFloorShare);
  const reach = high - shift.estimate;
  const distance = Math.max(1e-9, Math.abs(allowed - shift.estimate));
  const isFaultless = shift.estimate === 0 && -shift.low === high;
  const times = isFaultless ? reach / distance : (reach / distance) ** 2;
  return Number.isFinite(times) ? Math.min(most, Math.max(now + 1, Math.ceil(now * times))) : null;
}

/** Runs a side from which on the exact test can reach the confidence: 3 for 95 %, 5 for 99 %. */
export function leastRuns(confidence: number): number {
  let runs = 2;
  while (1 / labellings(runs, runs) > 1 - confidence + 1e-12 && runs < 20) runs++;
  return runs;
}

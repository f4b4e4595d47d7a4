/**
 * Whose fault is it that iterations were dropped because all VUs were busy? A target that stalls holds the VUs, and then
 * it could not absorb the load. But when its answers kept to every limit, and the VUs there were could not have run the
 * iterations due even at that pace, the scenario has too few of them, and the run says nothing of the target.
 *
 * Little's law: iterations due per second times the mean length of one is the number of VUs that are busy at once. The
 * mean length is that number as it was over the iterations that were started per second.
 */
import { formatCount } from "../base/units.ts";
import type { RunRecord } from "../record/index.ts";
import { allowedSlowShare } from "./share-counts.ts";
import { judgeShare } from "./share-criterion.ts";
import { isNumber, type SteadyView } from "./steady-view.ts";
import { formatMs, formatRate, formatShare } from "./wording.ts";

/** Fewer iterations due than this share were started: what was offered was not what was planned. */
const deliveredLimit = 0.99;

/** From here on a pool is too small: VUs are counted once a second, and a pool of this many would have none to spare. */
const fullShare = 0.9;

/** What to say when the scenario has too few VUs; undefined when it has enough, or the target is what held them. */
export function vuShortage(record: RunRecord, steady: SteadyView): string | undefined {
  const due = steady.iterationsStarted + steady.iterationsDropped;
  if (!(steady.iterationsStarted > 0 && steady.iterationsStarted < deliveredLimit * due))
    return undefined;
  if (!isTargetWithinLimits(record, steady)) return undefined;
  const seconds = steady.coveredMs / 1_000;
  const busyVus = meanBusyVus(steady);
  const pool = Math.max(0, ...steady.intervals.map(({ initializedVus }) => initializedVus));
  const needed = (busyVus * due) / steady.iterationsStarted;
  if (!(needed > fullShare * pool)) return undefined;
  const neededVus = Math.max(pool + 1, Math.ceil(needed));
  const lengthMs = ((busyVus * seconds) / steady.iterationsStarted) * 1_000;
  return `VU pool too small: ${formatShare(steady.iterationsStarted / due)} of the iterations due were started (${formatCount(steady.iterationsDropped)} dropped) because all ${formatCount(pool)} VUs were busy, while the target kept to its limits; ${formatCount(neededVus)} VUs or more would do (Little's law: ${formatRate(due / seconds)} iterations/s of ${formatMs(lengthMs)} each)`;
}

/** Every latency objective holds beyond doubt by k6's latencies, and no more requests failed than may. */
function isTargetWithinLimits({ objectives }: RunRecord, steady: SteadyView): boolean {
  const { latency = [], errorShare = null } = objectives ?? {};
  if (latency.length === 0 || steady.requests === 0) return false;
  if (steady.failedRequests > (errorShare ?? 0) * steady.requests) return false;
  return latency.every(
    ({ share }, index) =>
      steady.intervals.every(({ slowRequests }) => isNumber(slowRequests[index])) &&
      judgeShare(steady, {
        what: "were slower",
        allowedShare: allowedSlowShare(share),
        violationsOf: ({ slowRequests }) => slowRequests[index]!,
      }).status === "PASS",
  );
}

/** Over the time that the intervals cover; VUs are read at the end of each. */
function meanBusyVus({ intervals, coveredMs }: SteadyView): number {
  const busyMs = intervals.reduce(
    (sum, { activeVus, durationMs }) => sum + activeVus * durationMs,
    0,
  );
  return coveredMs > 0 ? busyMs / coveredMs : 0;
}

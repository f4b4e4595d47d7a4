/**
 * The scorecard: each stated objective against what the steady state shows, in the order in which people ask.
 * An objective that was not stated has no row. No row passes on missing data.
 */
import { formatCount } from "../base/units.ts";
import type { ObjectivesRecord, RunRecord } from "../record/index.ts";
import type { CriterionResult, CriterionStatus } from "./criterion.ts";
import { judgeEndpoints } from "./endpoint-criteria.ts";
import { judgeErrors, judgeLatency } from "./share-criterion.ts";
import { isLoadAttempted, isNumber, isOpen, steadyRate, type SteadyView } from "./steady-view.ts";
import { judgeCpu } from "./target-cpu.ts";
import { judgeMemory } from "./target-memory.ts";
import { vuShortage } from "./vu-pool.ts";
import { formatRate } from "./wording.ts";

/** The rows of a record's objectives. */
export function judgeCriteria(record: RunRecord, steady: SteadyView): CriterionResult[] {
  const { objectives } = record;
  if (objectives === null) return [];
  const { peakUsers, requestsPerSecond, latency, errorShare, cpuShare, memoryStable } = objectives;
  return [
    ...(peakUsers === null ? [] : [judgeUsers(record, steady, peakUsers)]),
    ...(requestsPerSecond === null ? [] : [judgeRate(record, steady, requestsPerSecond)]),
    ...latency.map((_, index) => judgeLatency(record, steady, index)),
    ...(errorShare === null ? [] : [judgeErrors(record, steady, errorShare)]),
    ...judgeEndpoints(record, steady),
    ...(cpuShare === null ? [] : [judgeCpu(record, cpuShare)]),
    ...(memoryStable ? [judgeMemory(record)] : []),
  ];
}

/**
 * Users short of the number are load that was not applied: it proves nothing against the target.
 * In an open load a VU is a user who comes back: made, used once at least, and kept. In a closed one it is a user for as
 * long as it runs, so those count that were there in the steady state, not those that came before or after it.
 */
function judgeUsers(record: RunRecord, steady: SteadyView, peakUsers: number): CriterionResult {
  const isClosed = !record.scenarios.some(({ executor }) => isOpen(executor));
  const heldVus = Math.max(
    0,
    ...steady.intervals
      .map(({ initializedVus, activeVus }) =>
        isClosed ? Math.min(initializedVus, activeVus) : initializedVus,
      )
      .filter(isNumber),
  );
  const users = Math.min(record.population.usedVus, heldVus);
  const isReached = isNumber(users) && users >= peakUsers;
  return {
    id: "peak_users",
    label: "peak users",
    required: formatCount(peakUsers),
    measured: isNumber(users) ? formatCount(users) : "no data",
    status: isReached ? "PASS" : "INCONCLUSIVE",
    explanation: isReached
      ? "users that ran the journey, each with its own connection, token and cookies"
      : "fewer users than required ran the journey in the steady state, so this was not a test of that many: run longer, or with more VUs",
  };
}

type RateBand = NonNullable<ObjectivesRecord["requestsPerSecond"]>;

/** The least of the band is met by requests that did not fail; the most of it limits all that were sent. */
function judgeRate(record: RunRecord, steady: SteadyView, band: RateBand): CriterionResult {
  const [status, explanation] = rateFinding(record, steady, band);
  return {
    id: "requests_per_second",
    label: "requests per second",
    required:
      band.max === null
        ? `>= ${formatRate(band.min)}/s`
        : `${formatRate(band.min)}-${formatRate(band.max)}/s`,
    measured: `${formatRate(steadyRate(steady))}/s`,
    status,
    explanation,
  };
}

function rateFinding(
  record: RunRecord,
  steady: SteadyView,
  band: RateBand,
): readonly [CriterionStatus, string] {
  if (steady.requests === 0) {
    return isLoadAttempted(record, steady)
      ? ["FAIL", "load was sent, but no request ended in the steady state"]
      : ["INCONCLUSIVE", "the run has no steady state with requests in it"];
  }
  const sent = steadyRate(steady);
  const good = sent * (1 - steady.failedRequests / steady.requests);
  if (!(good >= band.min)) {
    const shortage = vuShortage(record, steady);
    if (shortage !== undefined) return ["INCONCLUSIVE", shortage];
    return [
      "FAIL",
      good < sent
        ? `${formatRate(good)}/s of them did not fail, which is below the band`
        : "mean over the steady state, below the band",
    ];
  }
  if (band.max !== null && !(sent <= band.max)) {
    return [
      "INCONCLUSIVE",
      "more was sent than planned, so this is not a run at the planned load: lower the rate or plan for more users",
    ];
  }
  return ["PASS", "mean over the steady state"];
}

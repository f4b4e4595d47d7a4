/**
 * A load of several journeys. Weights are shares of the iterations: with weights 9 and 1 nine iterations of ten are the
 * first journey, whatever number of requests each makes. The total request rate is the demand's: with a mean of k requests
 * an iteration, sum(share * k), all journeys together start L / k iterations a second.
 */
import type { PlanStep } from "./demand.ts";
import type { IterationProfile } from "./iteration.ts";
import type { OpenForm, Workload } from "./workload.ts";
import { openFormOf, vusFor } from "./workload.ts";

/** What users do, and how often beside the others. */
export interface Journey {
  readonly name: string;
  /** Export of the script. */
  readonly exec: string;
  readonly weight: number;
}

/** A journey and what its iterations showed. */
export interface JourneyProfile extends Journey, Omit<IterationProfile, "isMeasured"> {}

/** One journey's part of a load. */
export interface JourneyLoad {
  readonly name: string;
  readonly exec: string;
  /** Of all iterations. */
  readonly share: number;
  readonly ratePerSecond: number;
  readonly open: OpenForm;
  readonly openMinimal: OpenForm;
}

/** The mean iteration of all journeys. */
export function meanIteration(
  journeys: readonly JourneyProfile[],
): Omit<IterationProfile, "isMeasured"> {
  const shares = sharesOf(journeys);
  const mean = (of: (journey: JourneyProfile) => number): number =>
    journeys.reduce((sum, journey, index) => sum + shares[index]! * of(journey), 0);
  return {
    requestsPerIteration: mean(({ requestsPerIteration }) => requestsPerIteration),
    iterationDurationMs: mean(({ iterationDurationMs }) => iterationDurationMs),
  };
}

/** Each journey's part of a workload that was computed for their mean iteration. */
export function splitByJourney(
  workload: Pick<Workload, "iterationsPerSecond" | "open">,
  journeys: readonly JourneyProfile[],
): JourneyLoad[] {
  const shares = sharesOf(journeys);
  const users = divide(workload.open.preAllocatedVus, shares);
  return journeys.map(({ name, exec, requestsPerIteration, iterationDurationMs }, index) => {
    const share = shares[index]!;
    const iterationsPerSecond = workload.iterationsPerSecond * share;
    const minimal = vusFor(iterationsPerSecond, iterationDurationMs);
    return {
      name,
      exec,
      share,
      ratePerSecond: iterationsPerSecond * requestsPerIteration,
      open: openFormOf(iterationsPerSecond, users[index]!, users[index]!),
      openMinimal: openFormOf(iterationsPerSecond, minimal, 2 * minimal),
    };
  });
}

/** Lines of the arithmetic: what each journey adds to the peak rate. */
export function journeySteps(loads: readonly JourneyLoad[]): PlanStep[] {
  return loads.map(({ name, share, ratePerSecond }) => ({
    quantity: `journey ${name}`,
    formula: `peak iterations * its share, ${Number(share.toPrecision(3))}, * its requests per iteration`,
    value: ratePerSecond,
    unit: "requests/s",
  }));
}

function sharesOf(journeys: readonly Journey[]): number[] {
  const total = journeys.reduce((sum, { weight }) => sum + weight, 0);
  return journeys.map(({ weight }) => weight / total);
}

/** Whole users by share, none without one; what rounding leaves goes to those who lost most by it. */
function divide(users: number, shares: readonly number[]): number[] {
  const exact = shares.map((share) => share * users);
  const parts = exact.map((value) => Math.max(1, Math.floor(value)));
  const rest = users - parts.reduce((sum, part) => sum + part, 0);
  const byLoss = exact
    .map((value, index) => ({ index, loss: value - parts[index]! }))
    .toSorted((one, other) => other.loss - one.loss);
  for (const { index } of byLoss.slice(0, Math.max(0, rest))) parts[index]!++;
  return parts;
}

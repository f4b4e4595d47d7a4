/**
 * A rate that somebody has stated beside the daily users ("100,000 users, 400-500 requests/s"), against the one that
 * follows from them. The rate is a product, so each factor alone can make up for the difference: what it would have to
 * be is told, for people to choose from. Method: capacity-methods 1.2, 1.3.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Demand } from "./demand.ts";
import { consistencyTolerance, type DemandInput } from "./demand-inputs.ts";
import type { WorkloadFinding } from "./findings.ts";
import { figure, figureRange } from "./wording.ts";

/** Lowest and highest stated requests/s; the same when one figure is stated. */
export type StatedRate = readonly [lowPerSecond: number, highPerSecond: number];

/**
 * Whether the stated rate is the peak that follows from the users, within 10 %.
 * @throws PLAN_DEMAND_INVALID when the range is none
 * @example compareStatedRate(computeDemand({ dau: 100_000, peakToAverage: 1 }), [400, 500]) // a problem: 278 follow
 */
export function compareStatedRate(demand: Demand, stated: StatedRate): WorkloadFinding {
  checkRange(stated);
  const [low, high] = stated;
  const { ratePerSecond, meanRatePerSecond } = demand;
  const facts =
    `${figureRange(stated)} requests/s are stated; ${figure(meanRatePerSecond)} follow from the users as the mean of ` +
    `the peak window, and ${figure(ratePerSecond)} as its peak`;
  const isMet =
    low <= ratePerSecond * (1 + consistencyTolerance) &&
    high >= ratePerSecond * (1 - consistencyTolerance);
  if (isMet) return agreement(demand, stated, facts);
  return {
    code: "stated-rate",
    severity: "problem",
    message:
      `${facts}: what is stated is ${figureRange([low / ratePerSecond, high / ratePerSecond])} times the peak, so one ` +
      "of the figures is wrong",
    alternatives: [
      `plan for ${figure(ratePerSecond)} requests/s`,
      ...adjustable.flatMap((factor) => adjustment(demand, stated, factor)),
    ],
  };
}

function agreement(demand: Demand, stated: StatedRate, facts: string): WorkloadFinding {
  const peak = inputOf(demand, "peakToAverage");
  const factors = figureRange([
    stated[0] / demand.meanRatePerSecond,
    stated[1] / demand.meanRatePerSecond,
  ]);
  if (peak.isGiven)
    return {
      code: "stated-rate",
      severity: "info",
      message: `${facts}: they agree`,
      alternatives: [],
    };
  return {
    code: "stated-rate",
    severity: "warning",
    message:
      `${facts}: they agree only because the busiest minute is assumed to have ${figure(peak.value)} times the mean; ` +
      `what is stated holds a factor of ${factors} that nobody has given`,
    alternatives: [
      "measure peak over average on the traffic you have, and give it (peakToAverage)",
    ],
  };
}

/** A factor of the rate, and which way it must change when the rate is to grow. */
interface Factor {
  readonly name: keyof DemandInput;
  readonly inverse?: true;
}

const adjustable: readonly Factor[] = [
  { name: "peakToAverage" },
  { name: "requestsPerUserPerDay" },
  { name: "peakWindowHours", inverse: true },
  { name: "dau" },
];

function adjustment(demand: Demand, stated: StatedRate, { name, inverse }: Factor): string[] {
  const { meaning, value, unit } = inputOf(demand, name);
  const needed = stated
    .map((rate) => rate / demand.ratePerSecond)
    .map((times) => (inverse ? value / times : value * times))
    .toSorted((one, other) => one - other);
  const [least, most] = [needed[0]!, needed.at(-1)!];
  // A peak below the mean, or a window longer than the day, would be no explanation.
  if (name === "peakToAverage" && least < 1) return [];
  if (name === "peakWindowHours" && most > 24) return [];
  const shownUnit = unit === "h" ? " h" : ""; // the others stand in the meaning
  return [`${meaning}: ${figureRange([least, most])}${shownUnit} instead of ${figure(value)}`];
}

function inputOf(demand: Demand, name: keyof DemandInput): Demand["inputs"][number] {
  const input = demand.inputs.find((each) => each.name === name);
  if (input === undefined) throw new Error(`a demand without ${name}`);
  return input;
}

/** Both ends above 0 and finite, the lower one first. */
export function isStatedRate([low, high]: StatedRate): boolean {
  return low > 0 && low <= high && Number.isFinite(high);
}

function checkRange(stated: StatedRate): void {
  if (isStatedRate(stated)) return;
  const [low, high] = stated;
  throw new LakhError(
    "PLAN_DEMAND_INVALID",
    `a stated rate from ${low} to ${high} requests/s is none`,
    {
      hint: "state one figure above 0, or the lower one first: 400-500",
      exitCode: exitCodes.invalidConfig,
    },
  );
}

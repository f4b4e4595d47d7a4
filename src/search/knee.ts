/**
 * Where the curve bends, seen in two ways; the limit of the objectives stays the answer.
 *
 *     throughput    the lowest rate of which less than 98 % came through
 *     latency       ln p95 over the rate as two lines that meet, when they fit better than one (F test, 5 %)
 */
import { regularizedBeta } from "../judge/index.ts";
import { rateOf, sideOf, type TrialOutcome } from "./trial.ts";
import { eliminate } from "./usl.ts";

export interface Knee {
  /** Requests per second; null when there is none in what was tested. */
  readonly throughput: number | null;
  readonly latency: number | null;
}

const throughShare = 0.98;
/** Standard deviations by which the number of requests may miss its mean by chance. */
const chance = 3;
const leastPoints = 6;
const significance = 0.05;

export function findKnee(trials: readonly TrialOutcome[]): Knee {
  const usable = trials.filter(
    (trial) =>
      trial.plan.purpose !== "recovery" && sideOf(trial) !== "invalid" && !trial.hasCollapsed,
  );
  return { throughput: throughputKnee(usable), latency: latencyKnee(usable) };
}

function throughputKnee(trials: readonly TrialOutcome[]): number | null {
  const short = trials.filter(({ plan, achievedPerSecond }) => {
    const planned = (plan.ratePerSecond * plan.steadyMs) / 1_000;
    const missing = 1 - achievedPerSecond / plan.ratePerSecond;
    return missing > Math.max(1 - throughShare, chance / Math.sqrt(planned));
  });
  return short.length === 0 ? null : Math.min(...short.map(rateOf));
}

interface Point {
  readonly rate: number;
  readonly logMs: number;
}

function latencyKnee(trials: readonly TrialOutcome[]): number | null {
  const points = trials
    .flatMap((trial): Point[] =>
      trial.p95Ms === null || trial.p95Ms <= 0
        ? []
        : [{ rate: rateOf(trial), logMs: Math.log(trial.p95Ms) }],
    )
    .sort((one, other) => one.rate - other.rate);
  const rates = [...new Set(points.map(({ rate }) => rate))];
  if (rates.length < leastPoints) return null;
  const single = squares(points, [() => 1, (rate) => rate]);
  const bends = rates.slice(1, -1).map((bend) => ({
    bend,
    rest: squares(points, [() => 1, (rate) => rate, (rate) => Math.max(0, rate - bend)]),
  }));
  const best = bends.reduce((least, each) => (each.rest < least.rest ? each : least));
  // Two more figures than one line has: the second slope, and where it begins.
  const freedom = points.length - 4;
  const ratio = (single - best.rest) / 2 / (best.rest / freedom);
  return fTail(ratio, 2, freedom) < significance ? best.bend : null;
}

type Term = (rate: number) => number;

/** Sum of squared residuals of the best combination of the terms. */
function squares(points: readonly Point[], terms: readonly Term[]): number {
  const rows = points.map(({ rate }) => terms.map((term) => term(rate)));
  const matrix = terms.map((_, i) => [
    ...terms.map((_term, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row, index) => sum + row[i]! * points[index]!.logMs, 0),
  ]);
  const factors = eliminate(matrix);
  if (factors === undefined) return Number.POSITIVE_INFINITY;
  return points.reduce((sum, { logMs }, index) => {
    const fitted = rows[index]!.reduce((value, cell, term) => value + cell * factors[term]!, 0);
    return sum + (logMs - fitted) ** 2;
  }, 0);
}

/** P(F > ratio) with these degrees of freedom. */
function fTail(ratio: number, above: number, below: number): number {
  if (!(ratio > 0)) return 1;
  return regularizedBeta(below / (below + above * ratio), below / 2, above / 2);
}

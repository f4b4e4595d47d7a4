/** Which method so many runs allow, and what it can see. */
import type { CompareMethod } from "./comparison.ts";
import { labellings } from "./ranks.ts";
import { leastRuns } from "./runs-needed.ts";

/** Student's t needs a spread of at least two degrees of freedom. */
const leastForStudent = 4;
const leastForRanks = 3;

export function methodFor(base: number, fresh: number, confidence: number): CompareMethod {
  const alpha = 1 - confidence + 1e-12;
  const canReach = 1 / labellings(base, fresh) <= alpha;
  if (Math.min(base, fresh) >= leastForRanks && canReach) return "runs-exact";
  return base + fresh >= leastForStudent ? "runs-student" : "within-run";
}

export function methodSentence(
  method: CompareMethod,
  [base, fresh]: readonly [number, number],
  confidence: number,
): string {
  const sides = `${base} v ${fresh} runs`;
  const smallest = (1 / labellings(base, fresh)).toPrecision(2);
  switch (method) {
    case "runs-exact":
      return `${sides}, exact permutation test on their values (smallest p ${smallest}), Hodges-Lehmann shift with Mann-Whitney limits`;
    case "runs-student":
      return `${sides}, Student's t on their logarithms with one spread for both sides: an exact test of so few cannot go below p = ${smallest}; ${leastRuns(confidence)} a side would need no such assumption`;
    case "within-run":
      return `${sides}: within-run only, cannot see run-to-run noise; windows of time within each run, Welch's t. Two runs of one build may well differ by more: repeat them`;
  }
}

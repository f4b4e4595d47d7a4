/** Door of `judge`: a verdict from a run's record, and nothing but the record. Pure. */
export { type Agreement, type AgreementRow, compareRunners } from "./agreement.ts";
export { type CampaignVerdict, judgeCampaign, opensGate } from "./campaign.ts";
export { compareRuns } from "./compare/compare.ts";
export {
  type Change,
  type CompareMethod,
  type CompareSettings,
  type Comparison,
  type ComparisonRow,
  defaultCompareSettings,
  type RowStatus,
} from "./compare/comparison.ts";
export { incomparable } from "./compare/comparability.ts";
export { figuresOf } from "./compare/figures.ts";
export type { CriterionResult } from "./criterion.ts";
export {
  type GeneratorFinding,
  generatorLimits,
} from "./generator.ts";
export { type GeneratorNow, GeneratorWatch, type WatchedRun } from "./generator-watch.ts";
export { type RedFlag, redFlags } from "./red-flags.ts";
export { countShares, type ShareCount, steadyIterations, steadyRates } from "./share-counts.ts";
export { steadyRate, steadyView } from "./steady-view.ts";
export {
  lowerBound,
  regularizedBeta,
  requestsToPass,
  smallestPassingCount,
  upperBound,
} from "./statistics.ts";
export { type GeneratorCost, generatorCost } from "./generator-cost.ts";
export { exitCodeFor, judge, type Verdict } from "./verdict.ts";

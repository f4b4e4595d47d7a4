/** What is compared of a run, and of each endpoint: a table. */
import type { RunFigures, SeriesFigures } from "../../record/index.ts";
import type { ComparisonRow, MeasureId } from "./comparison.ts";
import type { ShareCount } from "./share-difference.ts";

interface MeasureBase extends Pick<ComparisonRow, "label" | "unit" | "worse"> {
  readonly id: MeasureId;
  /** A regression in it is one of the comparison. */
  readonly isPrimary: boolean;
}

/** A positive number, compared by its ratio. */
export interface ValueMeasure extends MeasureBase {
  readonly kind: "value";
  readonly valueOf: (series: SeriesFigures, run: RunFigures) => number | null;
  /** The same in each window of a run; null where that is not known. */
  readonly windowsOf: (series: SeriesFigures, run: RunFigures) => readonly (number | null)[] | null;
  /** Requests that a window, and a run, must have for the figure to mean anything. */
  readonly leastRequests: number;
}

/** Some of a number of events, compared by the difference of the shares. */
export interface ShareMeasure extends MeasureBase {
  readonly kind: "share";
  readonly countOf: (series: SeriesFigures, run: RunFigures) => ShareCount;
  /** How alike neighbouring events are is known, so one run of each side can be told apart. */
  readonly isKnownWithin: boolean;
}

export type Measure = ValueMeasure | ShareMeasure;

const rate: ValueMeasure = {
  kind: "value",
  id: "rate",
  label: "requests/s",
  unit: "per-second",
  worse: "less",
  isPrimary: true,
  leastRequests: 1,
  valueOf: ({ perSecond }) => perSecond,
  windowsOf: ({ blocks }, { blockDurationsMs }) =>
    blocks?.requests.map((requests, index) => requests / (blockDurationsMs[index]! / 1_000)) ??
    null,
};

const errors: ShareMeasure = {
  kind: "share",
  id: "errors",
  label: "failed requests",
  unit: "share",
  worse: "more",
  isPrimary: true,
  isKnownWithin: true,
  countOf: ({ failed, requests, deff }) => ({ failed, requests, deff }),
};

/** Fewer requests than 1/(1 - p) have no p-th percentile of their own but their maximum. */
function percentile(
  id: "p50" | "p95" | "p99",
  field: "p50Ms" | "p95Ms" | "p99Ms",
  leastRequests: number,
): ValueMeasure {
  return {
    kind: "value",
    id,
    label: id,
    unit: "ms",
    worse: "more",
    isPrimary: id === "p95",
    leastRequests,
    valueOf: (series) => series[field],
    windowsOf: ({ blocks }) => blocks?.[field] ?? null,
  };
}

const p50 = percentile("p50", "p50Ms", 5);
const p95 = percentile("p95", "p95Ms", 20);
const p99 = percentile("p99", "p99Ms", 100);

const checks: ShareMeasure = {
  kind: "share",
  id: "checks",
  label: "failed checks",
  unit: "share",
  worse: "more",
  isPrimary: false,
  isKnownWithin: false,
  countOf: (_, run) => ({
    failed: run.checks.failed,
    requests: run.checks.passed + run.checks.failed,
    deff: 1,
  }),
};

const dropped: ShareMeasure = {
  kind: "share",
  id: "dropped",
  label: "dropped iterations",
  unit: "share",
  worse: "more",
  isPrimary: false,
  isKnownWithin: false,
  countOf: (_, { iterations }) => ({
    failed: iterations.dropped,
    requests: iterations.started + iterations.dropped,
    deff: 1,
  }),
};

const generatorCpu: ValueMeasure = {
  kind: "value",
  id: "generator_cpu",
  label: "generator CPU/request",
  unit: "ms",
  worse: "more",
  isPrimary: false,
  leastRequests: 1,
  valueOf: (_, { cpuMsPerRequest }) => cpuMsPerRequest,
  windowsOf: () => null,
};

export const wholeMeasures: readonly Measure[] = [
  p95,
  errors,
  rate,
  p50,
  p99,
  checks,
  dropped,
  generatorCpu,
];

/** How often an endpoint is asked follows from the script and the rate of the whole. */
export const endpointMeasures: readonly Measure[] = [
  p95,
  errors,
  p50,
  p99,
  { ...rate, isPrimary: false },
];

/** How the latencies of the steady state are spread, from the record's histograms: bars, curve and percentiles. */
import { ExponentialHistogram } from "../../metrics/index.ts";
import type { DistributionData, LatencyData } from "../../page/index.ts";
import type { RunRecord } from "../../record/index.ts";
import { limitLabel } from "./run-charts.ts";

type Distribution = RunRecord["steadyLatency"];

/** Buckets an octave are 2^schema: coarse enough to be seen, coarser still over a wide range. */
const barSchemas = [3, 2, 1, 0] as const;
const mostBars = 80;

const named = [
  ["p50", 0.5],
  ["p75", 0.75],
  ["p90", 0.9],
  ["p95", 0.95],
  ["p99", 0.99],
  ["p99.9", 0.999],
] as const;

/** Null when no request ended in the steady state. */
export function latencySpread(record: RunRecord): LatencyData | null {
  const { steadyLatency, steadyResponse } = record;
  if (steadyLatency.count === 0) return null;
  return {
    service: spreadOf("from when it was sent", steadyLatency),
    response:
      steadyResponse === undefined || steadyResponse.count === 0
        ? null
        : spreadOf("from when it was due", steadyResponse),
    limits: (record.objectives?.latency ?? []).map(({ share, limitMs }) => ({
      label: limitLabel(share, limitMs),
      value: limitMs,
    })),
  };
}

function spreadOf(label: string, plain: Distribution): DistributionData {
  const histogram = ExponentialHistogram.fromPlain(plain);
  const { count, min, max } = histogram;
  return {
    label,
    count,
    bars: barsOf(histogram),
    curve: curveShares(count).map((share) => ({ share, ms: rounded(histogram.quantile(share)) })),
    quantiles: [
      { name: "min", ms: min },
      { name: "mean", ms: histogram.mean },
      ...named.map(([name, share]) => ({ name, ms: histogram.quantile(share) })),
      { name: "max", ms: max },
    ],
  };
}

function barsOf(histogram: ExponentialHistogram): DistributionData["bars"] {
  const grids = barSchemas.map((schema) => histogram.downscale(schema).positiveBuckets());
  const bars = grids.find(({ length }) => length <= mostBars) ?? grids.at(-1)!;
  return bars.map(({ low, high, count }) => ({
    fromMs: rounded(low),
    toMs: rounded(high),
    count,
  }));
}

/** Steps that are even on the axis of nines, up to the share of which one request is left. */
function curveShares(count: number): number[] {
  const last = Math.min(5, Math.log10(Math.max(count, 2)));
  const steps = 60;
  return Array.from({ length: steps + 1 }, (_, index) => 1 - 10 ** (-(last * index) / steps));
}

function rounded(ms: number): number {
  return ms === 0 ? 0 : Number(ms.toPrecision(5));
}

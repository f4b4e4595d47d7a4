/**
 * Recording rules: the figures that alerts compare, of each run, over 30 s where nothing else is said; in the order in
 * which they use each other. With them the limits: those that the run states, else the defaults.
 */
import { guideLimits } from "../limits.ts";
import { delayLimit } from "../queries/generator.ts";
import {
  droppedRatio,
  failureRate,
  latency,
  objective,
  requestRate,
  requestsInFlight,
  slowRatio,
} from "../queries/requests.ts";
import { everyRun, over } from "../selection.ts";

/** One recorded series. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

const requests = "lakh:requests:rate30s";
const fiveMinutes = over("5m", everyRun);

export const recordingRules: readonly RecordingRule[] = [
  { record: "lakh:runs:active", expr: "count(count by (testid) (k6_vus))" },
  { record: requests, expr: requestRate(everyRun) },
  { record: "lakh:failures:rate30s", expr: failureRate(everyRun) },
  { record: "lakh:failures:ratio30s", expr: `lakh:failures:rate30s / (${requests} > 0)` },
  {
    record: "lakh:failures:ratio5m",
    expr: `(${failureRate(fiveMinutes)}) / (${requestRate(fiveMinutes)} > 0)`,
  },
  ...[50, 95, 99].map((percent) => ({
    record: `lakh:latency_seconds:p${percent}_30s`,
    expr: latency(percent / 100, everyRun),
  })),
  { record: "lakh:latency_slow:ratio30s", expr: slowRatio(everyRun) },
  { record: "lakh:inflight:mean30s", expr: requestsInFlight(everyRun) },
  // Dropped iterations are often few: see rareInterval.
  { record: "lakh:dropped:ratio80s", expr: droppedRatio(over("80s", everyRun)) },
  {
    record: "lakh:endpoint_latency_seconds:p95_30s",
    expr: latency(0.95, everyRun, { by: "name, method" }),
  },
  {
    record: "lakh:objective:error_ratio",
    expr: `${objective("error_ratio", everyRun)} or 0 * ${requests} + ${guideLimits.errorRatio}`,
  },
  { record: "lakh:generator:delay_limit_seconds", expr: delayLimit(everyRun) },
];

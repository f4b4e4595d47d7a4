/** From a record to what comparing needs of it. */
import { ExponentialHistogram } from "../../metrics/index.ts";
import type {
  BlockColumnsRecord,
  EndpointFigures,
  EndpointRecord,
  RunFigures,
  RunRecord,
  SeriesFigures,
} from "../../record/index.ts";
import { generatorCost } from "../generator-cost.ts";
import { countShare } from "../share-counts.ts";
import { designEffect } from "../statistics.ts";
import { steadyRate, type SteadyView, steadyView } from "../steady-view.ts";
import { judge } from "../verdict.ts";

/** The figures of a run; the same record gives the same figures at any time. */
export function figuresOf(record: RunRecord): RunFigures {
  const steady = steadyView(record);
  const { verdict, sentence, generator } = judge(record);
  const { id, lakhVersion, startedAt, script, runner, environment, scenarios, outcome } = record;
  const nothing = steady.requests === 0 ? "no request ended in its steady state" : null;
  return {
    id,
    lakhVersion,
    startedAt,
    script,
    runner,
    environment,
    scenarios,
    steadyMs: steady.coveredMs,
    invalid: verdict === "INVALID" ? sentence.replace(/^INVALID: /u, "") : nothing,
    overload: outcome.reason === "overload" ? (outcome.message ?? "overload") : null,
    strain: generator.status === "healthy" ? null : generator.sentence,
    whole: wholeOf(record, steady),
    endpoints: record.endpoints.map((endpoint) => endpointOf(endpoint, record, steady)),
    checks: { passed: steady.checksPassed, failed: steady.checksFailed },
    iterations: { started: steady.iterationsStarted, dropped: steady.iterationsDropped },
    cpuMsPerRequest: generatorCost(record)?.cpuMsPerRequest ?? null,
    blockDurationsMs: record.blocks?.durationsMs ?? [],
  };
}

function wholeOf(record: RunRecord, steady: SteadyView): SeriesFigures {
  const latency = ExponentialHistogram.fromPlain(record.steadyLatency);
  const quantile = (share: number): number | null =>
    latency.count === 0 ? null : latency.quantile(share);
  return {
    requests: steady.requests,
    failed: steady.failedRequests,
    deff: countShare(steady, ({ failedRequests }) => failedRequests).deff,
    perSecond: steadyRate(steady),
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    blocks: record.blocks?.all ?? null,
  };
}

function endpointOf(
  endpoint: EndpointRecord,
  record: RunRecord,
  steady: SteadyView,
): EndpointFigures {
  const { name, method, requests, failed } = endpoint;
  const blocks = blocksOf(endpoint, record);
  const percentile = (valueMs: number): number | null => (requests === 0 ? null : valueMs);
  return {
    name,
    method,
    requests,
    failed,
    deff: failureEffect(endpoint, blocks),
    perSecond: steady.coveredMs > 0 ? requests / (steady.coveredMs / 1_000) : 0,
    p50Ms: percentile(endpoint.p50Ms),
    p95Ms: percentile(endpoint.p95Ms),
    p99Ms: percentile(endpoint.p99Ms),
    blocks,
  };
}

function blocksOf({ name, method }: EndpointRecord, record: RunRecord): BlockColumnsRecord | null {
  const found = record.blocks?.endpoints.find(
    (each) => each.name === name && each.method === method,
  );
  if (found === undefined) return null;
  const { requests, failed, p50Ms, p95Ms, p99Ms } = found;
  return { requests, failed, p50Ms, p95Ms, p99Ms };
}

/** Without windows failures may all be of one moment: as many of them as there are count as one. */
function failureEffect({ failed }: EndpointRecord, blocks: BlockColumnsRecord | null): number {
  if (failed === 0) return 1;
  if (blocks === null) return Math.max(1, failed);
  const windows = blocks.requests.map((requests, index) => ({
    requests,
    violations: blocks.failed[index] ?? 0,
  }));
  return designEffect(windows).deff;
}

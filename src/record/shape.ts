/**
 * The shape of a RunRecord v1 as a check at run time: what `schema.ts` says, plus what its types cannot say
 * (numbers are finite, counts are not negative, shares lie between 0 and 1). `satisfies` makes the compiler compare
 * the two files, so the types cannot promise what is not checked here.
 */
import * as z from "zod";
import type { BlockColumnsRecord, RunRecord, ScenarioRecord } from "./schema.ts";

const text = z.string();
/** Finite: zod refuses NaN and infinities, and JSON turns them into null. */
const finite = z.number();
const count = finite.nonnegative();
const countOrNull = count.nullable();
const share = finite.min(0).max(1);

const metric = z.object({
  name: text,
  type: z.enum(["counter", "gauge", "rate", "trend"]),
  contains: z.enum(["default", "time", "data"]),
  values: z.record(text, finite),
});

// JSON has no `undefined`: a threshold without samples has no `actual` at all.
const threshold = z.object({
  metric: text,
  source: text,
  ok: z.boolean(),
  actual: finite.optional(),
});

const check = z.object({ group: text, name: text, passes: count, fails: count });

const endpoint = z.object({
  name: text,
  method: text,
  requests: count,
  failed: count,
  avgMs: count,
  p50Ms: count,
  p90Ms: count,
  p95Ms: count,
  p99Ms: count,
  maxMs: count,
});

const interval = z.object({
  atMs: finite,
  durationMs: count,
  requests: count,
  failedRequests: count,
  slowRequests: z.array(count),
  lateRequests: z.array(count).optional(),
  p50Ms: countOrNull,
  p95Ms: countOrNull,
  p99Ms: countOrNull,
  iterationsStarted: count,
  iterationsDropped: count,
  iterationsFailed: count,
  checksPassed: count,
  checksFailed: count,
  activeVus: count,
  initializedVus: count,
  bytesSent: count,
  bytesReceived: count,
  endpoints: z
    .array(z.object({ requests: count, failedRequests: count, slowRequests: z.array(count) }))
    .optional(),
});

// Signs are left to the judge: a negative lag is a clock fault worth a verdict, not a damaged file.
const health = z.object({
  atMs: finite,
  loopUtilization: finite.nullable(),
  loopDelayP99Ms: finite.nullable(),
  gcShare: finite.nullable(),
  gcLongestMs: finite.nullable(),
  cpuCores: finite.nullable(),
  rssBytes: countOrNull,
  startLagP99Ms: finite.nullable(),
  startLagMaxMs: finite.nullable(),
  stealShare: share.nullable().optional(),
  throttledShare: share.nullable().optional(),
  socketFaults: count,
  socketFaultKinds: z.record(text, count).optional(),
});

const observation = z.object({
  name: text,
  unit: z.enum(["cores", "bytes", "ms", "count", "share"]),
  source: text,
  partOf: text.optional(),
  windowMs: count.optional(),
  points: z.array(z.tuple([finite, finite])),
});

const latencyLimits = z.array(z.object({ share, limitMs: count }));

const endpointObjective = z.object({
  name: text,
  method: text.optional(),
  latency: latencyLimits,
  errorShare: share.nullable(),
});

const objectives = z.object({
  peakUsers: countOrNull,
  requestsPerSecond: z.object({ min: count, max: countOrNull }).nullable(),
  latency: latencyLimits,
  errorShare: share.nullable(),
  cpuShare: count.nullable(),
  targetCores: countOrNull,
  memoryStable: z.boolean(),
  endpoints: z.array(endpointObjective).optional(),
});

export const scenarioShape: z.ZodType<AsJson<ScenarioRecord>> = z.object({
  name: text,
  executor: text,
  startTimeMs: count,
  durationMs: count,
  maxVus: count,
  config: z.record(text, z.unknown()),
});

const planStep = z.object({ quantity: text, formula: text, value: finite, unit: text });

const distribution = z.object({
  schema: finite,
  zeroCount: count,
  offset: finite,
  counts: z.array(count),
  count,
  sum: finite,
  min: finite,
  max: finite,
  values: z.array(z.tuple([finite, count])).optional(),
});

const body = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text, shownBytes: count, bytes: count }),
  z.object({ kind: z.literal("binary"), bytes: count }),
  z.object({ kind: z.literal("not-kept"), reason: z.enum(["discarded", "no-room"]) }),
]);

const message = z.object({
  headers: z.array(z.tuple([text, text])),
  furtherHeaders: count,
  body: body.nullable(),
});

const exchange = z.object({
  atMs: countOrNull,
  dueAtMs: countOrNull,
  phase: z.enum(["setup", "iteration", "teardown"]),
  isSteady: z.boolean(),
  scenario: text,
  vu: count,
  iteration: count,
  group: text,
  name: text,
  method: text,
  url: text,
  hop: count,
  proto: text,
  status: count,
  errorCode: count,
  error: text,
  timings: z.object({
    durationMs: count,
    blockedMs: count,
    connectingMs: count,
    tlsHandshakingMs: count,
    sendingMs: count,
    waitingMs: count,
    receivingMs: count,
  }),
  remote: text,
  tlsVersion: text,
  retries: count,
  bytesSent: count,
  bytesReceived: count,
  request: message,
  response: message.nullable(),
});

const failure = z.object({
  method: text,
  name: text.nullable(),
  status: count,
  errorCode: count,
  error: text,
  count,
  samples: z.array(exchange),
});

const exchanges = z.object({
  slowest: z.array(exchange),
  failures: z.array(failure),
  furtherFailures: count,
});

export const environmentShape: z.ZodType<AsJson<RunRecord["environment"]>> = z.object({
  node: text,
  os: text,
  cpuModel: text,
  cpuCount: count,
  memoryBytes: count,
  workers: count,
  k6Version: text.optional(),
});

const blockColumns = {
  requests: z.array(count),
  failed: z.array(count),
  p50Ms: z.array(countOrNull),
  p95Ms: z.array(countOrNull),
  p99Ms: z.array(countOrNull),
};

export const blockColumnsShape: z.ZodType<AsJson<BlockColumnsRecord>> = z.object(blockColumns);

const blocks = z.object({
  startsMs: z.array(finite),
  durationsMs: z.array(count),
  all: blockColumnsShape,
  endpoints: z.array(z.object({ name: text, method: text, ...blockColumns })),
});

const record = z.object({
  schemaVersion: z.literal(1),
  id: text,
  lakhVersion: text,
  startedAt: text,
  durationMs: count,
  script: z.object({ path: text, sha256: text }),
  runner: z.enum(["embedded", "k6", "kubernetes"]),
  environment: environmentShape,
  scenarios: z.array(scenarioShape),
  manualScaling: z.array(z.object({ atMs: count, scenario: text, vus: count })).optional(),
  command: z.array(text).optional(),
  options: z.record(text, z.unknown()),
  plan: z.object({ dau: count, steps: z.array(planStep) }).nullable(),
  objectives: objectives.nullable(),
  steadyState: z.object({ fromMs: finite, toMs: finite, rule: text }),
  metrics: z.array(metric),
  thresholds: z.array(threshold),
  checks: z.array(check).optional(),
  endpoints: z.array(endpoint),
  tagOverflows: count.optional(),
  intervals: z.array(interval),
  blocks: blocks.optional(),
  steadyLatency: distribution,
  steadyResponse: distribution.optional(),
  population: z.object({ initializedVus: count, usedVus: count, peakActiveVus: count }),
  iterations: z.object({
    due: countOrNull,
    started: count,
    completed: count,
    interrupted: count,
    dropped: count,
    failed: count,
  }),
  generatorHealth: z.array(health),
  observations: z.array(observation),
  outcome: z.object({
    exitCode: finite,
    reason: z.enum(["finished", "interrupted", "aborted", "thresholds", "overload", "error"]),
    message: text.nullable(),
  }),
  exchanges: exchanges.optional(),
  exceptions: z.array(z.object({ message: text, count })),
}) satisfies z.ZodType<AsJson<RunRecord>>;

const attempt = z.object({
  startedAt: text,
  state: z.enum(["running", "judged", "interrupted", "broken"]),
  run: text.nullable(),
  verdict: z.enum(["PASS", "FAIL", "INCONCLUSIVE", "INVALID"]).nullable(),
  sentence: text.nullable(),
});

/** Of the users only that they are numbers: what a demand can be made of is the plan's to check. */
const campaign = z.object({
  schemaVersion: z.literal(1),
  id: text,
  lakhVersion: text,
  startedAt: text,
  script: z.object({ path: text, sha256: text.nullable() }),
  users: z.object({ dau: count }).catchall(count),
  journeys: z.array(z.object({ name: text, exec: text, weight: count })),
  peakUsers: count,
  ratePerSecond: count,
  compression: finite.min(1),
  phases: z.array(
    z.object({
      phase: z.object({
        name: text,
        users: count,
        durationMs: count,
        warmUpMs: count.optional(),
        objectives: objectives.partial().optional(),
      }),
      attempts: z.array(attempt),
    }),
  ),
});

/** What is wrong with a value read from a record file: where, and what; undefined when nothing is. */
export function findShapeFault(value: unknown): ShapeFault | undefined {
  return firstFault(record.safeParse(value));
}

/** The same of a campaign's file. */
export function findCampaignFault(value: unknown): ShapeFault | undefined {
  return firstFault(campaign.safeParse(value));
}

export interface ShapeFault {
  readonly path: string;
  readonly problem: string;
}

/** The first thing that a check found; undefined when it found nothing. */
export function firstFault({ error }: z.ZodSafeParseResult<unknown>): ShapeFault | undefined {
  const issue = error?.issues[0];
  if (issue === undefined) return undefined;
  return { path: issue.path.join(".") || "the file", problem: issue.message };
}

/** A type as JSON gives it back: what may be undefined may be missing. */
export type AsJson<T> = T extends readonly (infer _Item)[]
  ? { readonly [K in keyof T]: AsJson<T[K]> }
  : T extends object
    ? {
        readonly [K in keyof T as undefined extends T[K] ? never : K]: AsJson<T[K]>;
      } & {
        readonly [K in keyof T as undefined extends T[K] ? K : never]?: AsJson<T[K]>;
      }
    : T;

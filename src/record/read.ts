/** Reading run records: by path, by id, or the latest; checked against the schema, because files get edited and truncated. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { LakhError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { RunRecord } from "./schema.ts";
import { recordFileName } from "./write.ts";

const count = z.number().nonnegative();
const text = z.string();
const numberOrNull = z.number().nullable();

const intervalSchema = z.object({
  atMs: z.number(),
  durationMs: count,
  requests: count,
  failedRequests: count,
  slowRequests: z.array(count),
  p50Ms: numberOrNull,
  p95Ms: numberOrNull,
  p99Ms: numberOrNull,
  iterationsStarted: count,
  iterationsDropped: count,
  iterationsFailed: count,
  checksPassed: count,
  checksFailed: count,
  activeVus: count,
  initializedVus: count,
  bytesSent: count,
  bytesReceived: count,
});

const healthSchema = z.object({
  atMs: z.number(),
  loopUtilization: z.number(),
  loopDelayP99Ms: z.number(),
  gcShare: z.number(),
  gcLongestMs: z.number(),
  cpuCores: z.number(),
  rssBytes: count,
  startLagP99Ms: numberOrNull,
  startLagMaxMs: numberOrNull,
  socketFaults: count,
});

const objectivesSchema = z.object({
  peakUsers: numberOrNull,
  requestsPerSecond: z.object({ min: z.number(), max: numberOrNull }).nullable(),
  latency: z.array(z.object({ share: z.number(), limitMs: z.number() })),
  errorShare: numberOrNull,
  cpuShare: numberOrNull,
  targetCores: numberOrNull,
  memoryStable: z.boolean(),
});

const recordSchema = z.object({
  schemaVersion: z.literal(1),
  id: text,
  lakhVersion: text,
  startedAt: text,
  durationMs: count,
  script: z.object({ path: text, sha256: text }),
  runner: z.enum(["embedded", "k6", "kubernetes"]),
  environment: z.object({
    node: text,
    os: text,
    cpuModel: text,
    cpuCount: count,
    memoryBytes: count,
    workers: count,
  }),
  scenarios: z.array(
    z.object({
      name: text,
      executor: text,
      startTimeMs: count,
      durationMs: count,
      maxVus: count,
      config: z.record(text, z.unknown()),
    }),
  ),
  options: z.record(text, z.unknown()),
  plan: z
    .object({
      dau: count,
      steps: z.array(z.object({ quantity: text, formula: text, value: z.number(), unit: text })),
    })
    .nullable(),
  objectives: objectivesSchema.nullable(),
  steadyState: z.object({ fromMs: z.number(), toMs: z.number(), rule: text }),
  metrics: z.array(
    z.object({
      name: text,
      type: z.enum(["counter", "gauge", "rate", "trend"]),
      contains: z.enum(["default", "time", "data"]),
      values: z.record(text, z.number()),
    }),
  ),
  thresholds: z.array(
    z.object({ metric: text, source: text, ok: z.boolean(), actual: z.number().optional() }),
  ),
  endpoints: z.array(
    z.object({
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
    }),
  ),
  intervals: z.array(intervalSchema),
  steadyLatency: z.object({
    schema: z.number(),
    zeroCount: count,
    offset: z.number(),
    counts: z.array(count),
    count,
    sum: z.number(),
    min: z.number(),
    max: z.number(),
  }),
  population: z.object({ initializedVus: count, usedVus: count, peakActiveVus: count }),
  iterations: z.object({
    due: numberOrNull,
    started: count,
    completed: count,
    interrupted: count,
    dropped: count,
    failed: count,
  }),
  generatorHealth: z.array(healthSchema),
  observations: z.array(
    z.object({
      name: text,
      unit: z.enum(["cores", "bytes", "ms", "count", "share"]),
      source: text,
      points: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
  outcome: z.object({
    exitCode: z.number(),
    reason: z.enum(["finished", "interrupted", "aborted", "thresholds", "error"]),
    message: text.nullable(),
  }),
  exceptions: z.array(z.object({ message: text, count })),
});

/**
 * The record of a run.
 * @param name a run id, a run's folder, a record file, or "latest"
 * @throws LakhError RECORD_NOT_FOUND, RECORD_INVALID
 */
export function readRecord(name: string, runsDir: string): RunRecord {
  const path = findRecord(name, runsDir);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw invalid(path, `it is not JSON: ${(cause as Error).message}`, cause);
  }
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw invalid(path, `${issue.path.join(".") || "the file"}: ${issue.message}`, parsed.error);
  }
  return value as RunRecord;
}

/** Ids of the runs in a folder, oldest first. */
function listRuns(runsDir: string): string[] {
  if (!existsSync(runsDir)) return [];
  return readdirSync(runsDir)
    .filter((name) => existsSync(join(runsDir, name, recordFileName)) && !name.endsWith(".partial"))
    .sort();
}

function findRecord(name: string, runsDir: string): string {
  const runs = listRuns(runsDir);
  const wanted = name === "latest" ? runs.at(-1) : name;
  const candidates =
    wanted === undefined
      ? []
      : [join(runsDir, wanted, recordFileName), join(wanted, recordFileName), wanted];
  const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (found !== undefined) return found;
  const near = nearest(name, runs);
  const last = runs.slice(-3).reverse().join(", ");
  throw new LakhError("RECORD_NOT_FOUND", `no run record "${name}" in ${runsDir}`, {
    hint:
      near !== undefined
        ? `did you mean "${near}"?`
        : runs.length === 0
          ? "run something first: lakh run script.js"
          : `the newest are ${last}`,
  });
}

function invalid(path: string, reason: string, cause: unknown): LakhError {
  return new LakhError("RECORD_INVALID", `cannot use the run record ${path}: ${reason}`, {
    hint: "was it written by another version of lakh, or edited?",
    cause,
  });
}

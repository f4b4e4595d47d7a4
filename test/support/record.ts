/** A record of a healthy run at the guide's load, to be spoilt by a test in exactly one way. */
import { ExponentialHistogram } from "../../src/metrics/index.ts";
import type { GeneratorHealthRecord, IntervalRecord, RunRecord } from "../../src/record/index.ts";

const steadySeconds = 60;
const warmUpSeconds = 5;
const requestsPerSecond = 444;

/** One healthy second at 444 requests/s and 5,000 users. */
export function healthyInterval(overrides: Partial<IntervalRecord> = {}): IntervalRecord {
  return {
    atMs: 0,
    durationMs: 1_000,
    requests: requestsPerSecond,
    failedRequests: 0,
    slowRequests: [0, 0],
    p50Ms: 20,
    p95Ms: 40,
    p99Ms: 60,
    iterationsStarted: 111,
    iterationsDropped: 0,
    iterationsFailed: 0,
    checksPassed: requestsPerSecond,
    checksFailed: 0,
    activeVus: 5_000,
    initializedVus: 5_000,
    bytesSent: 50_000,
    bytesReceived: 500_000,
    ...overrides,
  };
}

/** One second of a generator with nothing to complain of. */
export function healthyReading(
  overrides: Partial<GeneratorHealthRecord> = {},
): GeneratorHealthRecord {
  return {
    atMs: 0,
    loopUtilization: 0.2,
    loopDelayP99Ms: 1,
    gcShare: 0.01,
    gcLongestMs: 3,
    cpuCores: 0.3,
    rssBytes: 200e6,
    startLagP99Ms: 1,
    startLagMaxMs: 2,
    stealShare: 0,
    throttledShare: 0,
    socketFaults: 0,
    ...overrides,
  };
}

/** `seconds` intervals of the healthy kind, from 0 on; `change` spoils those of the steady state it is given. */
export function healthyIntervals(
  change: (second: number) => Partial<IntervalRecord> = () => ({}),
  seconds: number = warmUpSeconds + steadySeconds,
): IntervalRecord[] {
  return Array.from({ length: seconds }, (_, second) =>
    healthyInterval({
      atMs: second * 1_000,
      ...(second < warmUpSeconds ? {} : change(second - warmUpSeconds)),
    }),
  );
}

/** As {@link healthyIntervals}, for the generator. */
export function healthyReadings(
  change: (second: number) => Partial<GeneratorHealthRecord> = () => ({}),
  seconds: number = warmUpSeconds + steadySeconds,
): GeneratorHealthRecord[] {
  return Array.from({ length: seconds }, (_, second) =>
    healthyReading({
      atMs: second * 1_000,
      ...(second < warmUpSeconds ? {} : change(second - warmUpSeconds)),
    }),
  );
}

/** A latency distribution as a record holds it. */
export function latencyOf(valuesMs: readonly number[]): RunRecord["steadyLatency"] {
  const histogram = new ExponentialHistogram();
  for (const valueMs of valuesMs) histogram.add(valueMs);
  const { negative: _, ...plain } = histogram.toPlain();
  return plain;
}

/** Readings each second from 0 on. */
export function observation(
  name: string,
  valueAt: (second: number) => number,
  seconds: number = warmUpSeconds + steadySeconds,
): RunRecord["observations"][number] {
  const points = Array.from(
    { length: seconds },
    (_, second) => [second * 1_000, valueAt(second)] as const,
  );
  return { name, unit: name === "memory_bytes" ? "bytes" : "cores", source: "pid 4711", points };
}

/** A minute of steady state in which everything is as it should be: PASS, with memory not judged. */
export function healthyRecord(overrides: Partial<RunRecord> = {}): RunRecord {
  return { ...runParts, ...measuredParts(), ...overrides };
}

const runParts = {
  schemaVersion: 1,
  id: "2026-01-01T00-00-00-abcd",
  lakhVersion: "0.1.0",
  startedAt: "2026-01-01T00:00:00.000Z",
  durationMs: 65_000,
  script: { path: "/script.js", sha256: "00" },
  runner: "embedded",
  environment: {
    node: "v24.0.0",
    os: "linux",
    cpuModel: "cpu",
    cpuCount: 4,
    memoryBytes: 16e9,
    workers: 2,
  },
  scenarios: [],
  options: {},
  plan: { dau: 100_000, steps: [] },
  objectives: {
    peakUsers: 5_000,
    requestsPerSecond: { min: 400, max: 500 },
    latency: [
      { share: 0.95, limitMs: 300 },
      { share: 0.99, limitMs: 500 },
    ],
    errorShare: 0.001,
    cpuShare: 0.7,
    targetCores: 4,
    memoryStable: true,
  },
  steadyState: {
    fromMs: warmUpSeconds * 1_000,
    toMs: (warmUpSeconds + steadySeconds) * 1_000,
    rule: "full load",
  },
  metrics: [],
  thresholds: [{ metric: "http_req_failed", source: "rate<0.001", ok: true, actual: 0 }],
  endpoints: [],
  population: { initializedVus: 5_000, usedVus: 5_000, peakActiveVus: 5_000 },
  iterations: {
    due: null,
    started: 7_215,
    completed: 7_215,
    interrupted: 0,
    dropped: 0,
    failed: 0,
  },
  outcome: { exitCode: 0, reason: "finished", message: null },
  exceptions: [],
} as const satisfies Partial<RunRecord>;

function measuredParts(): Pick<
  RunRecord,
  "intervals" | "generatorHealth" | "observations" | "steadyLatency"
> {
  const count = steadySeconds * requestsPerSecond;
  return {
    intervals: healthyIntervals(),
    generatorHealth: healthyReadings(),
    observations: [
      observation("cpu_cores", () => 1.2),
      observation("memory_bytes", (second) => 300e6 + second * 1e4),
    ],
    steadyLatency: latencyOf(
      Array.from({ length: count }, (_, index) => 10 + (50 * index) / count),
    ),
  };
}

/** Figures of runs with a known truth: what a simulated target with stated noise would have shown. Seeded. */
import type { BlockColumnsRecord, EndpointFigures, RunFigures } from "../../src/record/index.ts";

/** Numbers in [0, 1), the same for the same seed (Mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Standard normal (Box and Muller). */
export function normalOf(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** How many of n happen, each with probability p; by the normal distribution where that is near enough. */
export function binomialOf(random: () => number, n: number, p: number): number {
  if (n * p > 30)
    return Math.max(0, Math.round(n * p + normalOf(random) * Math.sqrt(n * p * (1 - p))));
  // Poisson by inversion.
  let count = 0;
  for (let product = random(); product > Math.exp(-n * p); product *= random()) count++;
  return count;
}

export interface Truth {
  readonly p95Ms?: number;
  readonly errorShare?: number;
  readonly perSecond?: number;
  /** Standard deviation of the logarithm of a percentile from run to run, all endpoints alike. */
  readonly runNoise?: number;
  /** The same of each endpoint by itself. */
  readonly ownNoise?: number;
  /** And from window to window within a run, with that likeness of neighbours. */
  readonly windowNoise?: number;
  readonly likeness?: number;
  readonly windows?: number;
  readonly endpoints?: number;
  /** Factor on the p95 of single endpoints, by number. */
  readonly slower?: Readonly<Record<number, number>>;
}

const environment: RunFigures["environment"] = {
  node: "v24.0.0",
  os: "linux",
  cpuModel: "cpu",
  cpuCount: 4,
  memoryBytes: 16e9,
  workers: 2,
};

/** A run as that target would show it. */
export function simulatedRun(id: string, truth: Truth, random: () => number): RunFigures {
  const { endpoints = 0, runNoise = 0, slower = {} } = truth;
  const shared = normalOf(random) * runNoise;
  const list = Array.from({ length: endpoints }, (_, index): EndpointFigures => {
    const share = { ...truth, perSecond: (truth.perSecond ?? 400) / endpoints };
    const scaled = { ...share, p95Ms: (truth.p95Ms ?? 100) * (slower[index] ?? 1) };
    return { name: `/e${index}`, method: "GET", ...seriesOf(scaled, shared, random) };
  });
  return runOf(id, { whole: seriesOf(truth, shared, random), endpoints: list }, truth);
}

/** A run with everything as it should be, around the given figures. */
function runOf(
  id: string,
  parts: Pick<RunFigures, "whole" | "endpoints"> & Partial<RunFigures>,
  { windows = 12 }: Pick<Truth, "windows"> = {},
): RunFigures {
  return {
    id,
    lakhVersion: "0.1.0",
    startedAt: "2026-01-01T00:00:00.000Z",
    script: { path: "/script.js", sha256: "0123456789abcdef" },
    runner: "embedded",
    environment,
    scenarios: [
      {
        name: "default",
        executor: "constant-arrival-rate",
        startTimeMs: 0,
        durationMs: 60_000,
        maxVus: 100,
        config: { rate: 100, timeUnit: "1s", duration: "1m", preAllocatedVUs: 100 },
      },
    ],
    steadyMs: windows * 5_000,
    invalid: null,
    overload: null,
    strain: null,
    checks: { passed: 1_000, failed: 0 },
    iterations: { started: 6_000, dropped: 0 },
    cpuMsPerRequest: 0.2,
    blockDurationsMs: Array.from({ length: windows }, () => 5_000),
    ...parts,
  };
}

function seriesOf(
  truth: Truth,
  shared: number,
  random: () => number,
): Omit<EndpointFigures, "name" | "method"> {
  const { p95Ms = 100, errorShare = 0, perSecond = 400, ownNoise = 0, windows = 12 } = truth;
  const level = Math.log(p95Ms) + shared + normalOf(random) * ownNoise;
  const logs = windowLogs(level, truth, random);
  const seconds = windows * 5;
  const inWindow = Math.round((perSecond * seconds) / windows);
  const asked = logs.map(() => Math.max(1, Math.round(inWindow + normalOf(random) * 2)));
  const requests = asked.reduce((sum, count) => sum + count, 0);
  const failed = Array.from({ length: windows }, () => binomialOf(random, inWindow, errorShare));
  const mean = logs.reduce((sum, log) => sum + log, 0) / windows;
  const blocks: BlockColumnsRecord = {
    requests: asked,
    failed,
    p50Ms: logs.map((log) => Math.exp(log) / 2),
    p95Ms: logs.map(Math.exp),
    p99Ms: logs.map((log) => Math.exp(log) * 1.5),
  };
  return {
    requests,
    failed: failed.reduce((sum, count) => sum + count, 0),
    deff: 1,
    perSecond: requests / seconds,
    p50Ms: Math.exp(mean) / 2,
    p95Ms: Math.exp(mean),
    p99Ms: Math.exp(mean) * 1.5,
    blocks,
  };
}

/** An AR(1) series about the level, with the stated standard deviation. */
function windowLogs(level: number, truth: Truth, random: () => number): number[] {
  const { windowNoise = 0, likeness = 0, windows = 12 } = truth;
  let deviation = normalOf(random) * windowNoise;
  return Array.from({ length: windows }, () => {
    const log = level + deviation;
    const fresh = normalOf(random) * windowNoise * Math.sqrt(1 - likeness ** 2);
    deviation = likeness * deviation + fresh;
    return log;
  });
}

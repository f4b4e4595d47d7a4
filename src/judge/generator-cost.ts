/** What a run's requests cost its generator, over the steady state: for planning larger runs. */
import type { RunRecord } from "../record/index.ts";
import { judgeGenerator } from "./generator.ts";
import { isNumber, steadyRate, type SteadyView, steadyView } from "./steady-view.ts";

/** Means over the steady state. */
export interface GeneratorCost {
  readonly requestsPerSecond: number;
  readonly cpuMsPerRequest: number;
  /** Busiest event loop times the threads, a request; null for a runner without event loops. */
  readonly loopMsPerRequest: number | null;
  /** True when the generator was the bottleneck: its cost then says what it could not do. */
  readonly wasSaturated: boolean;
}

/** Undefined when the steady state has no requests, or nobody read the generator's CPU. */
export function generatorCost(record: RunRecord): GeneratorCost | undefined {
  const steady = steadyView(record);
  const requestsPerSecond = steadyRate(steady);
  const cpuCores = meanOf(steady, ({ cpuCores: cores }) => cores);
  if (requestsPerSecond === 0 || cpuCores === undefined || cpuCores === 0) return undefined;
  const utilization = meanOf(steady, ({ loopUtilization }) => loopUtilization);
  const busyLoops =
    utilization === undefined ? null : utilization * Math.max(1, record.environment.workers);
  return {
    requestsPerSecond,
    cpuMsPerRequest: (cpuCores * 1_000) / requestsPerSecond,
    loopMsPerRequest: busyLoops === null ? null : (busyLoops * 1_000) / requestsPerSecond,
    wasSaturated: judgeGenerator(record, steady).status === "saturated",
  };
}

type Reading = SteadyView["health"][number]["reading"];

/** Weighted by how long each reading stands. */
function meanOf(
  { health }: SteadyView,
  valueOf: (reading: Reading) => number | null,
): number | undefined {
  let sum = 0;
  let totalMs = 0;
  for (const { reading, durationMs } of health) {
    const value = valueOf(reading);
    if (!isNumber(value)) continue;
    sum += value * durationMs;
    totalMs += durationMs;
  }
  return totalMs > 0 ? sum / totalMs : undefined;
}

/**
 * How much generator a rate takes, from a measured cost per request: cores = rate * CPU seconds a request, and so many
 * threads that none is busier than a limit. The limit is far below 1 on purpose: an event loop that is busy for 80 % of
 * the time measures itself (p95 of a 5 ms target: 7.0 ms at 0.59, 10.4 ms at 0.84; `judge` calls 0.8 saturated).
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import type { PlanStep } from "./demand.ts";
import type { WorkloadFinding } from "./findings.ts";

/** What a request costs its generator. */
export interface RequestCost {
  /** CPU of the whole process. */
  readonly cpuMsPerRequest: number;
  /** Time for which the busiest event loop is busy, times the number of threads; the CPU when it is not known. */
  readonly loopMsPerRequest: number;
  /** Where the figures come from: "--cost-per-request", "run 20261123-204512-run". */
  readonly origin: string;
}

/** What sends a load without measuring itself. */
export interface GeneratorNeed {
  readonly cost: RequestCost;
  /** Share of the time for which an event loop may be busy. */
  readonly utilizationLimit: number;
  readonly cpuCores: number;
  /** Worker threads (`--workers`). */
  readonly workers: number;
  readonly coresPerGenerator: number;
  /** Machines or pods of that many cores. */
  readonly generators: number;
  readonly steps: readonly PlanStep[];
}

/** Share of the time for which an event loop is planned to be busy. */
export const plannedUtilization = 0.6;

/** @throws PLAN_WORKLOAD_INVALID when a figure is not above 0 */
export function computeGenerators(
  ratePerSecond: number,
  cost: RequestCost,
  coresPerGenerator: number,
): GeneratorNeed {
  const { cpuMsPerRequest, loopMsPerRequest, origin } = cost;
  checkInputs({ ratePerSecond, cpuMsPerRequest, loopMsPerRequest, coresPerGenerator });
  const cpuCores = (ratePerSecond * cpuMsPerRequest) / 1_000;
  const busyLoops = (ratePerSecond * loopMsPerRequest) / 1_000;
  const workers = roundUp(busyLoops / plannedUtilization);
  const cores = Math.max(workers, roundUp(cpuCores / plannedUtilization));
  const generators = roundUp(cores / coresPerGenerator);
  return {
    cost,
    utilizationLimit: plannedUtilization,
    cpuCores,
    workers,
    coresPerGenerator,
    generators,
    steps: [
      { quantity: "CPU per request", formula: origin, value: cpuMsPerRequest, unit: "ms" },
      {
        quantity: "event loop per request",
        formula: loopMsPerRequest === cpuMsPerRequest ? "taken to be its CPU" : origin,
        value: loopMsPerRequest,
        unit: "ms",
      },
      {
        quantity: "CPU of the generators",
        formula: "peak rate * CPU per request / 1000",
        value: cpuCores,
        unit: "cores",
      },
      {
        quantity: "worker threads",
        formula: `peak rate * event loop per request / 1000 / ${plannedUtilization}, rounded up`,
        value: workers,
        unit: "threads",
      },
      {
        quantity: `generators of ${coresPerGenerator} cores`,
        formula: `the more of threads and cores / ${plannedUtilization}, over cores of one, rounded up`,
        value: generators,
        unit: "generators",
      },
    ],
  };
}

/** To whole ones, at least one; 3.000000000000001 is three. */
function roundUp(value: number): number {
  return Math.max(1, Math.ceil(value - 1e-9));
}

/** What is said while nobody has measured the cost. */
export const generatorsUnknown: WorkloadFinding = {
  code: "generators-unknown",
  severity: "info",
  message:
    "how many generators this takes is not known: what a request costs depends on the script, on TLS and on the size of answers",
  alternatives: [
    "send a part of the load with the script, and read the run: lakh run --dau N script.js, then lakh plan --from-run latest",
    "give the CPU milliseconds of a request that you have measured: --cost-per-request 0.05",
  ],
};

function checkInputs(inputs: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(inputs)) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new LakhError("PLAN_WORKLOAD_INVALID", `${name} must be more than 0, but is ${value}`, {
      hint: "take the cost of a request from a run that sent some: lakh plan --from-run RUN",
      exitCode: exitCodes.invalidConfig,
    });
  }
}

/** What a run must show for the answer to be yes: the guide's success criteria, around the computed demand. */
import type { Demand } from "./demand.ts";
import { wholeUsers } from "./demand.ts";

/** What one endpoint must show, whatever the others do. */
export interface EndpointObjective {
  /** The requests' `name` tag, or their URL without one. */
  readonly name: string;
  /** Undefined: any. */
  readonly method?: string | undefined;
  readonly latency: readonly { readonly share: number; readonly limitMs: number }[];
  /** Null: not judged. */
  readonly errorShare: number | null;
}

/** Objectives of a run; the same shape as in the run record. */
export interface Objectives {
  readonly peakUsers: number | null;
  readonly requestsPerSecond: { readonly min: number; readonly max: number | null } | null;
  /** `share` of the requests (0.95) answered within `limitMs`. */
  readonly latency: readonly { readonly share: number; readonly limitMs: number }[];
  /** Allowed share of failed requests, 0 to 1. */
  readonly errorShare: number | null;
  /** Allowed share of the CPU given to the target, 0 to 1, and how many cores that is. */
  readonly cpuShare: number | null;
  readonly targetCores: number | null;
  readonly memoryStable: boolean;
  /** Beside those of all requests together. */
  readonly endpoints?: readonly EndpointObjective[] | undefined;
}

/**
 * The band around the design rate in which a run counts as a run at that rate. With the guide's inputs (444.4
 * requests/s) it is exactly the guide's 400 to 500.
 */
const rateBand = { min: 0.9, max: 1.125 } as const;

/**
 * The guide's success criteria: peak users, requests/s in the band around the demand, p95 < 300 ms, p99 < 500 ms,
 * errors < 0.1 %, CPU < 70 %, memory stable.
 */
export function defaultObjectives(demand: Demand): Objectives {
  return {
    peakUsers: wholeUsers(demand),
    requestsPerSecond: {
      min: toTenths(demand.ratePerSecond * rateBand.min),
      max: toTenths(demand.ratePerSecond * rateBand.max),
    },
    latency: [
      { share: 0.95, limitMs: 300 },
      { share: 0.99, limitMs: 500 },
    ],
    errorShare: 0.001,
    cpuShare: 0.7,
    targetCores: null,
    memoryStable: true,
  };
}

function toTenths(value: number): number {
  return Math.round(value * 10) / 10;
}

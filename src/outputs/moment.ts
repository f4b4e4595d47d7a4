/**
 * What no sample tells of a run, once a second: where it stands, what its plan asks for now, how the generator is, what
 * was read of the target. For outputs that show a run while it goes on (`Output.addMoment`).
 */

/** The part of a run that it is in: before load is sent, while load is built up or taken away, at full load, after it. */
export type MomentPhase = "setup" | "ramp" | "steady" | "teardown";

export interface RunMoment {
  /** Unix milliseconds. */
  readonly wallMs: number;
  readonly phase: MomentPhase;
  /** What the plan asks for at this time; undefined where it says nothing of the kind. */
  readonly planned: PlannedLoad;
  /** Since the start. `due` only of scenarios that start iterations by the clock; undefined without any. */
  readonly iterations: {
    readonly due: number | undefined;
    readonly started: number;
    readonly failed: number;
  };
  readonly vus: { readonly active: number; readonly initialized: number };
  /** Undefined while no load is sent. */
  readonly generator: GeneratorMoment | undefined;
  /** Latest readings of the target. */
  readonly target: readonly TargetReading[];
}

export interface PlannedLoad {
  readonly requestsPerSecond?: number | undefined;
  readonly iterationsPerSecond?: number | undefined;
  readonly vus?: number | undefined;
}

/** Of the second before; the worst of several workers. Null where the machine does not say. Shares are 0 to 1. */
export interface GeneratorMoment {
  readonly loopUtilization: number | null;
  readonly loopDelayP99Ms: number | null;
  readonly gcShare: number | null;
  readonly cpuCores: number | null;
  readonly residentBytes: number | null;
  readonly startLagP99Ms: number | null;
  readonly stealShare: number | null;
  readonly throttledShare: number | null;
  /** By errno, since the start. */
  readonly socketFaults: ReadonlyMap<string, number>;
}

export interface TargetReading {
  /** Ends with its unit: "cpu_cores", "memory_bytes", "event_loop_lag_ms". */
  readonly name: string;
  /** Where it was read, for people. */
  readonly source: string;
  readonly value: number;
}

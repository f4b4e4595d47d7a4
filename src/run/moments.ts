/** Tells outputs, once a second, what no sample tells of a run: its phase, its plan, its generator, its target. */
import type { Clock } from "../base/clock.ts";
import type { EngineTick } from "../engine/index.ts";
import type { LatestReading } from "../observe/index.ts";
import type {
  GeneratorMoment,
  MomentPhase,
  Outputs,
  PlannedLoad,
  TargetReading,
} from "../outputs/index.ts";
import type { RunPlan } from "../plan/index.ts";
import { hasDueTimes } from "../schedule/index.ts";
import type { RunCollector } from "./collector.ts";
import { loadPhaseAt, middleOfTick, plannedLoad } from "./planned-load.ts";
import type { SteadyWindow } from "./steady.ts";

/** A reading that is older than this tells nothing of now. */
const oldestReadingMs = 10_000;

export interface MomentParts {
  readonly outputs: Outputs;
  readonly clock: Clock;
  readonly plan: RunPlan;
  readonly window: SteadyWindow;
  readonly collector: RunCollector;
  /** Undefined when no plan says how many requests an iteration makes. */
  readonly requestsPerIteration: number | undefined;
  readonly initializedVus: () => number;
  readonly latestReadings: () => readonly LatestReading[];
  /** That the target may use; undefined when nobody knows. */
  readonly targetCores: number | undefined;
}

export class MomentTeller {
  readonly #parts: MomentParts;
  readonly #isOpen: boolean;
  readonly #socketFaults = new Map<string, number>();

  constructor(parts: MomentParts) {
    this.#parts = parts;
    this.#isOpen = parts.plan.scenarios.some((scenario) => hasDueTimes(scenario));
  }

  /** While load is sent; the collector has taken the tick already. */
  tellTick(tick: EngineTick): void {
    if (!this.#parts.outputs.wantMoments) return;
    const { health } = tick;
    const { window, plan, requestsPerIteration } = this.#parts;
    const atMs = middleOfTick(tick.atMs);
    for (const { socketFaultKinds } of health)
      for (const [errno, count] of Object.entries(socketFaultKinds))
        this.#socketFaults.set(errno, (this.#socketFaults.get(errno) ?? 0) + count);
    this.#tell(loadPhaseAt(window, atMs), {
      planned: plannedLoad(plan, requestsPerIteration, atMs),
      generator: this.#generator(),
    });
  }

  /** Before and after. */
  tellIdle(phase: "setup" | "teardown"): void {
    if (this.#parts.outputs.wantMoments) this.#tell(phase, { planned: {}, generator: undefined });
  }

  #tell(
    phase: MomentPhase,
    { planned, generator }: { planned: PlannedLoad; generator: GeneratorMoment | undefined },
  ): void {
    const { outputs, clock, collector, initializedVus, latestReadings, targetCores } = this.#parts;
    const { counts, elapsedMs } = collector;
    const isSending = phase === "ramp" || phase === "steady";
    outputs.addMoment({
      wallMs: clock.wallMs(),
      phase,
      planned,
      iterations: {
        due: this.#isOpen ? (counts?.iterationsDue ?? 0) : undefined,
        started: counts?.iterationsStarted ?? 0,
        failed: counts?.iterationsFailed ?? 0,
      },
      vus: { active: isSending ? (counts?.activeVus ?? 0) : 0, initialized: initializedVus() },
      generator,
      target: withCpuShare(
        latestReadings().filter(({ atMs }) => elapsedMs - atMs <= oldestReadingMs),
        targetCores,
      ),
    });
  }

  #generator(): GeneratorMoment | undefined {
    const last = this.#parts.collector.health.at(-1);
    if (last === undefined) return undefined;
    return {
      loopUtilization: last.loopUtilization,
      loopDelayP99Ms: last.loopDelayP99Ms,
      gcShare: last.gcShare,
      cpuCores: last.cpuCores,
      residentBytes: last.rssBytes,
      startLagP99Ms: last.startLagP99Ms,
      stealShare: last.stealShare ?? null,
      throttledShare: last.throttledShare ?? null,
      socketFaults: this.#socketFaults,
    };
  }
}

/** With the share of its cores that the target uses, where both are known: sources do not overlap. */
function withCpuShare(
  readings: readonly TargetReading[],
  targetCores: number | undefined,
): readonly TargetReading[] {
  const used = readings.filter(({ name }) => name === "cpu_cores");
  if (used.length === 0 || targetCores === undefined) return readings;
  const cores = used.reduce((sum, { value }) => sum + value, 0);
  const source = used.map((each) => each.source).join(", ");
  return [...readings, { name: "cpu_used_share", source, value: cores / targetCores }];
}

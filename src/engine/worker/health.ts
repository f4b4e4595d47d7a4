/**
 * The worker's own condition: is this thread keeping up? Event-loop utilisation and delay, garbage collection.
 * Past the limits in `judge/generator.ts` a run is INVALID, because the thread then measures itself.
 */
import { monitorEventLoopDelay, PerformanceObserver, performance } from "node:perf_hooks";
import { ExponentialHistogram } from "../../metrics/index.ts";
import type { WorkerHealth } from "../protocol.ts";
import type { RunState } from "./state.ts";

/** Resolution of the delay sampler; its readings contain it, so it is subtracted. */
const resolutionMs = 10;

export class HealthSampler {
  readonly #state: RunState;
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });
  /** How long answers and ended sleeps waited until their scripts went on. */
  readonly #waits = new ExponentialHistogram();
  readonly #gcObserver: PerformanceObserver;
  #utilization = performance.eventLoopUtilization();
  #gcTotalMs = 0;
  #gcLongestMs = 0;

  constructor(state: RunState) {
    this.#state = state;
    this.#gcObserver = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        this.#gcTotalMs += entry.duration;
        this.#gcLongestMs = Math.max(this.#gcLongestMs, entry.duration);
      }
    });
  }

  start(): void {
    this.#delay.enable();
    this.#gcObserver.observe({ entryTypes: ["gc"] });
    this.#utilization = performance.eventLoopUtilization();
  }

  /** Something of a script was ready for so long before it went on. */
  onDelay(delayMs: number): void {
    this.#waits.add(Math.max(0, delayMs));
  }

  /**
   * The condition since the last call, which lies `durationMs` back.
   * @param faults local faults in that time, by errno: descriptors, ports or buffers used up
   */
  take(durationMs: number, faults: Readonly<Record<string, number>>): WorkerHealth {
    const utilization = performance.eventLoopUtilization();
    const since = performance.eventLoopUtilization(utilization, this.#utilization);
    this.#utilization = utilization;
    const waitP99Ms = this.#waits.count === 0 ? 0 : this.#waits.quantile(0.99);
    const lag = this.#state.takeStartLag();
    const health: WorkerHealth = {
      loopUtilization: since.utilization,
      loopDelayP99Ms: Math.max(0, this.#delay.percentile(99) / 1e6 - resolutionMs, waitP99Ms),
      gcShare: durationMs > 0 ? Math.min(1, this.#gcTotalMs / durationMs) : 0,
      gcLongestMs: this.#gcLongestMs,
      startLagP99Ms: lag.p99Ms,
      startLagMaxMs: lag.maxMs,
      socketFaults: Object.values(faults).reduce((sum, count) => sum + count, 0),
      socketFaultKinds: faults,
    };
    this.#delay.reset();
    this.#waits.reset();
    this.#gcTotalMs = 0;
    this.#gcLongestMs = 0;
    return health;
  }

  stop(): void {
    this.#delay.disable();
    this.#gcObserver.disconnect();
  }
}

/**
 * A run that goes on, as the REST API sees and steers it. It reads the load phase's state and calls its methods; the
 * words of refusals are k6's.
 */
import { createHash } from "node:crypto";
import {
  type GroupView,
  type MetricView,
  Refusal,
  type RunControl,
  runPhases,
  type RunStatus,
  type ScaleRequest,
} from "../api/index.ts";
import { type SummaryMetric, toSummaryData } from "../metrics/index.ts";
import type { RunPlan } from "../plan/index.ts";
import { regularDurationMs, type ScenarioPlan } from "../schedule/index.ts";
import type { LoadPhase } from "./load-phase.ts";

const trendStats = ["avg", "max", "med", "min", "p(90)", "p(95)"];

/** What k6 shows of each kind of metric. */
const shownValues: Readonly<Record<SummaryMetric["type"], readonly string[]>> = {
  counter: ["count", "rate"],
  gauge: ["value"],
  rate: ["rate"],
  trend: trendStats,
};

export class LiveRun implements RunControl {
  readonly #load: LoadPhase;
  readonly #plan: RunPlan;

  constructor(load: LoadPhase, plan: RunPlan) {
    this.#load = load;
    this.#plan = plan;
  }

  status(): RunStatus {
    const load = this.#load;
    return {
      phase: load.phase,
      paused: load.gate.paused,
      activeVus: load.activeVus,
      initializedVus: load.initializedVus,
      stopped: load.isCutShort,
      running: load.gate.passed && load.phase !== runPhases.ended,
      tainted: load.thresholdResults.some(({ ok }) => !ok),
    };
  }

  setPaused(paused: boolean): void {
    const { gate } = this.#load;
    if (gate.passed) {
      const { executor, name } = this.#plan.scenarios[0]!;
      throw new Refusal(
        "Pause error",
        `${executor} executor '${name}' doesn't support pause and resume operations after its start`,
      );
    }
    if (paused === gate.paused)
      throw new Refusal("Pause error", `execution is ${paused ? "already" : "not"} paused`);
    if (paused) gate.pause();
    else gate.resume();
  }

  stop(): void {
    this.#load.stopByApi();
  }

  async scale({ vus, maxVus, scenario }: ScaleRequest): Promise<void> {
    const { initializedVus } = this.#load;
    if (maxVus !== undefined && maxVus < initializedVus)
      throw refusedScale(
        `vus-max can't be ${maxVus}: ${initializedVus} VUs are initialised, and they stay`,
      );
    if (vus !== undefined && maxVus !== undefined && vus > maxVus)
      throw refusedScale(`vus (${vus}) can't be more than vus-max (${maxVus})`);
    const target = vus === undefined ? undefined : this.#scalable(scenario);
    await this.#load.scale({
      initializedVus: maxVus,
      scenario: target === undefined ? undefined : { name: target.name, vus: vus! },
    });
  }

  /** Scenarios whose VUs can be changed now. */
  scalableNow(): readonly string[] {
    return this.#plan.scenarios
      .filter((plan) => isLooping(plan) && this.#runsNow(plan))
      .map(({ name }) => name);
  }

  #runsNow(plan: ScenarioPlan): boolean {
    const { phase, collector } = this.#load;
    const sinceMs = collector.elapsedMs - plan.startTimeMs;
    return phase === runPhases.running && sinceMs >= 0 && sinceMs < regularDurationMs(plan);
  }

  /** The scenario whose VUs are meant: it loops, and it runs now. */
  #scalable(name: string | undefined): ScenarioPlan {
    const looping = this.#plan.scenarios.filter(
      (plan) => isLooping(plan) && (name === undefined || plan.name === name),
    );
    if (looping.length === 0) {
      const what = name === undefined ? "no scenario" : `scenario '${name}'`;
      throw refusedScale(
        `${what} can be scaled: only constant-vus and ramping-vus scenarios have VUs to add or take away`,
      );
    }
    const now = looping.filter((plan) => this.#runsNow(plan));
    if (now.length === 1) return now[0]!;
    if (now.length === 0) throw refusedScale("a scenario can be scaled only while it runs");
    const names = now.map((plan) => plan.name).join(", ");
    throw refusedScale(
      `several scenarios are running: add "scenario" to the attributes, one of ${names}`,
    );
  }

  metrics(): readonly MetricView[] {
    const { metrics } = this.#summary();
    return Object.entries(metrics).map(([name, { type, contains, values, thresholds }]) => ({
      name,
      type,
      contains,
      tainted: thresholds === undefined ? null : Object.values(thresholds).some(({ ok }) => !ok),
      sample: Object.fromEntries(shownValues[type].map((key) => [key, values[key] ?? 0])),
    }));
  }

  rootGroup(): GroupView {
    return this.#summary().root_group;
  }

  get setupJson(): string | undefined {
    return this.#load.setupJson;
  }

  setSetupJson(json: string | undefined): void {
    this.#load.setupJson = json;
  }

  runSetup(): Promise<void> {
    return this.#load.runSetup();
  }

  async runTeardown(): Promise<void> {
    await this.#load.runTeardown();
  }

  #summary(): ReturnType<typeof toSummaryData> {
    const { collector, thresholds, thresholdResults } = this.#load;
    return toSummaryData({
      aggregate: collector.whole,
      thresholds,
      results: thresholdResults,
      options: { summaryTrendStats: trendStats, summaryTimeUnit: "", noColor: true },
      state: {
        isStdOutTTY: false,
        isStdErrTTY: false,
        testRunDurationMs: collector.elapsedMs,
      },
      setupData: undefined,
      hash: (path) => createHash("md5").update(path).digest("hex"),
    });
  }
}

function isLooping({ executor }: ScenarioPlan): boolean {
  return executor === "constant-vus" || executor === "ramping-vus";
}

function refusedScale(detail: string): Refusal {
  return new Refusal("Execution config error", detail);
}

/** The live numbers behind `k6/execution`: getters over the VU and the state of the run, read and never kept. */
import type { ExecutionState } from "../../k6/index.ts";
import type { RunState, ScenarioState } from "./state.ts";

/** The VU, as far as these numbers need it. */
interface NumberedVu {
  readonly ids: { readonly inInstance: number; readonly inTest: number };
  readonly iterations: number;
  readonly iterationInScenario: number;
  readonly scenario: ScenarioState | undefined;
  readonly scenarioIterationInInstance: number;
  readonly scenarioIterationInTest: number;
}

/** What the worker's VUs share of it. */
interface ExecutionSource {
  readonly state: RunState;
  readonly testOptions: Readonly<Record<string, unknown>>;
}

export class VuExecution implements ExecutionState {
  readonly #vu: NumberedVu;
  readonly #shared: ExecutionSource;

  constructor(vu: NumberedVu, shared: ExecutionSource) {
    this.#vu = vu;
    this.#shared = shared;
  }

  get vuIdInInstance(): number {
    return this.#vu.ids.inInstance;
  }
  get vuIdInTest(): number {
    return this.#vu.ids.inTest;
  }
  get vuIterationInInstance(): number {
    return Math.max(0, this.#vu.iterations - 1);
  }
  get vuIterationInScenario(): number {
    return this.#vu.iterationInScenario;
  }
  get scenarioName(): string {
    return this.#vu.scenario?.name ?? "";
  }
  get scenarioExecutor(): string {
    return this.#vu.scenario?.executor ?? "";
  }
  get scenarioStartWallMs(): number {
    return this.#vu.scenario?.startWallMs ?? 0;
  }
  get scenarioProgress(): number {
    return this.#vu.scenario?.progress() ?? 0;
  }
  get scenarioIterationInInstance(): number {
    return this.#vu.scenarioIterationInInstance;
  }
  get scenarioIterationInTest(): number {
    return this.#vu.scenarioIterationInTest;
  }
  get iterationsCompleted(): number {
    return this.#shared.state.inInstance("iterationsCompleted");
  }
  get iterationsInterrupted(): number {
    return this.#shared.state.inInstance("iterationsInterrupted");
  }
  get vusActive(): number {
    return this.#shared.state.inInstance("activeVus");
  }
  get vusInitialized(): number {
    return this.#shared.state.inInstance("initializedVus");
  }
  get testRunDurationMs(): number {
    return this.#shared.state.elapsedMs();
  }
  get testOptions(): Readonly<Record<string, unknown>> {
    return this.#shared.testOptions;
  }
}

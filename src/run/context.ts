/** What is known of a run before the engine is told what to do. */
import type { ScriptBundle } from "../script/index.ts";
import type { DemandPlan } from "./demand-plan.ts";
import type { RunDeps, RunRequest } from "./request.ts";

export interface RunContext {
  readonly id: string;
  /** Folder of the run's record. */
  readonly folder: string;
  readonly bundle: ScriptBundle;
  readonly demand: DemandPlan | undefined;
  readonly request: RunRequest;
  readonly deps: RunDeps;
}

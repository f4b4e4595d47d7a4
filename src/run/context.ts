/** What is known of a run before the engine is told what to do. */
import type { RunFolder } from "../record/index.ts";
import type { ScriptBundle } from "../script/index.ts";
import type { DemandPlan } from "./demand-plan.ts";
import type { RunDeps, RunRequest } from "./request.ts";

export interface RunContext {
  readonly id: string;
  /** Where the record goes. */
  readonly folder: RunFolder;
  readonly bundle: ScriptBundle;
  readonly demand: DemandPlan | undefined;
  readonly request: RunRequest;
  readonly deps: RunDeps;
}

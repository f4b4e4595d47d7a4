/** What a search for the limit is asked to do. */
import type { DemandInput, Journey } from "../plan/index.ts";
import type { ObjectivesRecord } from "../record/index.ts";
import type { SearchSettings } from "../search/index.ts";
import type { RunRequest } from "./request.ts";

export interface LimitRequest {
  /** What all its runs have in common. */
  readonly run: Omit<RunRequest, "demand" | "label">;
  /** What is known of the daily users: it turns rates into users. */
  readonly users: Omit<DemandInput, "dau">;
  /** What users do; none when the script's default function is all there is. */
  readonly journeys: readonly Journey[];
  /** Daily users that are asked about; undefined when only the limit is. */
  readonly neededDau: number | undefined;
  readonly objectives: LimitObjectives;
  readonly settings: SearchSettings;
}

export type LimitObjectives = Pick<ObjectivesRecord, "latency" | "errorShare" | "cpuShare">;

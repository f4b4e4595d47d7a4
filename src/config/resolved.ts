/** The config file as the commands use it: checked, durations in milliseconds, paths absolute, defaults filled in. */
import type { DemandInput, Journey } from "../plan/index.ts";
import type { ObserveConfig } from "./config.ts";
import type { StatedObjectives } from "./objectives.ts";

export interface ResolvedConfig {
  /** Absolute path of the file. */
  readonly file: string;
  /** Absolute path, or an https URL. */
  readonly script: string | undefined;
  /** `__ENV` of the script. Its values are secrets: they stand in no record and no message. */
  readonly env: Readonly<Record<string, string>>;
  readonly target: {
    readonly url: string | undefined;
    readonly allowedHosts: readonly string[];
    readonly cores: number | undefined;
  };
  readonly audience: Partial<DemandInput>;
  /** Empty: the script's default function is the only one. */
  readonly journeys: readonly Journey[];
  readonly objectives: StatedObjectives;
  /** Undefined: the default campaign. */
  readonly phases: readonly Phase[] | undefined;
  /** Their headers are secrets, too. */
  readonly observe: readonly ObserveConfig[];
  /** As for --out; undefined when the file says nothing of them. */
  readonly outputs: readonly string[] | undefined;
  /** False: no single requests in records; undefined when the file says nothing of them. */
  readonly exchanges: boolean | undefined;
}

/** One test of the campaign. */
export interface Phase {
  readonly name: string;
  readonly users: number;
  /** Warm-up and steady state together. */
  readonly durationMs: number;
  /** Undefined: a tenth of the phase, at most a minute. */
  readonly warmUpMs: number | undefined;
  readonly objectives: StatedObjectives;
}

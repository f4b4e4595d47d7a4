/**
 * The frozen plan of a run: consolidated options and the scenarios that follow from them.
 * The execution shortcuts (vus, duration, iterations, stages) become one scenario named "default"
 * (k6-behaviour 3.2, in k6's order of evaluation).
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { ScenarioPlan, ShareSpec } from "../schedule/index.ts";
import { createShare, parseScenarios } from "../schedule/index.ts";
import { resolveDns } from "./network-kinds.ts";
import { resolveTls, tlsWarnings } from "./tls-kinds.ts";
import type { OptionDefinition } from "./option-table.ts";
import { optionTable, scriptFields } from "./option-table.ts";
import type { ConsolidatedOptions, MergedOptions } from "./options.ts";

/** Everything decided before a run. Plain data: it crosses threads and goes into the record. */
export interface RunPlan {
  readonly options: ConsolidatedOptions;
  /** Sorted by start time, then name. */
  readonly scenarios: readonly ScenarioPlan[];
  /** The part of the test that this instance runs. */
  readonly share: ShareSpec;
  readonly warnings: readonly string[];
  /** k6 names of options that are set and that lakh does not act on. */
  readonly unsupported: readonly string[];
}

/**
 * Derives the scenarios and checks everything that can be checked before a run.
 * With `exports`, the names of the functions that the script exports, each scenario's `exec` must be one of them.
 * @throws PLAN_OPTIONS_CONFLICT, PLAN_EXEC_MISSING, PLAN_OPTION_INVALID, SCHEDULE_SCENARIO_INVALID, SCHEDULE_SEGMENT_…
 */
export function deriveRunPlan(merged: MergedOptions, exports?: readonly string[]): RunPlan {
  const { options, unsupported } = merged;
  const { raws, warnings } = deriveScenarios(options);
  // To be checked: what they resolve to goes to the workers.
  resolveDns(options.dns);
  resolveTls(options);
  const scenarios = parseScenarios(raws);
  if (exports !== undefined) requireExports(scenarios, exports);
  const share: ShareSpec = {
    segment: options.executionSegment,
    sequence: options.executionSegmentSequence,
    part: null,
  };
  // Built to be checked: a bad segment must end the run here, not in a worker.
  createShare(share);
  return deepFreeze({
    options,
    scenarios,
    share,
    warnings: [...merged.warnings, ...tlsWarnings(options.tlsAuth), ...warnings],
    unsupported,
  });
}

/** The consolidated options as scripts see them in `exec.test.options`: k6's keys in k6's order, durations as texts. */
export function optionsForScript(plan: RunPlan): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const field of scriptFields) {
    if (field === "cloud" && plan.options.cloud === null) continue;
    const { k6Name, kind }: OptionDefinition<unknown> = optionTable[field];
    const value = plan.options[field];
    shown[k6Name] = value === null ? null : kind.toK6(value as NonNullable<unknown>);
  }
  shown["scenarios"] = Object.fromEntries(plan.scenarios.map(({ name, config }) => [name, config]));
  return shown;
}

interface Derived {
  readonly raws: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

function deriveScenarios(options: ConsolidatedOptions): Derived {
  const { iterations, durationMs, stages, scenarios } = options;
  const vus = options.vus ?? 1;
  if (iterations !== null) {
    refuseBeside("iterations", { stages, scenarios });
    const maxDuration = durationMs === null ? {} : { maxDuration: durationMs };
    return asDefault({ executor: "shared-iterations", vus, iterations, ...maxDuration });
  }
  if (durationMs !== null) {
    refuseBeside("duration", { stages, scenarios });
    if (durationMs <= 0) throw nonPositiveDuration(durationMs);
    return asDefault({ executor: "constant-vus", vus, duration: durationMs });
  }
  if (stages !== null && stages.length > 0) {
    refuseBeside("stages", { scenarios });
    const list = stages.map(({ durationMs: duration, target }) => ({ duration, target }));
    return asDefault({ executor: "ramping-vus", startVUs: vus, stages: list });
  }
  return deriveWithoutShortcut(options);
}

function deriveWithoutShortcut({ vus, stages, scenarios }: ConsolidatedOptions): Derived {
  const hasScenarios = scenarios !== null && Object.keys(scenarios).length > 0;
  if (vus !== null && stages === null) {
    const overridden = hasScenarios ? [`\`vus=${vus}\` overrides scenarios configuration`] : [];
    return asDefault({ executor: "shared-iterations", vus, iterations: vus }, overridden);
  }
  if (hasScenarios) return { raws: scenarios, warnings: [] };
  const empty = [
    ...(scenarios === null ? [] : ["scenarios"]),
    ...(stages === null ? [] : ["stages"]),
  ];
  return asDefault(
    { executor: "per-vu-iterations", vus: 1, iterations: 1 },
    empty.map((name) => `\`${name}\` is set but empty: running one iteration of one VU`),
  );
}

function asDefault(raw: unknown, warnings: readonly string[] = []): Derived {
  return { raws: { default: raw }, warnings };
}

function refuseBeside(name: string, others: Readonly<Record<string, object | null>>): void {
  for (const [other, value] of Object.entries(others)) {
    if (value === null || Object.keys(value).length === 0) continue;
    throw new LakhError(
      "PLAN_OPTIONS_CONFLICT",
      `using \`${name}\` and \`${other}\` options simultaneously is not allowed`,
      {
        hint: `remove one of them; \`${name}\` is a shortcut for one scenario`,
        exitCode: exitCodes.invalidConfig,
      },
    );
  }
}

function nonPositiveDuration(durationMs: number): LakhError {
  return new LakhError(
    "PLAN_OPTION_INVALID",
    `\`duration\` should be more than 0, but is ${durationMs}ms`,
    { hint: "set a duration such as '30s', or leave it out", exitCode: exitCodes.invalidConfig },
  );
}

function requireExports(scenarios: readonly ScenarioPlan[], exports: readonly string[]): void {
  const missing = scenarios.filter(({ exec }) => !exports.includes(exec));
  const [first] = missing;
  if (first === undefined) return;
  const lines = missing.map(
    ({ name, exec }) => `executor ${name}: function '${exec}' not found in exports`,
  );
  const near = nearest(first.exec, exports);
  throw new LakhError("PLAN_EXEC_MISSING", lines.join("\n"), {
    hint:
      near === undefined
        ? `export a function named '${first.exec}' from the script`
        : `did you mean '${near}'?`,
    exitCode: exitCodes.invalidConfig,
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) deepFreeze(each);
  return Object.freeze(value);
}

/**
 * The frozen plan of a run: consolidated options and the scenarios that follow from them.
 * The execution shortcuts (vus, duration, iterations, stages) become one scenario named "default"
 * (k6-behaviour 3.2, in k6's order of evaluation).
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { formatGoDuration } from "../base/units.ts";
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
  if (options.setupTimeoutMs <= 0) throw setupTimeoutNotPositive();
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
  checkShare(share, merged);
  return deepFreeze({
    options,
    scenarios,
    share,
    warnings: [...merged.warnings, ...tlsWarnings(options.tlsAuth), ...warnings],
    unsupported,
  });
}

/** The options of a run with every default filled in, for its record: k6's keys in k6's order, durations as texts. */
export function recordedOptions(plan: RunPlan): Record<string, unknown> {
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

/** A segment that cannot be read is a mistake of the command line (255) or of the options (104), as in k6. */
function checkShare(share: ShareSpec, { flagged }: MergedOptions): void {
  try {
    createShare(share);
  } catch (error) {
    const isFlag = flagged.some((name) => name.startsWith("executionSegment"));
    if (isFlag || !(error instanceof LakhError)) throw error;
    throw new LakhError(error.code, error.message, {
      exitCode: exitCodes.invalidConfig,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

interface Derived {
  readonly raws: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

function deriveScenarios(options: ConsolidatedOptions): Derived {
  const { iterations, durationMs, stages, scenarios } = options;
  // Left out when nobody set it: executors have one VU of their own, and k6 shows null.
  const vus = options.vus === null ? {} : { vus: options.vus };
  if (iterations !== null) {
    refuseBeside("iterations", { stages, scenarios });
    const maxDuration = durationMs === null ? {} : { maxDuration: durationMs };
    return asDefault({ executor: "shared-iterations", ...vus, iterations, ...maxDuration });
  }
  if (durationMs !== null) {
    refuseBeside("duration", { stages, scenarios });
    if (durationMs <= 0) throw nonPositiveDuration(durationMs);
    return asDefault({ executor: "constant-vus", ...vus, duration: durationMs });
  }
  if (stages !== null && stages.length > 0) {
    refuseBeside("stages", { scenarios });
    const list = stages.map(({ durationMs: duration, target }) => ({ duration, target }));
    const startVUs = options.vus === null ? {} : { startVUs: options.vus };
    return asDefault({ executor: "ramping-vus", ...startVUs, stages: list });
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
    { executor: "per-vu-iterations" },
    empty.map(
      (name) =>
        `\`${name}\` was explicitly set to an empty value, running the script with 1 iteration in 1 VU`,
    ),
  );
}

function asDefault(raw: unknown, warnings: readonly string[] = []): Derived {
  return { raws: { default: raw }, warnings };
}

function refuseBeside(name: string, others: Readonly<Record<string, object | null>>): void {
  for (const [other, value] of Object.entries(others)) {
    // Empty stages are as good as none; empty scenarios are not, in k6.
    if (value === null || (Array.isArray(value) && value.length === 0)) continue;
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
    `\`duration\` option should be more than 0, but is ${formatGoDuration(durationMs)}`,
    { hint: "set a duration such as '30s', or leave it out", exitCode: exitCodes.invalidConfig },
  );
}

function setupTimeoutNotPositive(): LakhError {
  return new LakhError(
    "PLAN_OPTION_INVALID",
    "There were problems with the specified script configuration:\n\t- setupTimeout must be positive",
    { hint: "set a time such as '60s'", exitCode: exitCodes.invalidConfig },
  );
}

function requireExports(scenarios: readonly ScenarioPlan[], exports: readonly string[]): void {
  const missing = scenarios.filter(({ exec }) => !exports.includes(exec));
  const [first] = missing;
  if (first === undefined) return;
  const lines = missing.map(
    ({ name, exec }) => `- executor ${name}: function '${exec}' not found in exports`,
  );
  const near = nearest(first.exec, exports);
  const headline = "There were problems with the specified script configuration:";
  throw new LakhError("PLAN_EXEC_MISSING", [headline, ...lines].join("\n\t"), {
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

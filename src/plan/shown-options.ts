/**
 * Options as k6 prints them in `inspect` and in archives: its keys in its order, null for what nobody set, maps sorted
 * by key as Go sorts them. Shortcuts stay shortcuts here.
 */
import { isRecord, showScenarios } from "../schedule/index.ts";
import type { OptionDefinition, OptionField } from "./option-table.ts";
import { optionTable, scriptFields } from "./option-table.ts";
import type { ConsolidatedOptions } from "./options.ts";
import type { RunPlan } from "./run-plan.ts";

/** Fields that k6 fills with their defaults when it lays the layers over each other. */
const filledFields: readonly OptionField[] = ["summaryTrendStats", "systemTags"];

/**
 * The options of some layers, merged.
 * @param isConsolidated true when the layers are all there are: k6 fills in two defaults then
 * @throws SCHEDULE_SCENARIO_INVALID for a scenario that cannot be read; one that could not run is shown all the same
 */
export function showOptions(
  options: ConsolidatedOptions,
  isConsolidated: boolean,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const field of scriptFields) {
    const { k6Name, kind }: OptionDefinition<unknown> = optionTable[field];
    const value = options[field];
    const isGiven =
      options.given.includes(k6Name) || (isConsolidated && filledFields.includes(field));
    const isSet = isGiven && value !== null;
    // `cloud` is printed only when there is one, and before `ext`.
    if (field === "cloud" && !isSet) continue;
    shown[k6Name] = isSet ? kind.toK6(value as NonNullable<unknown>) : unsetOf(field);
  }
  if (isRecord(shown["scenarios"])) shown["scenarios"] = showScenarios(shown["scenarios"]);
  if (Array.isArray(shown["systemTags"]))
    shown["systemTags"] = sortedOrNull(shown["systemTags"] as string[]);
  for (const name of ["tags", "hosts", "thresholds", "ext", "cloud"])
    if (name in shown) shown[name] = sortKeys(shown[name], name === "ext" || name === "cloud");
  return { ...shown, features: null };
}

/**
 * `exec.test.options`: the shortcuts are gone, the scenarios that follow from them are there, and so are two options
 * that no script can set.
 */
export function optionsForScript({ options, scenarios }: RunPlan): Record<string, unknown> {
  const shown = showOptions({ ...options, scenarios: null }, true);
  shown["scenarios"] = Object.fromEntries(scenarios.map(({ name, config }) => [name, config]));
  const {
    vus: _vus,
    duration: _duration,
    iterations: _iterations,
    stages: _stages,
    ...rest
  } = shown;
  return { ...rest, consoleOutput: options.consoleOutput, localIPs: options.localIPs };
}

/**
 * What k6 writes into each VU's exported `options`: every value that some layer set, over what the script had there.
 * Scenarios come out empty, and `dns` stays as the script has it, in k6 as here.
 */
export function writtenBackOptions({ options, scenarios }: RunPlan): Record<string, unknown> {
  const {
    dns: _dns,
    features: _features,
    ...shown
  } = showOptions({ ...options, scenarios: null }, true);
  const [only] = scenarios;
  const isCounted = only?.name === "default" && only.executor === "shared-iterations";
  const iterations = shown["iterations"] ?? (isCounted ? only.config["iterations"] : null);
  const values = { ...shown, iterations, scenarios: {} };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/** k6 prints a set of tags, and null for an empty one. */
function sortedOrNull(list: readonly string[]): string[] | null {
  return list.length === 0 ? null : [...list].sort();
}

function unsetOf(field: OptionField): unknown {
  return field === "dns" ? { ttl: null, select: null, policy: null } : null;
}

/** A map with its keys in order; values that are maps too when `isDeep`. */
function sortKeys(value: unknown, isDeep: boolean): unknown {
  if (isDeep && Array.isArray(value)) return value.map((item) => sortKeys(item, true));
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(
    keys.map((key) => [key, isDeep ? sortKeys(value[key], true) : value[key]]),
  );
}

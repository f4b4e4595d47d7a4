/**
 * Options from their layers to one consolidated value. Low to high (k6-behaviour 1.4, observed):
 * defaults < config file < script < plan < environment < flags. A higher layer replaces a value wholesale; when it sets
 * any of duration, iterations, stages or scenarios, all four of the lower layers are dropped (vus survives).
 * `null` in a layer means "not set here".
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { isRecord, quoteValue, spellFields } from "../schedule/index.ts";
import type { OptionDefinition, OptionField, OptionFields } from "./option-table.ts";
import {
  deadEnvNames,
  genericErrorFields,
  optionFields,
  optionTable,
  scriptFields,
} from "./option-table.ts";

/** Where a value comes from. "plan" is lakh's own: a workload computed from DAU replaces the script's load. */
export type OptionLayerName = "defaults" | "file" | "script" | "plan" | "env" | "cli";

/** The values that one layer sets, validated. */
export interface OptionLayer {
  readonly name: OptionLayerName;
  readonly values: Partial<OptionFields>;
  readonly warnings: readonly string[];
}

/** All options, and which of them somebody has set. */
export interface ConsolidatedOptions extends OptionFields {
  /** k6 names of the options that some layer above the defaults sets. */
  readonly given: readonly string[];
}

/** What merging the layers found. */
export interface MergedOptions {
  readonly options: ConsolidatedOptions;
  readonly warnings: readonly string[];
  /** k6 names of options that flags set. */
  readonly flagged: readonly string[];
  /** k6 names of options that are set to something else than the default and that lakh does not act on. */
  readonly unsupported: readonly string[];
}

/**
 * The options object of a script (`layer` "script"), of a config file, of lakh's plan, or of the command line.
 * On the command line (`layer` "cli") values are texts as typed, lists for flags that repeat, true for flags without a
 * value; keys are k6's option names. With the script's URL, what k6 cannot decode either is told in its words.
 * @throws PLAN_OPTION_INVALID with every problem found, PLAN_OPTION_UNREADABLE, PLAN_OPTIONS_NOT_JSON
 */
export function parseOptions(
  raw: unknown,
  layer: OptionLayerName,
  scriptUrl?: string,
): OptionLayer {
  const readable = layer === "cli" ? optionFields : scriptFields;
  const fieldOf = new Map(readable.map((field) => [optionTable[field].k6Name, field]));
  const plain = spellFields(toPlain(raw, layer), [...fieldOf.keys()]);
  const unknown: string[] = [];
  const reader = new LayerReader(layer);
  for (const [key, value] of Object.entries(plain)) {
    const field = fieldOf.get(key);
    if (field) reader.read(field, value, describeOption(layer, optionTable[field]));
    else unknown.push(key);
  }
  const fault = scriptUrl === undefined ? undefined : reader.k6Fault(plain);
  if (fault !== undefined) {
    throw new LakhError(
      "PLAN_OPTION_UNREADABLE",
      `could not load JS test '${scriptUrl}': ${fault}`,
      {
        hint: reader.problems,
        exitCode: exitCodes.invalidConfig,
      },
    );
  }
  const warnings = unknownFieldWarnings(layer, unknown, [...fieldOf.keys()]);
  return reader.finish(warnings);
}

/**
 * The options among `K6_…` variables. Booleans are exactly `true` or `false`; a duration without a unit is milliseconds.
 * @throws PLAN_OPTION_INVALID with every problem found
 */
export function optionsFromEnv(env: Readonly<Record<string, string | undefined>>): OptionLayer {
  const reader = new LayerReader("env");
  for (const field of optionFields) {
    const name = optionTable[field].env;
    if (name !== null && env[name]) reader.read(field, env[name], `environment variable ${name}`);
  }
  const dead = deadEnvNames.filter((name) => env[name]);
  return reader.finish(
    dead.map((name) => `${name} has no effect, as in k6; set the option in the script`),
  );
}

/** Lays the layers over the defaults, lowest first. */
export function mergeOptions(...layers: readonly OptionLayer[]): MergedOptions {
  return mergeLayers(layers, { mergesTags: false });
}

/** As {@link mergeOptions}; with `mergesTags` the tags of all layers are kept (k6's feature merge-run-tags). */
export function mergeLayers(
  layers: readonly OptionLayer[],
  { mergesTags }: { readonly mergesTags: boolean },
): MergedOptions {
  let merged: OptionFields = defaultOptions();
  const given = new Set<string>();
  const warnings = layers.flatMap((layer) => layer.warnings);
  for (const { name, values } of layers) {
    if (shortcuts.some((field) => isSet(values, field))) {
      if (isSet(merged, "scenarios") && !isSet(values, "scenarios")) {
        warnings.push(`"${name}" level configuration overrode scenarios configuration entirely`);
      }
      merged = { ...merged, durationMs: null, iterations: null, stages: null, scenarios: null };
    }
    // A computed workload is the whole load: a `vus` of the script would turn it into that many iterations (k6: 3.2).
    if (name === "plan" && isSet(values, "scenarios")) merged = { ...merged, vus: null };
    const tags = mergesTags ? { ...merged.tags, ...values.tags } : (values.tags ?? merged.tags);
    merged = { ...merged, ...values, tags };
    if (name === "defaults") continue;
    for (const field of fieldsIn(values)) given.add(optionTable[field].k6Name);
  }
  return {
    options: { ...merged, given: [...given] },
    warnings,
    flagged: layers.flatMap(({ name, values }) =>
      name === "cli" ? fieldsIn(values).map((field) => optionTable[field].k6Name) : [],
    ),
    unsupported: optionFields
      .filter((field) => !optionTable[field].isHonoured && differsFromDefault(merged, field))
      .map((field) => optionTable[field].k6Name),
  };
}

function fieldsIn(values: Partial<OptionFields>): OptionField[] {
  return optionFields.filter((field) => field in values);
}

const shortcuts = ["durationMs", "iterations", "stages", "scenarios"] as const;

/** Keys of a config file that are not options of a script. */
const fileOnlyKeys = ["out", "linger", "noUsageReport", "webDashboard", "features", "collectors"];

/** Collects the values and problems of one layer. */
class LayerReader {
  readonly #name: OptionLayerName;
  readonly #values: Partial<Record<OptionField, unknown>> = {};
  readonly #problems: { readonly field: OptionField; readonly text: string }[] = [];

  constructor(name: OptionLayerName) {
    this.#name = name;
  }

  read(field: OptionField, raw: unknown, where: string): void {
    if (raw === null || raw === undefined) return;
    const definition: OptionDefinition<unknown> = optionTable[field];
    const value = this.#parse(definition, raw);
    if (value === undefined) {
      const text = `${where} must be ${definition.kind.expects}, but is ${quoteValue(raw)}`;
      this.#problems.push({ field, text });
    } else if (value !== null) {
      this.#values[field] = value;
    }
  }

  /** What is wrong, a line each. */
  get problems(): string {
    return this.#problems.map(({ text }) => text).join("\n");
  }

  /** What k6 would say of the first problem, in the order in which it reads; undefined when it has no words of its own. */
  k6Fault(options: Readonly<Record<string, unknown>>): string | undefined {
    const [first] = this.#problems
      .map(({ field }) => optionTable[field] as OptionDefinition<unknown>)
      .sort((a, b) => (a.k6Name < b.k6Name ? -1 : 1));
    return first?.kind.k6Fault?.(options[first.k6Name], options);
  }

  finish(warnings: readonly string[]): OptionLayer {
    if (this.#problems.length > 0) {
      const isGeneric = this.#problems.every(({ field }) => genericErrorFields.includes(field));
      throw invalidOptions(this.#name, this.problems, isGeneric);
    }
    // Each value was read by the kind that the table, typed by OptionFields, gives for its field.
    return { name: this.#name, values: this.#values as Partial<OptionFields>, warnings };
  }

  #parse({ kind }: OptionDefinition<unknown>, raw: unknown): unknown {
    const isText = this.#name === "env" || this.#name === "cli";
    const isRead =
      typeof raw === "boolean" || isRecord(raw) || (Array.isArray(raw) && raw.some(isRecord));
    if (!isText || isRead) return kind.fromJson(raw);
    if (!Array.isArray(raw)) return kind.fromText(String(raw), this.#name === "cli");
    const texts = raw.map(String);
    return kind.fromRepeated
      ? kind.fromRepeated(texts)
      : kind.fromText(texts.join(","), this.#name === "cli");
  }
}

/** As JSON would have it, which is what k6 sees: no functions, no undefined, NaN as null. */
function toPlain(raw: unknown, layer: OptionLayerName): Readonly<Record<string, unknown>> {
  let plain: unknown;
  try {
    plain = JSON.parse(JSON.stringify(raw ?? {}) ?? "null");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LakhError(
      "PLAN_OPTIONS_NOT_JSON",
      `the ${layer} options cannot be written as JSON: ${reason}`,
      {
        hint: "options hold plain values only: numbers, texts, lists and objects without cycles",
        exitCode: exitCodes.invalidConfig,
        cause,
      },
    );
  }
  if (isRecord(plain)) return plain;
  throw invalidOptions(layer, `${layer} options must be an object, but are ${quoteValue(plain)}`);
}

function unknownFieldWarnings(
  layer: OptionLayerName,
  unknown: readonly string[],
  known: readonly string[],
): string[] {
  const accepted = layer === "file" ? fileOnlyKeys : ["features"];
  const strange = unknown.filter((key) => !accepted.includes(key));
  if (strange.length === 0) return [];
  const list = strange.map((key) => {
    const near = nearest(key, known);
    return near === undefined ? `"${key}"` : `"${key}" (did you mean "${near}"?)`;
  });
  const place = layer === "script" ? "exported in the script" : `of the ${layer} layer`;
  return [`There were unknown fields in the options ${place}: ${list.join(", ")}`];
}

function describeOption(
  layer: OptionLayerName,
  { k6Name, flag }: OptionDefinition<unknown>,
): string {
  return layer === "cli" && flag !== null ? `flag ${flag}` : `option "${k6Name}" (${layer})`;
}

function invalidOptions(layer: OptionLayerName, problems: string, isGeneric = false): LakhError {
  return new LakhError("PLAN_OPTION_INVALID", problems, {
    hint: layer === "cli" ? "see `lakh run --help`" : "see docs/reference/options.md",
    // k6 ends with its generic code when a flag cannot be read, and for a few options wherever they stand.
    exitCode: isGeneric || layer === "cli" ? exitCodes.generic : exitCodes.invalidConfig,
  });
}

function defaultOptions(): OptionFields {
  return Object.fromEntries(
    optionFields.map((field) => [field, optionTable[field].fallback]),
  ) as unknown as OptionFields;
}

function isSet(values: Partial<OptionFields>, field: OptionField): boolean {
  return values[field] !== undefined && values[field] !== null;
}

function differsFromDefault(values: OptionFields, field: OptionField): boolean {
  return JSON.stringify(values[field]) !== JSON.stringify(optionTable[field].fallback);
}

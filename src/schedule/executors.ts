/**
 * k6's six executors as validated plans: fields, defaults, limits and error texts (k6-behaviour 3.1 and 3.3).
 * Every problem of every scenario is found in one pass, so that a user repairs a script once.
 * Durations are milliseconds; "regular" means without gracefulStop.
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { FieldReader } from "./fields.ts";
import type { Stage } from "./values.ts";
import { isRecord, quoteValue, spellFields } from "./values.ts";

interface ScenarioCommon {
  readonly name: string;
  readonly startTimeMs: number;
  readonly gracefulStopMs: number;
  /** Name of the exported function that is an iteration. */
  readonly exec: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The fields that were given, in k6's names and units (durations as texts); null for those that were not. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** VUs take iterations from one shared counter until it is used up. */
export interface SharedIterationsPlan extends ScenarioCommon {
  readonly executor: "shared-iterations";
  readonly vus: number;
  readonly iterations: number;
  readonly maxDurationMs: number;
}

/** Each VU runs `iterations` iterations. */
export interface PerVuIterationsPlan extends ScenarioCommon {
  readonly executor: "per-vu-iterations";
  readonly vus: number;
  readonly iterations: number;
  readonly maxDurationMs: number;
}

/** `vus` VUs loop for `durationMs`. */
export interface ConstantVusPlan extends ScenarioCommon {
  readonly executor: "constant-vus";
  readonly vus: number;
  readonly durationMs: number;
}

/** A number of looping VUs that changes linearly in each stage. */
export interface RampingVusPlan extends ScenarioCommon {
  readonly executor: "ramping-vus";
  readonly startVus: number;
  readonly stages: readonly Stage[];
  readonly gracefulRampDownMs: number;
}

/** `rate` iterations start in every `timeUnitMs`, whatever the target does. */
export interface ConstantArrivalRatePlan extends ScenarioCommon {
  readonly executor: "constant-arrival-rate";
  readonly rate: number;
  readonly timeUnitMs: number;
  readonly durationMs: number;
  readonly preAllocatedVus: number;
  readonly maxVus: number;
}

/** An arrival rate (per `timeUnitMs`) that changes linearly in each stage. */
export interface RampingArrivalRatePlan extends ScenarioCommon {
  readonly executor: "ramping-arrival-rate";
  readonly startRate: number;
  readonly timeUnitMs: number;
  readonly stages: readonly Stage[];
  readonly preAllocatedVus: number;
  readonly maxVus: number;
}

/** One scenario, validated: nothing in it needs checking again. */
export type ScenarioPlan =
  | SharedIterationsPlan
  | PerVuIterationsPlan
  | ConstantVusPlan
  | RampingVusPlan
  | ConstantArrivalRatePlan
  | RampingArrivalRatePlan;

/** k6's names of the executors. */
export type ExecutorName = ScenarioPlan["executor"];

/**
 * One scenario of k6's `scenarios` option.
 * @throws SCHEDULE_SCENARIO_INVALID with every problem found
 */
export function parseScenario(name: string, raw: unknown): ScenarioPlan {
  return parseScenarios({ [name]: raw })[0]!;
}

/**
 * All scenarios of k6's `scenarios` option, sorted by start time, then name.
 * @throws SCHEDULE_SCENARIO_INVALID with every problem of every scenario
 */
export function parseScenarios(raws: Readonly<Record<string, unknown>>): ScenarioPlan[] {
  const attempts = Object.entries(raws).map(([name, raw]) => attemptScenario(name, raw));
  const wrong = attempts.filter((attempt) => attempt.problems.length > 0);
  if (wrong.length > 0) throw invalidScenarios(wrong);
  return attempts
    .map(({ plan }) => plan!)
    .sort((a, b) => a.startTimeMs - b.startTimeMs || (a.name < b.name ? -1 : 1));
}

/**
 * Scenarios as k6 prints them, by name: every field of their executors, durations as texts, null where nothing is set.
 * What could not run is shown all the same.
 * @throws SCHEDULE_SCENARIO_INVALID for what cannot be read: no known executor, an unknown field, a value of the wrong type
 */
export function showScenarios(
  raws: Readonly<Record<string, unknown>>,
): Record<string, Readonly<Record<string, unknown>>> {
  const attempts = Object.entries(raws).map(([name, raw]) => attemptScenario(name, raw));
  const wrong = attempts.filter((attempt) => attempt.config === undefined);
  if (wrong.length > 0) throw invalidScenarios(wrong);
  attempts.sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(attempts.map(({ name, config }) => [name, config!]));
}

/** Length of the regular period: after it no iteration starts. */
export function regularDurationMs(plan: ScenarioPlan): number {
  switch (plan.executor) {
    case "shared-iterations":
    case "per-vu-iterations":
      return plan.maxDurationMs;
    case "constant-vus":
    case "constant-arrival-rate":
      return plan.durationMs;
    case "ramping-vus":
    case "ramping-arrival-rate":
      return plan.stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
  }
}

interface Attempt {
  readonly name: string;
  readonly plan: ScenarioPlan | undefined;
  /** As k6 prints it; undefined when the scenario cannot be read. */
  readonly config: Readonly<Record<string, unknown>> | undefined;
  readonly problems: readonly string[];
  readonly hint: string | undefined;
}

type ExecutorReader = (fields: FieldReader, common: ScenarioCommon) => ScenarioPlan;

const readers: Readonly<Record<ExecutorName, ExecutorReader>> = {
  "shared-iterations": readSharedIterations,
  "per-vu-iterations": readPerVuIterations,
  "constant-vus": readConstantVus,
  "ramping-vus": readRampingVus,
  "constant-arrival-rate": readConstantArrivalRate,
  "ramping-arrival-rate": readRampingArrivalRate,
};

function attemptScenario(name: string, written: unknown): Attempt {
  const failed = (problem: string, hint?: string): Attempt => {
    return { name, plan: undefined, config: undefined, problems: [problem], hint };
  };
  if (!isRecord(written))
    return failed(`a scenario must be an object, but is ${quoteValue(written)}`);
  const raw = spellFields(written, fieldOrder);
  const executor = raw["executor"];
  if (executor === undefined || executor === null || executor === "") {
    return failed(
      `scenario '${name}' doesn't have a specified executor type`,
      `set executor to one of ${Object.keys(readers).join(", ")}`,
    );
  }
  const word = typeof executor === "string" ? executor : quoteValue(executor);
  const read = Object.hasOwn(readers, word) ? readers[word as ExecutorName] : undefined;
  if (!read) return failed(`unknown executor type '${word}'`, executorHint(word));
  const fields = new FieldReader(raw);
  const plan = read(fields, readCommon(name, fields));
  fields.rejectUnknown();
  const config = inK6Order({ executor: word, ...fields.given });
  return {
    name,
    plan: { ...plan, config },
    config: fields.isUnreadable ? undefined : config,
    problems: fields.problems,
    hint: fields.hint,
  };
}

/** The order in which k6 prints the fields of any executor. */
const fieldOrder = [
  "executor",
  "startTime",
  "gracefulStop",
  "env",
  "exec",
  "tags",
  "options",
  "vus",
  "iterations",
  "maxDuration",
  "startVUs",
  "rate",
  "startRate",
  "timeUnit",
  "duration",
  "stages",
  "gracefulRampDown",
  "preAllocatedVUs",
  "maxVUs",
];

/** `options` (of the browser module) is there only when it is set; every other field is, as null if need be. */
function inK6Order(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = fieldOrder.filter(
    (name) => name in given && (name !== "options" || given[name] !== null),
  );
  return Object.fromEntries(names.map((name) => [name, given[name]]));
}

function readCommon(name: string, fields: FieldReader): ScenarioCommon {
  if (!/^[0-9a-zA-Z_-]+$/u.test(name)) {
    fields.problem(
      "the scenario name should contain only numbers, latin letters, underscores, and dashes",
    );
  }
  // In the order in which k6 tells the problems.
  const exec = fields.text("exec", "default");
  if (exec === "") fields.problem("exec value cannot be empty");
  const startTimeMs = fields.durationMs("startTime", 0);
  if (startTimeMs < 0) fields.problem("the startTime can't be negative");
  const gracefulStopMs = fields.durationMs("gracefulStop", 30_000);
  if (gracefulStopMs < 0) fields.problem("the gracefulStop timeout can't be negative");
  const env = fields.textMap("env");
  const tags = fields.textMap("tags");
  readExtraOptions(fields);
  return { name, startTimeMs, gracefulStopMs, exec, env, tags, config: {} };
}

/** Options of the browser module, the only ones there are; nothing else in lakh reads them. */
function readExtraOptions(fields: FieldReader): void {
  const options = fields.raw("options");
  if (options === undefined || options === null) return;
  const unknown = isRecord(options)
    ? Object.keys(options).find((name) => name !== "browser")
    : "options";
  if (unknown !== undefined) fields.unknownField(unknown);
}

function readSharedIterations(fields: FieldReader, common: ScenarioCommon): ScenarioPlan {
  const vus = fields.vus("vus", 1);
  const iterations = fields.wholeNumber("iterations", 1);
  if (iterations < vus) {
    fields.problem(
      `the number of iterations (${iterations}) can't be less than the number of VUs (${vus})`,
    );
  }
  const maxDurationMs = readMaxDurationMs(fields);
  return { ...common, executor: "shared-iterations", vus, iterations, maxDurationMs };
}

function readPerVuIterations(fields: FieldReader, common: ScenarioCommon): ScenarioPlan {
  const vus = fields.vus("vus", 1);
  const iterations = fields.wholeNumber("iterations", 1);
  if (iterations <= 0) fields.problem("the number of iterations must be more than 0");
  const maxDurationMs = readMaxDurationMs(fields);
  return { ...common, executor: "per-vu-iterations", vus, iterations, maxDurationMs };
}

function readConstantVus(fields: FieldReader, common: ScenarioCommon): ScenarioPlan {
  const vus = fields.vus("vus", 1);
  const durationMs = readDurationMs(fields);
  return { ...common, executor: "constant-vus", vus, durationMs };
}

function readRampingVus(fields: FieldReader, common: ScenarioCommon): ScenarioPlan {
  const startVus = fields.count("startVUs", 1, "the number of start VUs");
  const stages = fields.stages((targets) => {
    const isIdle = startVus <= 0 && targets.every((target) => target <= 0);
    return isIdle
      ? "either startVUs or one of the stages' target values must be greater than 0"
      : "";
  });
  // Below 0 is at once, as in k6.
  const gracefulRampDownMs = Math.max(0, fields.durationMs("gracefulRampDown", 30_000));
  return { ...common, executor: "ramping-vus", startVus, stages, gracefulRampDownMs };
}

function readConstantArrivalRate(fields: FieldReader, common: ScenarioCommon): ScenarioPlan {
  const rate = fields.wholeNumber("rate", 1);
  if (!fields.isSet("rate")) fields.problem("the iteration rate isn't specified");
  else if (rate <= 0) fields.problem("the iteration rate must be more than 0");
  const timeUnitMs = readTimeUnitMs(fields);
  const durationMs = readDurationMs(fields);
  const arrival = { durationMs, timeUnitMs, ...readArrivalVus(fields) };
  return { ...common, executor: "constant-arrival-rate", rate, ...arrival };
}

function readRampingArrivalRate(fields: FieldReader, common: ScenarioCommon): ScenarioPlan {
  const startRate = fields.wholeNumber("startRate", 0);
  if (startRate < 0) fields.problem("the startRate value can't be negative");
  const timeUnitMs = readTimeUnitMs(fields);
  const stages = fields.stages();
  const arrival = { stages, timeUnitMs, ...readArrivalVus(fields) };
  return { ...common, executor: "ramping-arrival-rate", startRate, ...arrival };
}

function readTimeUnitMs(fields: FieldReader): number {
  const timeUnitMs = fields.durationMs("timeUnit", 1_000);
  if (timeUnitMs <= 0) fields.problem("the timeUnit must be more than 0");
  return timeUnitMs;
}

function readArrivalVus(
  fields: FieldReader,
): Pick<ConstantArrivalRatePlan, "preAllocatedVus" | "maxVus"> {
  const preAllocatedVus = fields.count("preAllocatedVUs", 0, "the number of preAllocatedVUs");
  if (!fields.isSet("preAllocatedVUs")) {
    fields.problem("the number of preAllocatedVUs isn't specified");
  }
  const maxVus = fields.wholeNumber("maxVUs", preAllocatedVus);
  if (maxVus < preAllocatedVus) fields.problem("maxVUs can't be less than preAllocatedVUs");
  return { preAllocatedVus, maxVus };
}

function readDurationMs(fields: FieldReader): number {
  const durationMs = fields.durationMs("duration", 1_000);
  if (!fields.isSet("duration")) fields.problem("the duration is unspecified");
  else fields.atLeastOneSecond("duration", durationMs);
  return durationMs;
}

function readMaxDurationMs(fields: FieldReader): number {
  const maxDurationMs = fields.durationMs("maxDuration", 600_000);
  fields.atLeastOneSecond("maxDuration", maxDurationMs);
  return maxDurationMs;
}

function executorHint(word: string): string {
  if (word === "externally-controlled") {
    return "k6 v2 removed it; use constant-vus or ramping-vus";
  }
  const names = Object.keys(readers);
  const near = nearest(word, names);
  return near === undefined ? `use one of ${names.join(", ")}` : `did you mean '${near}'?`;
}

function invalidScenarios(wrong: readonly Attempt[]): LakhError {
  const lines = wrong.map(({ name, problems }) =>
    problems[0]!.startsWith(`scenario '${name}'`)
      ? `- ${problems[0]}`
      : `- scenario ${name} has configuration errors: ${problems.join(", ")}`,
  );
  const hint = wrong.find((attempt) => attempt.hint !== undefined)?.hint;
  return new LakhError(
    "SCHEDULE_SCENARIO_INVALID",
    ["There were problems with the specified script configuration:", ...lines].join("\n\t"),
    { exitCode: exitCodes.invalidConfig, ...(hint === undefined ? {} : { hint }) },
  );
}

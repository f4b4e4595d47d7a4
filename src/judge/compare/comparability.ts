/**
 * May these runs be compared at all? A difference between two scripts, two loads or two ways to measure is none of the
 * target's, and a run that says nothing of its target says nothing beside another either.
 */
import { parseDurationMs } from "../../base/units.ts";
import type { RunFigures, ScenarioRecord } from "../../record/index.ts";
import { formatList, formatWait } from "../wording.ts";
import type { Tolerable } from "./comparison.ts";

export interface Comparability {
  /** Why not; empty when they may. */
  readonly faults: readonly string[];
  /** What is different and may explain a difference. */
  readonly warnings: readonly string[];
}

/** Relative difference of two numbers of a load that counts as none: plans round. */
const loadTolerance = 0.02;
/** Steady states that differ by more than this factor are worth a word. */
const lengthTolerance = 1.25;

export function comparabilityOf(
  base: readonly RunFigures[],
  fresh: readonly RunFigures[],
  tolerated: readonly Tolerable[],
): Comparability {
  const runs = [...base, ...fresh];
  const first = runs[0]!;
  const others = runs.slice(1);
  const differences: readonly [Tolerable, string | undefined][] = [
    ["script", scriptDifference(first, others)],
    ["load", loadDifference(first, others)],
    ["runner", runnerDifference(first, others)],
  ];
  const found = differences.filter(([, difference]) => difference !== undefined);
  const isTolerated = ([what]: readonly [Tolerable, unknown]): boolean => tolerated.includes(what);
  return {
    faults: [
      ...runs.flatMap(({ id, invalid }) => (invalid === null ? [] : [`${id}: ${invalid}`])),
      ...found.filter((each) => !isTolerated(each)).map(([, text]) => text!),
    ],
    warnings: [
      ...found.filter(isTolerated).map(([what, text]) => `${text!} (tolerated: ${what})`),
      ...machineWarnings(first, others),
      ...lengthWarning(runs),
      ...runs.flatMap(({ id, strain }) => (strain === null ? [] : [`${id}: ${strain}`])),
    ],
  };
}

/** Why runs cannot be of one side; empty when they can. */
export function incomparable(runs: readonly RunFigures[]): readonly string[] {
  return comparabilityOf(runs, [], []).faults;
}

function scriptDifference(
  { id, script }: RunFigures,
  others: readonly RunFigures[],
): string | undefined {
  const other = others.find((each) => each.script.sha256 !== script.sha256);
  if (other === undefined) return undefined;
  return `the scripts differ: that of ${other.id} (${brief(other)}) is not that of ${id} (${script.path}, ${script.sha256.slice(0, 8)})`;
}

function brief({ script }: RunFigures): string {
  return `${script.path}, ${script.sha256.slice(0, 8)}`;
}

function runnerDifference(first: RunFigures, others: readonly RunFigures[]): string | undefined {
  const other = others.find(({ runner }) => runner !== first.runner);
  if (other === undefined) return undefined;
  return `the load was sent by different runners, which measure differently: ${first.runner} (${first.id}) and ${other.runner} (${other.id})`;
}

function loadDifference(first: RunFigures, others: readonly RunFigures[]): string | undefined {
  for (const other of others) {
    const difference = scenarioDifference(first.scenarios, other.scenarios);
    if (difference !== undefined)
      return `the loads differ: ${difference} (${first.id} and ${other.id})`;
  }
  return undefined;
}

function scenarioDifference(
  ones: readonly ScenarioRecord[],
  others: readonly ScenarioRecord[],
): string | undefined {
  const names = (list: readonly ScenarioRecord[]): string =>
    list
      .map(({ name }) => name)
      .toSorted()
      .join(", ");
  if (names(ones) !== names(others))
    return `scenarios ${names(ones) || "none"} against ${names(others) || "none"}`;
  for (const one of ones) {
    const other = others.find(({ name }) => name === one.name)!;
    const [load, otherLoad] = [loadOf(one), loadOf(other)];
    const what = [...new Set([...load.keys(), ...otherLoad.keys()])].find(
      (key) => !isAlike(load.get(key), otherLoad.get(key)),
    );
    if (what !== undefined)
      return `${what} of scenario ${one.name} is ${shown(load.get(what))} against ${shown(otherLoad.get(what))}`;
  }
  return undefined;
}

type LoadValue = string | number;

/** What a scenario asks of the target. How many VUs stand ready for an open load is not part of that. */
function loadOf({ executor, config, startTimeMs }: ScenarioRecord): Map<string, LoadValue> {
  const load = new Map<string, LoadValue>([
    ["the executor", executor],
    ["the function", typeof config["exec"] === "string" ? config["exec"] : "default"],
    ["the start (ms)", startTimeMs],
  ]);
  const isOpen = executor.endsWith("arrival-rate");
  const unitSeconds = isOpen ? (parseDurationMs(config["timeUnit"] ?? "1s") ?? 1_000) / 1_000 : 1;
  for (const [key, name] of isOpen ? openFields : closedFields) {
    const value = config[key];
    if (typeof value === "number") load.set(name, isOpen ? value / unitSeconds : value);
  }
  const stages = Array.isArray(config["stages"]) ? config["stages"] : [];
  for (const [index, stage] of (stages as readonly Record<string, unknown>[]).entries()) {
    load.set(`the target of stage ${index + 1}`, Number(stage["target"]) / unitSeconds);
    load.set(`the length of stage ${index + 1} (ms)`, parseDurationMs(stage["duration"]) ?? 0);
  }
  return load;
}

const openFields = [
  ["rate", "the rate (iterations/s)"],
  ["startRate", "the first rate (iterations/s)"],
] as const;
const closedFields = [
  ["vus", "the number of VUs"],
  ["startVUs", "the first number of VUs"],
  ["iterations", "the number of iterations"],
] as const;

function isAlike(one: LoadValue | undefined, other: LoadValue | undefined): boolean {
  if (typeof one !== "number" || typeof other !== "number") return one === other;
  return Math.abs(one - other) <= loadTolerance * Math.max(Math.abs(one), Math.abs(other));
}

function shown(value: LoadValue | undefined): string {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : (value ?? "none");
}

function machineWarnings(first: RunFigures, others: readonly RunFigures[]): string[] {
  const facts: readonly [string, (run: RunFigures) => LoadValue][] = [
    ["version of lakh", ({ lakhVersion }) => lakhVersion],
    ["processor", ({ environment }) => environment.cpuModel],
    ["number of processors", ({ environment }) => environment.cpuCount],
    ["number of worker threads", ({ environment }) => environment.workers],
    ["operating system", ({ environment }) => environment.os],
    ["Node version", ({ environment }) => environment.node],
    ["k6 version", ({ environment }) => environment.k6Version ?? "none"],
  ];
  const different = facts.flatMap(([name, of]) => {
    const other = others.find((each) => of(each) !== of(first));
    return other === undefined ? [] : [`${name} (${of(first)} and ${of(other)})`];
  });
  if (different.length === 0) return [];
  return [
    `the load came from different generators: ${formatList(different)}; a difference may be theirs`,
  ];
}

function lengthWarning(runs: readonly RunFigures[]): string[] {
  const lengths = runs.map(({ steadyMs }) => steadyMs);
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  if (longest <= lengthTolerance * shortest) return [];
  return [
    `the steady states differ in length: ${formatWait(shortest)} to ${formatWait(longest)}; what takes time to show is seen in the longer ones only`,
  ];
}

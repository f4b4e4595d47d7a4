/**
 * What scripts get for `https://jslib.k6.io/k6-utils/<version>/index.js`, written from its public documentation
 * (https://grafana.com/docs/k6/latest/javascript-api/jslib/utils). It is bundled into the script and runs inside a VU:
 * no Node module may be used here, and the stages are found through `k6/execution` like in any script.
 */
import { check as checkNow } from "k6";
import exec from "k6/execution";

type Stage = { duration: string; target: number };
/** Name → condition: a function of the value, or anything to be judged by its truth. */
type Verdicts = Record<string, unknown>;

/** A whole number from `min` to `max`, both included. */
export function randomIntBetween(min: number, max: number): number {
  return Math.floor(Math.random() * (max - min + 1)) + min;
}

/** One item of a list, each equally likely. */
export function randomItem<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)]!;
}

/** A text of `length` characters, each taken from `charset`. */
export function randomString(length: number, charset = "abcdefghijklmnopqrstuvwxyz"): string {
  let text = "";
  while (text.length < length) text += charset[Math.floor(Math.random() * charset.length)]!;
  return text;
}

/** A random (version 4) UUID; with `secure` from the cryptographic generator. */
export function uuidv4(secure = false): string {
  const bytes = new Uint8Array(16);
  if (secure) crypto.getRandomValues(bytes);
  else for (let index = 0; index < 16; index++) bytes[index] = Math.random() * 256;
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  let text = "";
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += "-";
    text += (bytes[index]! + 0x100).toString(16).slice(1);
  }
  return text;
}

/** The text between `left` and `right`, null when there is none; with `repeat` every such text, in order. */
// oxlint-disable-next-line max-params -- the signature is that of the library it stands for
export function findBetween(
  content: string,
  left: string,
  right: string,
  repeat = false,
): string | null | string[] {
  const found: string[] = [];
  let from = 0;
  while (from <= content.length) {
    const open = content.indexOf(left, from);
    const start = open + left.length;
    const end = open === -1 ? -1 : content.indexOf(right, start);
    if (end === -1) return repeat ? found : null;
    if (!repeat) return content.slice(start, end);
    found.push(content.slice(start, end));
    // Two empty marks would find the same place for ever.
    from = Math.max(end + right.length, open + 1);
  }
  return found;
}

/**
 * Stages whose targets follow a bell curve of two standard deviations to each side, `maxVus` at its height and 0 at its
 * end. Whole seconds, shared so that the stages last `durationSeconds` together.
 */
export function normalDistributionStages(
  maxVus: number,
  durationSeconds: number,
  numberOfStages = 10,
): Stage[] {
  const heights: number[] = [];
  for (let index = 1; index < numberOfStages; index++) {
    const deviations = (4 * index) / numberOfStages - 2;
    heights.push(Math.exp(-(deviations * deviations) / 2));
  }
  // Scaled by the highest point that is hit, so that an odd number of stages reaches maxVus as well.
  const highest = Math.max(...heights, 0);
  const targets = heights.map((height) => Math.round((maxVus * height) / highest));
  targets.push(0);
  const endSecond = (stage: number): number =>
    Math.round((durationSeconds * stage) / numberOfStages);
  return targets.map((target, index) => ({
    duration: `${endSecond(index + 1) - endSecond(index)}s`,
    target,
  }));
}

const unitMs: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 3.6e6,
  d: 8.64e7,
};

/** Milliseconds of `"1m30s"`; throws for anything that is no duration. */
export function parseDuration(text: string): number {
  if (text === undefined || text === null || text.length < 1) throw new Error("str is empty");
  const shape = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d))+$/u;
  if (text === "0") return 0;
  if (!shape.test(text)) throw new Error(`${text} is not a valid duration`);
  let totalMs = 0;
  for (const part of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/gu)) {
    totalMs += Number(part[1]) * unitMs[part[2]!]!;
  }
  return totalMs;
}

/** Index of the stage that runs now; the last one's after the end. Throws where the scenario has no stages. */
export function getCurrentStageIndex(): number {
  const { stages } = currentScenario();
  // A script has no Clock, and the scenario's start is wall time.
  const elapsedMs = new Date().getTime() - exec.scenario.startTime;
  let endMs = 0;
  for (let index = 0; index < stages.length; index++) {
    endMs += parseDuration(stages[index]!.duration);
    if (elapsedMs < endMs) return index;
  }
  return stages.length - 1;
}

/** Tags everything the iteration records from here with `stage`, the index of the stage that runs now. */
export function tagWithCurrentStageIndex(): void {
  exec.vu.tags["stage"] = String(getCurrentStageIndex());
}

/** Tags everything the iteration records from here with `stage_profile`: `ramp-up`, `steady` or `ramp-down`. */
export function tagWithCurrentStageProfile(): void {
  const { stages, start } = currentScenario();
  const index = getCurrentStageIndex();
  const before = index === 0 ? start : stages[index - 1]!.target;
  const { target } = stages[index]!;
  const moving = target > before ? "ramp-up" : "ramp-down";
  exec.vu.tags["stage_profile"] = target === before ? "steady" : moving;
}

function currentScenario(): { stages: readonly Stage[]; start: number } {
  type Staged = { executor?: string; stages?: Stage[]; startVUs?: number; startRate?: number };
  const scenarios = (exec.test.options?.scenarios ?? {}) as unknown as Record<string, Staged>;
  const scenario = scenarios[exec.scenario.name];
  if (!scenario)
    throw new Error(
      `the exec.test.options object doesn't contain the current scenario ${exec.scenario.name}`,
    );
  if (!scenario.stages || scenario.stages.length < 1) {
    throw new Error(
      "only ramping-vus or ramping-arrival-rate supports stages, it is not possible to get a stage index on other executors.",
    );
  }
  // k6's defaults: a ramp of VUs starts at one VU, a ramp of rates at none.
  const fallback = scenario.executor === "ramping-arrival-rate" ? 0 : 1;
  return { stages: scenario.stages, start: scenario.startVUs ?? scenario.startRate ?? fallback };
}

/**
 * k6's `check` that also takes promises: as the value, or as what a condition returns. With one in play the answer is
 * a promise of the verdict, else the verdict itself.
 */
export function check<T>(
  value: T,
  sets: Verdicts,
  tags?: Record<string, string>,
): boolean | Promise<boolean> {
  if (isThenable<T>(value))
    return Promise.resolve(value).then((settled) => check(settled, sets, tags));
  const names = Object.keys(sets);
  const verdicts: unknown[] = [];
  for (const name of names) {
    const condition = sets[name];
    verdicts.push(
      typeof condition === "function" ? (condition as (value: T) => unknown)(value) : condition,
    );
  }
  if (!verdicts.some(isThenable)) return record(value, { names, verdicts, tags });
  return Promise.all(verdicts).then((settled) => record(value, { names, verdicts: settled, tags }));
}

function record(
  value: unknown,
  outcome: { names: string[]; verdicts: unknown[]; tags: Record<string, string> | undefined },
): boolean {
  const entries = outcome.names.map(
    (name, index) => [name, () => Boolean(outcome.verdicts[index])] as const,
  );
  const sets: Record<string, () => boolean> = Object.fromEntries(entries);
  return outcome.tags === undefined ? checkNow(value, sets) : checkNow(value, sets, outcome.tags);
}

function isThenable<T>(value: unknown): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

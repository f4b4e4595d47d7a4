/**
 * Reads the fields of one scenario and remembers every problem, instead of stopping at the first.
 * A field that cannot be read is a problem and yields its default, so that the checks after it still make sense.
 */
import { nearest } from "../base/nearest.ts";
import { formatGoDuration, parseDurationMs } from "../base/units.ts";
import type { Stage } from "./values.ts";
import { isRecord, parseStage, parseTextMap, parseWholeNumber, quoteValue } from "./values.ts";

/** k6's upper bound for VUs and targets. */
const maxCount = 100_000_000;

/** One pass over a scenario's fields. */
export class FieldReader {
  readonly problems: string[] = [];
  /** True when a field cannot be read at all, or is none: k6 refuses such a scenario wherever it meets it. */
  isUnreadable = false;
  /** Fields read so far as k6 would write them; null where not given. */
  readonly given: Record<string, unknown> = {};
  hint: string | undefined;
  readonly #raw: Readonly<Record<string, unknown>>;

  constructor(raw: Readonly<Record<string, unknown>>) {
    this.#raw = raw;
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  /** A field set to null counts as not set, as in k6. */
  isSet(name: string): boolean {
    return this.#raw[name] !== undefined && this.#raw[name] !== null;
  }

  raw(name: string): unknown {
    this.given[name] = this.#raw[name] ?? null;
    return this.#raw[name];
  }

  durationMs(name: string, fallbackMs: number): number {
    const value = this.#read(name, parseDurationMs, "a duration such as '30s'");
    if (value === undefined) return fallbackMs;
    this.given[name] = formatGoDuration(value);
    return value;
  }

  wholeNumber(name: string, fallback: number): number {
    const value = this.#read(name, parseWholeNumber, "a whole number") ?? fallback;
    if (value > maxCount) this.problem(`${name} can't be more than ${maxCount}, but is ${value}`);
    return value;
  }

  /** A whole number that is 0 or more; `subject` opens the message. */
  count(name: string, fallback: number, subject: string): number {
    const value = this.wholeNumber(name, fallback);
    if (value < 0) this.problem(`${subject} can't be negative`);
    return value;
  }

  /** A number of VUs that is at least 1. */
  vus(name: string, fallback: number): number {
    const value = this.wholeNumber(name, fallback);
    if (value <= 0) this.problem("the number of VUs must be more than 0");
    return value;
  }

  text(name: string, fallback: string): string {
    const asText = (value: unknown): string | undefined =>
      typeof value === "string" ? value : undefined;
    return this.#read(name, asText, "a text") ?? fallback;
  }

  textMap(name: string): Readonly<Record<string, string>> {
    return this.#read(name, parseTextMap, "an object with texts as values") ?? {};
  }

  /** `check` sees the targets before the stages are checked one by one, and may return a problem. */
  stages(check: (targets: readonly number[]) => string = () => ""): Stage[] {
    const asList = (value: unknown): unknown[] | undefined =>
      Array.isArray(value) ? value : undefined;
    const list = this.#read("stages", asList, "a list of {duration, target}");
    const found = check((list ?? []).map((raw) => parseStage(raw)?.target ?? 0));
    if (found !== "" && list !== undefined) this.problem(found);
    if (list === undefined || list.length === 0) {
      this.problem("at least one stage has to be specified");
      return [];
    }
    const stages = list.map((raw, index) => this.#stage(raw, index + 1));
    this.given["stages"] = list.map((raw) => shownStage(raw));
    return stages;
  }

  /** k6 refuses to run for less than a second. */
  atLeastOneSecond(name: string, durationMs: number): void {
    if (durationMs >= 1_000) return;
    this.problem(`the ${name} must be at least 1s, but is ${formatGoDuration(durationMs)}`);
  }

  /** Call last: every field that nobody read is a problem. */
  rejectUnknown(): void {
    const known = ["executor", ...Object.keys(this.given)];
    for (const name of Object.keys(this.#raw)) {
      if (known.includes(name)) continue;
      this.unknownField(name);
      const near = nearest(name, known);
      if (near !== undefined) this.hint ??= `did you mean '${near}' instead of '${name}'?`;
    }
  }

  unknownField(name: string): void {
    this.isUnreadable = true;
    this.problem(`unknown field '${name}'`);
  }

  #stage(raw: unknown, number: number): Stage {
    const stage = parseStage(raw);
    if (stage === undefined) {
      const shown = isRecord(raw) ? quoteValue(raw) : `${quoteValue(raw)}, not {duration, target}`;
      this.isUnreadable = true;
      this.problem(`stage ${number} can't be read: ${shown}`);
      return { durationMs: 0, target: 0 };
    }
    const { durationMs, target } = stage;
    if (durationMs === null) this.problem(`stage ${number} doesn't have a duration`);
    else if (durationMs < 0) this.problem(`the duration for stage ${number} can't be negative`);
    if (target === null) this.problem(`stage ${number} doesn't have a target`);
    else if (target < 0) this.problem(`the target for stage ${number} can't be negative`);
    else if (target > maxCount) {
      this.problem(`target for stage ${number} exceeds max limit of ${maxCount}`);
    }
    return { durationMs: durationMs ?? 0, target: target ?? 0 };
  }

  #read<T>(
    name: string,
    parse: (value: unknown) => T | undefined,
    expected: string,
  ): T | undefined {
    this.given[name] = null;
    if (!this.isSet(name)) return undefined;
    const value = parse(this.#raw[name]);
    if (value === undefined) {
      this.isUnreadable = true;
      this.problem(`${name} must be ${expected}, but is ${quoteValue(this.#raw[name])}`);
    } else {
      this.given[name] = value;
    }
    return value;
  }
}

/** A stage as k6 prints it: what is missing is null. */
function shownStage(raw: unknown): { duration: string | null; target: number | null } {
  const stage = parseStage(raw);
  const durationMs = stage?.durationMs ?? null;
  return {
    duration: durationMs === null ? null : formatGoDuration(durationMs),
    target: stage?.target ?? null,
  };
}

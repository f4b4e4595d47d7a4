/**
 * How one option is read: from JSON (script options, config file) and from text (environment, flags), and how k6 would
 * show it. A reader returns undefined for what it refuses and null for what counts as not set; it never throws.
 */
import { formatGoDuration, parseDurationMs } from "../base/units.ts";
import { durationFault } from "./go-decoding.ts";
import { isRecord, parseStage, parseTextMap, parseWholeNumber } from "../schedule/index.ts";

/** Reads and shows values of type T. */
export interface OptionKind<T> {
  /** Completes "must be …" in messages. */
  readonly expects: string;
  fromJson(raw: unknown): T | null | undefined;
  /** `isFlag`: flags refuse durations without a unit; the environment reads them as milliseconds. */
  fromText(text: string, isFlag: boolean): T | null | undefined;
  /** For flags that repeat and whose values may hold commas; others are joined with commas and read as one text. */
  fromRepeated?(texts: readonly string[]): T | undefined;
  /** k6's words for a value of a script that it cannot decode either; lakh's own stand in the hint then. */
  k6Fault?(raw: unknown, options: Readonly<Record<string, unknown>>): string | undefined;
  toK6(value: T): unknown;
}

/** A stage of the `stages` shortcut; a missing target is reported when the scenario is derived. */
export interface StageOption {
  readonly durationMs: number;
  readonly target: number | null;
}

const same = <T>(value: T): T => value;

/** Exactly `true` or `false`, also as text (k6 refuses K6_THROW=1). */
export const booleanKind: OptionKind<boolean> = {
  expects: "true or false",
  fromJson: (raw) => (typeof raw === "boolean" ? raw : undefined),
  fromText: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  toK6: same,
};

export const textKind: OptionKind<string> = {
  expects: "a text",
  fromJson: (raw) => (typeof raw === "string" ? raw : undefined),
  fromText: same,
  toK6: same,
};

/** k6 reads any duration here; one that makes no sense is refused where it is used. */
export const durationKind: OptionKind<number> = {
  expects: "a duration such as '30s' (a number is milliseconds)",
  fromJson: parseDurationMs,
  fromText: parseDurationText,
  toK6: formatGoDuration,
  k6Fault: durationFault,
};

export const wholeNumberKind: OptionKind<number> = {
  expects: "a whole number",
  fromJson: parseWholeNumber,
  fromText: parseWholeNumber,
  toK6: same,
};

/** A list of texts that all pass `isValid`; as text, separated by commas. */
export function listKind(
  expects: string,
  isValid: (item: string) => boolean = () => true,
): OptionKind<readonly string[]> {
  const check = (list: readonly string[]): readonly string[] | undefined =>
    list.every(isValid) ? list : undefined;
  return {
    expects,
    fromJson: (raw) => (isTextList(raw) ? check(raw) : undefined),
    fromText: (text) => check(splitList(text)),
    toK6: same,
  };
}

/** One of a few words. */
export function wordKind<T extends string>(words: readonly T[]): OptionKind<T> {
  const find = (raw: unknown): T | undefined => words.find((word) => word === raw);
  return { expects: `one of ${words.join(", ")}`, fromJson: find, fromText: find, toK6: same };
}

/** Names out of a known set: k6 leaves the others out. An empty list is a list. */
export function knownNamesKind(
  expects: string,
  known: readonly string[],
): OptionKind<readonly string[]> {
  const kind = listKind(expects);
  const keep = (list: readonly string[] | null | undefined): readonly string[] | null | undefined =>
    list?.filter((name) => known.includes(name));
  return {
    ...kind,
    fromJson: (raw) => keep(kind.fromJson(raw)),
    fromText: (text, isFlag) => keep(kind.fromText(text, isFlag)),
  };
}

/** Tags: an object of texts; as text `a:b,c:d` in the environment and `a=b` for each flag. */
export const tagsKind: OptionKind<Readonly<Record<string, string>>> = {
  expects: "names with texts as values ('name=value' for a flag, 'a:b,c:d' in the environment)",
  fromJson: parseTextMap,
  fromText: (text, isFlag) => (isFlag ? parsePairs([text], "=") : parsePairs(splitList(text), ":")),
  fromRepeated: (texts) => parsePairs(texts, "="),
  toK6: same,
};

/** `[{duration, target}]`; as text `10s:5,1m:20`. A stage without a duration is dropped, as k6 does when layering. */
export const stagesKind: OptionKind<readonly StageOption[]> = {
  expects: "a list of {duration, target} (as text '10s:5,1m:20')",
  fromJson(raw) {
    const stages = Array.isArray(raw) ? raw.map(parseStage) : [undefined];
    if (!stages.every((stage) => stage !== undefined)) return undefined;
    return stages.flatMap(({ durationMs, target }) =>
      durationMs === null ? [] : [{ durationMs, target }],
    );
  },
  fromText(text, isFlag) {
    const stages = splitList(text).map((item) => parseStageText(item, isFlag));
    return stages.every((stage) => stage !== undefined) ? stages : undefined;
  },
  toK6: (stages) =>
    stages.map(({ durationMs, target }) => ({ duration: formatGoDuration(durationMs), target })),
};

/** Scenarios stay as written until the run plan is derived, which checks them all at once. */
export const recordKind: OptionKind<Readonly<Record<string, unknown>>> = {
  expects: "an object",
  fromJson: (raw) => (isRecord(raw) ? raw : undefined),
  fromText: () => undefined,
  toK6: same,
};

/** Options that lakh only passes on: any value is kept as it is. */
export const anyKind: OptionKind<NonNullable<unknown>> = {
  expects: "any value",
  fromJson: (raw) => raw ?? null,
  fromText: same,
  toK6: same,
};

/** True for a column of the summary: avg, min, med, max, count, p(95). */
export function isTrendStat(text: string): boolean {
  const percentile = /^p\((\d+(?:\.\d+)?)\)$/u.exec(text)?.[1];
  return percentile === undefined
    ? ["avg", "min", "med", "max", "count"].includes(text)
    : Number(percentile) <= 100;
}

function parseDurationText(text: string, isFlag: boolean): number | undefined {
  const isBare = /^\s*[+-]?[\d.]+\s*$/u.test(text) && Number(text) !== 0;
  return isFlag && isBare ? undefined : parseDurationMs(text);
}

function parseStageText(text: string, isFlag: boolean): StageOption | undefined {
  const [duration, targetText] = splitAt(text, ":") ?? [text];
  const durationMs = parseDurationText(duration, isFlag);
  // As in k6 a missing target is found when the scenario is checked.
  const target = targetText === undefined ? null : parseWholeNumber(targetText);
  return durationMs === undefined || target === undefined ? undefined : { durationMs, target };
}

/** True for a list of texts. */
export function isTextList(raw: unknown): raw is readonly string[] {
  return Array.isArray(raw) && raw.every((item) => typeof item === "string");
}

/** The items of a text with commas between, without blanks around them. */
export function splitList(text: string): string[] {
  return text.split(",").flatMap((item) => item.trim() || []);
}

/** `["a=b"]` as an object; undefined when an item has no name or no separator. */
export function parsePairs(
  items: readonly string[],
  separator: string,
): Record<string, string> | undefined {
  const pairs = items.map((item) => splitAt(item, separator));
  return pairs.every((pair) => pair !== undefined) ? Object.fromEntries(pairs) : undefined;
}

function splitAt(text: string, separator: string): [string, string] | undefined {
  const index = text.indexOf(separator);
  return index <= 0 ? undefined : [text.slice(0, index), text.slice(index + 1)];
}

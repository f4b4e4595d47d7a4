/**
 * How one option is read: from JSON (script options, config file) and from text (environment, flags), and how k6 would
 * show it. A reader returns undefined for what it refuses and null for what counts as not set; it never throws.
 */
import { isIP } from "node:net";
import { formatGoDuration, parseDurationMs } from "../base/units.ts";
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
  toK6(value: T): unknown;
}

/** A stage of the `stages` shortcut; a missing target is reported when the scenario is derived. */
export interface StageOption {
  readonly durationMs: number;
  readonly target: number | null;
}

/** One threshold as written; its expression is parsed by `metrics`. */
export interface ThresholdOption {
  readonly source: string;
  readonly abortOnFail: boolean;
  readonly delayAbortEvalMs: number;
}

export interface DnsOption {
  /** A duration, "inf" or "0". */
  readonly ttl: string;
  readonly select: string;
  readonly policy: string;
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

export const durationKind: OptionKind<number> = {
  expects: "a duration that is not negative, such as '30s' (a number is milliseconds)",
  fromJson: (raw) => nonNegative(parseDurationMs(raw)),
  fromText: (text, isFlag) => nonNegative(parseDurationText(text, isFlag)),
  toK6: formatGoDuration,
};

/** The `duration` shortcut: 0 and less are refused later, with k6's own words. */
export const anyDurationKind: OptionKind<number> = {
  expects: "a duration such as '30s' (a number is milliseconds)",
  fromJson: parseDurationMs,
  fromText: parseDurationText,
  toK6: formatGoDuration,
};

export const wholeNumberKind: OptionKind<number> = {
  expects: "a whole number",
  fromJson: parseWholeNumber,
  fromText: parseWholeNumber,
  toK6: same,
};

export const countKind: OptionKind<number> = {
  expects: "a whole number that is not negative",
  fromJson: (raw) => nonNegative(parseWholeNumber(raw)),
  fromText: (text) => nonNegative(parseWholeNumber(text)),
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

/** A list of words; those that nobody knows are left out, as k6 does. An empty list is a list. */
export function knownOfListKind(known: readonly string[]): OptionKind<readonly string[]> {
  const kind = listKind(`a list of ${known.join(", ")}`);
  const only = (list: readonly string[] | null | undefined): readonly string[] | null | undefined =>
    list?.filter((each) => known.includes(each));
  return {
    ...kind,
    fromJson: (raw) => only(kind.fromJson(raw)),
    fromText: (text, isFlag) => only(kind.fromText(text, isFlag)),
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

/** Host names to addresses, with an optional port. */
export const hostsKind: OptionKind<Readonly<Record<string, string>>> = {
  expects: "an object of host names with 'ip' or 'ip:port' as values",
  fromJson(raw) {
    const hosts = parseTextMap(raw);
    return hosts && Object.values(hosts).every(isAddress) ? hosts : undefined;
  },
  fromText: () => undefined,
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

export const thresholdsKind: OptionKind<Readonly<Record<string, readonly ThresholdOption[]>>> = {
  expects:
    "an object of metric names with lists of 'expression' or {threshold, abortOnFail, delayAbortEval}",
  fromJson(raw) {
    if (!isRecord(raw)) return undefined;
    const entries = Object.entries(raw).map(
      ([metric, list]): [string, ThresholdOption[]] | undefined => {
        const thresholds = Array.isArray(list) ? list.map(parseThreshold) : [undefined];
        return thresholds.every((each) => each !== undefined) ? [metric, thresholds] : undefined;
      },
    );
    return entries.every((entry) => entry !== undefined) ? Object.fromEntries(entries) : undefined;
  },
  fromText: () => undefined,
  toK6: (thresholds) =>
    Object.fromEntries(
      Object.entries(thresholds).map(([metric, list]) => [metric, list.map(showThreshold)]),
    ),
};

const dnsDefaults: DnsOption = { ttl: "5m", select: "random", policy: "preferIPv4" };

/** `{ttl, select, policy}`; as text `ttl=5m,select=random,policy=preferIPv4`. */
export const dnsKind: OptionKind<DnsOption> = {
  expects:
    "{ttl: duration or 'inf', select: first|random|roundRobin, policy: preferIPv4|preferIPv6|onlyIPv4|onlyIPv6|any}",
  fromJson: (raw) => (isRecord(raw) ? parseDns(raw) : undefined),
  fromText(text) {
    const pairs = parsePairs(splitList(text), "=");
    return pairs && parseDns(pairs);
  },
  toK6: same,
};

/** Options that lakh only passes on: any value is kept as it is. */
export const anyKind: OptionKind<NonNullable<unknown>> = {
  expects: "any value",
  fromJson: (raw) => raw ?? null,
  fromText: same,
  toK6: same,
};

/** True for `10.0.0.0/8`, `::1/128` and single addresses. */
export function isAddressRange(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const bits = isIP(address) === 6 ? 128 : 32;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/u.test(prefix) && Number(prefix) <= bits);
  return isIP(address) !== 0 && isPrefix && rest.length === 0;
}

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
  const [duration, targetText] = splitAt(text, ":") ?? [];
  const durationMs = duration === undefined ? undefined : parseDurationText(duration, isFlag);
  const target = parseWholeNumber(targetText);
  return durationMs === undefined || target === undefined ? undefined : { durationMs, target };
}

function parseThreshold(raw: unknown): ThresholdOption | undefined {
  if (typeof raw === "string") return { source: raw, abortOnFail: false, delayAbortEvalMs: 0 };
  if (!isRecord(raw)) return undefined;
  const { threshold: source, abortOnFail = false, delayAbortEval } = raw;
  const delayAbortEvalMs = nonNegative(parseDurationMs(delayAbortEval ?? 0));
  const isValid = typeof source === "string" && typeof abortOnFail === "boolean";
  return isValid && delayAbortEvalMs !== undefined
    ? { source, abortOnFail, delayAbortEvalMs }
    : undefined;
}

function showThreshold({ source, abortOnFail, delayAbortEvalMs }: ThresholdOption): unknown {
  if (!abortOnFail && delayAbortEvalMs === 0) return source;
  return { threshold: source, abortOnFail, delayAbortEval: formatGoDuration(delayAbortEvalMs) };
}

function parseDns(raw: Readonly<Record<string, unknown>>): DnsOption | undefined {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
  const { ttl, select, policy, ...unknown } = { ...dnsDefaults, ...given };
  const isTtl = ttl === "inf" || nonNegative(parseDurationMs(ttl)) !== undefined;
  const isSelect = ["first", "random", "roundRobin"].includes(select);
  const isPolicy = ["preferIPv4", "preferIPv6", "onlyIPv4", "onlyIPv6", "any"].includes(policy);
  const isValid = isTtl && isSelect && isPolicy && Object.keys(unknown).length === 0;
  return isValid ? { ttl: String(ttl), select, policy } : undefined;
}

function isAddress(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const parts = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:]+))(?::(?<port>\d{1,5}))?$/u.exec(text)?.groups;
  const address = parts?.["six"] ?? parts?.["four"] ?? "";
  return isIP(address) !== 0 && Number(parts?.["port"] ?? 0) <= 65_535;
}

function isTextList(raw: unknown): raw is readonly string[] {
  return Array.isArray(raw) && raw.every((item) => typeof item === "string");
}

function splitList(text: string): string[] {
  return text.split(",").flatMap((item) => item.trim() || []);
}

function parsePairs(
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

function nonNegative(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}

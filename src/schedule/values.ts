/** Values of k6 options as scripts, files and people write them: read once here, typed ever after. */
import { parseDurationMs } from "../base/units.ts";

/** A whole number, or its decimal text as k6 accepts it ("2"); undefined for anything else (1.5, "x", true). */
export function parseWholeNumber(value: unknown): number | undefined {
  const isText = typeof value === "string" && /^\s*[+-]?\d+\s*$/u.test(value);
  const number = isText ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

/** A map of names to texts, null being empty as in Go; undefined when it is no plain object or a value is no text. */
export function parseTextMap(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).map(([name, text]): [string, unknown] => [
    name,
    text ?? "",
  ]);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) {
    return undefined;
  }
  return Object.fromEntries(entries);
}

/** A linear change to `target` over `durationMs`. */
export interface Stage {
  readonly durationMs: number;
  /** VUs of ramping-vus, iterations per timeUnit of ramping-arrival-rate. */
  readonly target: number;
}

/** A duration and a target as written, each null where it is missing; undefined when it is no stage at all. */
export function parseStage(
  value: unknown,
): { readonly durationMs: number | null; readonly target: number | null } | undefined {
  if (!isRecord(value)) return undefined;
  const fields = spellFields(value, ["duration", "target"]);
  const durationMs = parseOptional(fields["duration"], parseDurationMs);
  const target = parseOptional(fields["target"], parseWholeNumber);
  return durationMs !== undefined && target !== undefined ? { durationMs, target } : undefined;
}

/** True for `{…}`: not null, not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The record with its fields as `names` spell them: Go's decoder, and so k6, takes `maxVus` for `maxVUs`. Of two spellings of
 * one field it keeps the one that sorts last. Fields of other names stay as they are.
 */
export function spellFields(
  record: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const spelling = new Map(names.map((name) => [name.toLowerCase(), name]));
  const nameOf = (key: string): string => spelling.get(key.toLowerCase()) ?? key;
  const keys = Object.keys(record);
  if (keys.every((key) => nameOf(key) === key)) return record;
  return Object.fromEntries(keys.sort().map((key) => [nameOf(key), record[key]]));
}

/** Any value as a message shows it: short, on one line. */
export function quoteValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function parseOptional<T>(
  value: unknown,
  parse: (value: unknown) => T | undefined,
): T | null | undefined {
  return value === undefined || value === null ? null : parse(value);
}

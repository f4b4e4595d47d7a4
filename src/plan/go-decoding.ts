/**
 * k6's words for options that its decoder cannot read, for those who look for them: Go's errors, whatever they are worth
 * to a reader. Found by asking k6 v2.2.0, not in its source.
 */
import { quoteGo } from "../base/go-quote.ts";
import { toGoJson } from "../base/go-json.ts";
import { isRecord } from "../schedule/index.ts";

type Options = Readonly<Record<string, unknown>>;

/** A value of the wrong type. */
export interface TypeFault {
  readonly value: unknown;
  /** Path of the field in k6's options, and the type in Go that it has there. */
  readonly field: string;
  readonly type: string;
  /** Bytes from the start of what was decoded to where the decoder gave up. */
  readonly offset: number;
}

/** The whole sentence on a value of the wrong type. */
export function typeFault(options: Options, { value, field, type, offset }: TypeFault): string {
  const shown = quoteGo(snippetAt(toSortedJson(options), offset));
  const what = `cannot unmarshal ${goWord(value)} into Go struct field Options.${field} of type ${type}`;
  return `parsing options from script got error while parsing ${shown}: json: ${what}`;
}

/** Where the decoder gives up on a value that it decodes by itself: after a literal, but at once on a list or an object. */
export function offsetOfWhole(value: unknown): number {
  return isContainer(value) ? 1 : byteLength(toGoJson(value));
}

/** The same for the field `key` of an object whose own lines are indented by `depth` times two spaces. */
export function offsetOfField(object: Options, key: string, depth: number): number {
  const fields = Object.entries(object).filter(([name]) => name <= key);
  const shown = fields.map(([name, value]) => [
    name,
    name === key && isContainer(value) ? 0 : value,
  ]);
  const lines = toSortedJson(Object.fromEntries(shown)).split("\n");
  return byteLength(lines.slice(0, -1).join(`\n${"  ".repeat(depth)}`));
}

/**
 * What k6 shows of the options' text: it takes an offset within a part for one within the whole, and for the end of the line
 * the distance to it.
 */
function snippetAt(text: string, offset: number): string {
  const bytes = new TextEncoder().encode(text);
  const newline = 10;
  const start = bytes.lastIndexOf(newline, offset - 1) + 1;
  const end = Math.max(offset, bytes.subarray(offset).indexOf(newline));
  return new TextDecoder().decode(bytes.subarray(start, end)).trim();
}

/** k6's words for what is no duration, which may begin with days; undefined for what is one. */
export function durationFault(raw: unknown): string | undefined {
  if (typeof raw !== "string") return `'${toGoJson(raw)}' is not a valid duration value`;
  const [days, rest] = /^([^d]*)d(.*)$/su.exec(raw)?.slice(1) ?? [undefined, raw];
  if (days !== undefined && !/^[+-]?\d+$/u.test(days))
    return `strconv.ParseInt: parsing ${quoteGo(days)}: invalid syntax`;
  return days !== undefined && rest === "" ? undefined : goDurationFault(rest!);
}

const goUnits = new Set(["ns", "us", "µs", "μs", "ms", "s", "m", "h"]);

/** Words of Go's `time.ParseDuration`. */
function goDurationFault(text: string): string | undefined {
  let rest = text.replace(/^[+-]/u, "");
  if (rest === "0") return undefined;
  do {
    const [, amount, unit] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/u.exec(rest) ?? [];
    if (amount === undefined) return `time: invalid duration ${quoteGo(text)}`;
    if (unit === "") return `time: missing unit in duration ${quoteGo(text)}`;
    if (!goUnits.has(unit!))
      return `time: unknown unit ${quoteGo(unit!)} in duration ${quoteGo(text)}`;
    rest = rest.slice(amount.length + unit!.length);
  } while (rest !== "");
  return undefined;
}

function toSortedJson(value: unknown): string {
  return toGoJson(sorted(value), 2);
}

/** Keys in the order in which Go writes those of a map. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

function goWord(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

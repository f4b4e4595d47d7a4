/**
 * The little of PromQL that lakh writes or must understand: label matchers, the places of a query that are filled in
 * (`$selector`, `$window`), and the time that a query looks back.
 */
import { parseDurationMs } from "../base/units.ts";
import type { ObservationRecord } from "../record/index.ts";

/** One condition on a label: `pod=~"api-.*"`. */
export interface LabelMatcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

const matcherShape = /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)(.*)$/su;

/** `namespace=shop`, `pod=~api-.*`, also with the value in quotes; undefined for anything else. */
export function parseMatcher(text: string): LabelMatcher | undefined {
  const [, label, operator, rest] = matcherShape.exec(text) ?? [];
  if (label === undefined || rest === undefined) return undefined;
  const value = /^"(.*)"$/su.exec(rest.trim())?.[1] ?? rest;
  return { label, operator: operator as LabelMatcher["operator"], value };
}

/** The matchers as they stand between braces, a comma behind each. */
export function writeMatchers(matchers: readonly LabelMatcher[]): string {
  return matchers
    .map(({ label, operator, value }) => `${label}${operator}${quote(value)},`)
    .join("");
}

/** A series that has exactly these labels, as far as they go. */
export function writeSeries(name: string, labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels)
    .filter(([label]) => label !== "__name__")
    .map(([label, value]): LabelMatcher => ({ label, operator: "=", value }));
  return `${name}{${writeMatchers(matchers)}}`;
}

/** Puts matchers and the look-back in where a query has `$selector` and `$window`. */
export function fillQuery(
  template: string,
  { selector, windowMs }: { readonly selector: string; readonly windowMs: number },
): string {
  return template
    .replaceAll("$window", () => `${Math.ceil(windowMs / 1_000)}s`)
    .replaceAll("$selector", () => selector);
}

const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/gsu;

/** How far a query looks back: the longest range, and the longest subquery around it. 0 for a level. */
export function lookBackMs(query: string): number {
  const longest = { range: 0, subquery: 0 };
  for (const [, range = "", resolution] of query
    .replaceAll(quoted, '""')
    .matchAll(/\[([^\]:]*)(:[^\]]*)?\]/gu)) {
    const kind = resolution === undefined ? "range" : "subquery";
    longest[kind] = Math.max(longest[kind], promDurationMs(range.trim()));
  }
  return longest.range + longest.subquery;
}

/** The series that a query names: `name{…}` and `name[1m]`, without the range. Each once, in order. */
export function seriesSelectors(query: string): { name: string; selector: string }[] {
  const selectors = new Map<string, string>();
  const shape = /([a-zA-Z_:][\w:]*)\s*(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\}|(?=\[[^\]:]*\]))/gsu;
  for (const [selector, name] of query.matchAll(shape)) selectors.set(selector.trim(), name!);
  return [...selectors].map(([selector, name]) => ({ selector, name }));
}

/** The unit that a reading's name ends with; a count without one. */
export function unitOf(name: string): ObservationRecord["unit"] {
  const unit = /_(cores|bytes|ms|share)$/u.exec(name)?.[1];
  return (unit as ObservationRecord["unit"] | undefined) ?? "count";
}

/** Prometheus has days, weeks and years of fixed length, too. */
function promDurationMs(text: string): number {
  const withDays = text.replaceAll(
    /(\d+)([yw])/gu,
    (_, amount: string, unit: string) => `${Number(amount) * (unit === "y" ? 365 : 7) * 24}h`,
  );
  return (
    parseDurationMs(
      withDays.replaceAll(/(\d+)d/gu, (_, days: string) => `${Number(days) * 24}h`),
    ) ?? 0
  );
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

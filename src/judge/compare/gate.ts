/** The verdict over the rows, with its sentence and reasons. */
import { formatCount } from "../../base/units.ts";
import type { RunFigures } from "../../record/index.ts";
import { formatList, formatMs, formatRate, formatShare, significant } from "../wording.ts";
import type { CompareSettings, Comparison, ComparisonRow } from "./comparison.ts";

interface GateParts {
  readonly base: readonly RunFigures[];
  readonly fresh: readonly RunFigures[];
  readonly rows: readonly ComparisonRow[];
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  readonly settings: CompareSettings;
}

type Gate = Pick<Comparison, "verdict" | "sentence" | "reasons">;

export function gateOf(parts: GateParts): Gate {
  const { faults, warnings } = parts;
  if (faults.length > 0) {
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
    return toGate("INVALID", `the runs cannot be compared: ${faults[0]}${more}`, [
      ...faults,
      ...warnings,
    ]);
  }
  const { verdict, sentence, reasons } = regression(parts) ?? openQuestion(parts) ?? none(parts);
  return toGate(verdict, sentence, [...reasons, ...warnings]);
}

function toGate(verdict: Gate["verdict"], sentence: string, reasons: readonly string[]): Gate {
  return { verdict, sentence: `${verdict}: ${sentence}`, reasons: [...new Set(reasons)] };
}

function regression({ base, fresh, rows, settings }: GateParts): Gate | undefined {
  const worse = rows.filter(({ isGated, status }) => isGated && status === "worse");
  const overloads = fresh.flatMap(({ overload }) => overload ?? []);
  const isOverloaded =
    overloads.length === fresh.length && base.every(({ overload }) => overload === null);
  if (worse.length === 0 && !isOverloaded) return undefined;
  const told = worse.toSorted(bySize).map(describe);
  const causes = isOverloaded
    ? [`the load was taken away from every new run: ${overloads[0]!}`, ...told]
    : told;
  const shown = causes.slice(0, 3);
  const more = causes.length > shown.length ? ` and ${causes.length - shown.length} more` : "";
  return {
    verdict: "FAIL",
    sentence: `a regression: ${shown.join("; ")}${more} (allowed ${formatShare(settings.limitShare)})`,
    reasons: [...causes, ...openRows(rows).map(describeOpen)],
  };
}

function openQuestion({ base, fresh, rows }: GateParts): Gate | undefined {
  const open = openRows(rows);
  const deciding = open.filter(({ endpoint, looksWorse }) => endpoint === null || looksWorse);
  const cutShort = [...base, ...fresh].filter(({ overload }) => overload !== null);
  const causes = [
    ...cutShort.map(({ id, overload }) => `the load of ${id} was taken away: ${overload!}`),
    ...wrongAnswers(rows),
    ...missingEndpoints(rows, base),
    ...deciding.toSorted(bySize).map(describeOpen),
  ];
  if (causes.length === 0) return undefined;
  const more = causes.length > 1 ? ` (and ${causes.length - 1} more)` : "";
  return {
    verdict: "INCONCLUSIVE",
    sentence: `it cannot be told whether there is a regression; ${causes[0]!}${more}`,
    reasons: [...causes, ...open.filter((row) => !deciding.includes(row)).map(describeOpen)],
  };
}

/** Checks that fail more often than this, against the base, forbid to speak of the same work. */
const checkFailureShare = 0.01;

/** Wrong answers come quickly: p95 of a build that gives them says nothing. */
function wrongAnswers(rows: readonly ComparisonRow[]): string[] {
  return rows
    .filter(({ measure, change }) => measure === "checks" && isMore(change, checkFailureShare))
    .map((row) => `${describe(row)}: the answers are not what the script expects`);
}

function isMore(change: ComparisonRow["change"], share: number): boolean {
  return change !== null && change.estimate > share;
}

/** Of the requests of the base: what an endpoint must have to be missed. URLs with ids in them come and go. */
const missedShare = 0.01;

/** What is asked no more cannot be shown to be no worse. */
function missingEndpoints(rows: readonly ComparisonRow[], base: readonly RunFigures[]): string[] {
  const all = base.reduce((sum, { whole }) => sum + whole.requests, 0);
  const names = rows.flatMap(({ status, measure, endpoint }) => {
    if (status !== "only-base" || measure !== "p95" || endpoint === null) return [];
    const asked = base
      .flatMap(({ endpoints }) => endpoints)
      .filter((each) => keyOf(each) === keyOf(endpoint))
      .reduce((sum, { requests }) => sum + requests, 0);
    return asked >= missedShare * all ? [keyOf(endpoint)] : [];
  });
  if (names.length === 0) return [];
  return [
    `${formatList(names.slice(0, 3))}${names.length > 3 ? ` and ${names.length - 3} more` : ""} of the base ${names.length > 1 ? "were" : "was"} not asked by the new runs; give requests whose URLs differ from run to run a name (tags: { name })`,
  ];
}

function none({ rows, settings }: GateParts): Gate {
  const endpoints = new Set(rows.flatMap(({ endpoint }) => (endpoint ? [keyOf(endpoint)] : [])));
  const open = openRows(rows);
  const untold = new Set(open.map(({ endpoint }) => keyOf(endpoint!)));
  const better = rows.filter(({ isGated, status }) => isGated && status === "better");
  const reservation =
    untold.size === 0
      ? ""
      : `; of ${formatCount(endpoints.size)} endpoints ${formatCount(untold.size)} cannot be told (none looks worse)`;
  const gain =
    better.length === 0 ? "" : `; better: ${formatList(better.slice(0, 3).map(describe))}`;
  return {
    verdict: "PASS",
    sentence: `no regression: requests/s, p95 and failed requests are no worse than allowed (${formatShare(settings.limitShare)})${gain}${reservation}`,
    reasons: [...open.map(describeOpen), ...lonely(rows)],
  };
}

/** What could not be compared must not look as if it had been. */
function lonely(rows: readonly ComparisonRow[]): string[] {
  return (["only-base", "only-new"] as const).flatMap((status) => {
    const names = rows
      .filter((row) => row.status === status && row.measure === "p95")
      .map(({ endpoint }) => keyOf(endpoint!));
    if (names.length === 0) return [];
    const where = status === "only-base" ? "the base" : "the new runs";
    const shown = names.slice(0, 3).join(", ");
    const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
    return [`only in ${where}: ${shown}${more}`];
  });
}

function openRows(rows: readonly ComparisonRow[]): ComparisonRow[] {
  return rows.filter(({ isGated, status }) => isGated && status === "unclear");
}

function bySize(one: ComparisonRow, other: ComparisonRow): number {
  const size = ({ change }: ComparisonRow): number =>
    change === null ? 0 : Math.abs(change.estimate) * (change.kind === "absolute" ? 100 : 1);
  return size(other) - size(one);
}

function describe(row: ComparisonRow): string {
  return `${nameOf(row)} ${valueText(row, row.base)} → ${valueText(row, row.new)}${changeText(row)}`;
}

function describeOpen(row: ComparisonRow): string {
  return `${describe(row)}: ${row.explanation}`;
}

function nameOf({ endpoint, label }: ComparisonRow): string {
  return endpoint === null ? label : `${label} of ${keyOf(endpoint)}`;
}

function keyOf({ name, method }: { readonly name: string; readonly method: string }): string {
  return `${method} ${name}`.trim();
}

function valueText({ unit }: ComparisonRow, value: number | null): string {
  if (value === null) return "none";
  return { ms: formatMs, "per-second": formatRate, share: formatShare }[unit](value);
}

function changeText({ change }: ComparisonRow): string {
  if (change === null || change.kind === "absolute") return "";
  const sign = change.estimate < 0 ? "−" : "+";
  return ` (${sign}${significant(Math.abs(change.estimate) * 100)} %)`;
}

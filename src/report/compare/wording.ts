/** Words and figures of a comparison, for every form of it. */
import type { Change, ComparisonRow } from "../../judge/index.ts";
import { absent, formatLatency, formatPercent, formatRate } from "../../base/numbers.ts";

/** A figure of a row in its unit. */
export function valueText({ unit }: Pick<ComparisonRow, "unit">, value: number | null): string {
  if (value === null) return absent;
  return { ms: formatLatency, "per-second": formatRate, share: formatPercent }[unit](value);
}

/** `+27 %`, `−3.1 %`; of a share, which differs by points: `+0.12 pp`. */
export function changeText(change: Change | null): string {
  if (change === null) return absent;
  return `${signed(change.estimate)} ${unitOf(change)}`;
}

/** `+18 to +36 %`; empty without limits. */
export function intervalText(change: Change | null): string {
  if (change === null || (change.low === null && change.high === null)) return "";
  const end = (value: number | null, without: string): string =>
    value === null ? without : signed(value);
  return `${end(change.low, "?")} to ${end(change.high, "?")} ${unitOf(change)}`;
}

function unitOf({ kind }: Change): string {
  return kind === "relative" ? "%" : "pp";
}

function signed(share: number): string {
  const percent = share * 100;
  const size = Math.abs(percent);
  const digits = size >= 10 ? 0 : size >= 1 || size === 0 ? 1 : size >= 0.1 ? 2 : 3;
  const text = size.toFixed(digits);
  if (Number(text) === 0) return "0";
  return `${percent < 0 ? "−" : "+"}${text}`;
}

const words: Readonly<Record<ComparisonRow["status"], string>> = {
  better: "✓ better",
  worse: "✗ worse",
  same: "✓ same",
  unclear: "? unclear",
  "only-base": "only in base",
  "only-new": "only in new",
  shown: "–",
};

/** What can be said of a row, in a few words; in parentheses where no regression follows from it. */
export function statusText(row: ComparisonRow): string {
  const { status, looksWorse, runsNeeded, isGated } = row;
  if (!isGated && status !== "shown") return `(${row.status.replace("-", " in ")})`;
  if (status !== "unclear") return words[status];
  const needed = runsNeeded === null ? "" : runsNeeded > 100 ? ", n>100" : `, n≈${runsNeeded}`;
  return `${looksWorse ? "? worse" : words.unclear}${needed}`;
}

/** "GET /home"; "all requests" of the run as a whole. */
export function groupText({ endpoint }: Pick<ComparisonRow, "endpoint">): string {
  return endpoint === null ? "all requests" : `${endpoint.method} ${endpoint.name}`.trim();
}

/** Rows of a comparison that belong together: the run as a whole, or an endpoint. */
export interface RowGroup {
  readonly name: string;
  readonly isWhole: boolean;
  readonly rows: readonly ComparisonRow[];
}

const urgency: readonly ComparisonRow["status"][] = [
  "worse",
  "unclear",
  "better",
  "only-base",
  "only-new",
];

/** The run as a whole first, then the endpoints: what is worse, what looks worse, and so on. */
export function groupRows(rows: readonly ComparisonRow[]): RowGroup[] {
  const groups = new Map<string, ComparisonRow[]>();
  for (const row of rows) {
    const key = row.endpoint === null ? "" : `e ${groupText(row)}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const all = [...groups.values()].map(
    (list): RowGroup => ({
      name: groupText(list[0]!),
      isWhole: list[0]!.endpoint === null,
      rows: list,
    }),
  );
  return all.toSorted((one, other) => rankOf(one) - rankOf(other));
}

function rankOf({ isWhole, rows }: RowGroup): number {
  if (isWhole) return -1;
  const gated = rows.filter(({ isGated }) => isGated);
  const ranks = gated.map(({ status, looksWorse }) => {
    const place = urgency.indexOf(status);
    return place === -1 ? urgency.length : place + (status === "unclear" && !looksWorse ? 2.5 : 0);
  });
  return Math.min(...ranks);
}

/** What a reader needs first: gated rows, but an endpoint's failures only where there are any. */
export function isOfNote(row: ComparisonRow): boolean {
  if (row.endpoint === null) return true;
  if (row.measure === "errors") return (row.base ?? 0) > 0 || (row.new ?? 0) > 0;
  return row.isGated;
}

/** Reads the file of `--summary-export`, and the shape of any JSON file. */

interface ExportedGroup {
  readonly path: string;
  readonly groups: Readonly<Record<string, ExportedGroup>>;
  readonly checks: Readonly<
    Record<string, { readonly passes: number; readonly fails: number; readonly name: string }>
  >;
}

/** The part of the file that is compared. */
export interface SummaryExport {
  readonly root_group?: ExportedGroup;
  readonly metrics: Readonly<
    Record<string, { readonly thresholds?: Readonly<Record<string, boolean>> }>
  >;
}

type Table = Record<string, Record<string, string>>;

/** Checks by group; groups without checks are listed too. */
export function checksOf(summary: SummaryExport): Table {
  const table: Table = {};
  const visit = (group: ExportedGroup): void => {
    const checks = Object.entries(group.checks).sort(([a], [b]) => (a < b ? -1 : 1));
    table[group.path] = Object.fromEntries(
      checks.map(([name, { passes, fails }]) => [name, `${passes} passed, ${fails} failed`]),
    );
    for (const name of Object.keys(group.groups).sort()) visit(group.groups[name]!);
  };
  if (summary.root_group !== undefined) visit(summary.root_group);
  return table;
}

/** Thresholds by metric; k6 writes true for one that failed. */
export function thresholdsOf(summary: SummaryExport): Table {
  const table: Table = {};
  for (const name of Object.keys(summary.metrics).sort()) {
    const { thresholds } = summary.metrics[name]!;
    if (thresholds === undefined) continue;
    table[name] = Object.fromEntries(
      Object.entries(thresholds)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([source, failed]) => [source, failed ? "failed" : "ok"]),
    );
  }
  return table;
}

/** Keys (sorted) and types instead of values; `vus` and `vus_max` left out, as short runs have none. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value))
    return value.length === 0
      ? []
      : [...new Set(value.map(shapeText))].map((text) => JSON.parse(text) as unknown);
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  const entries = Object.entries(value)
    .filter(([key]) => key !== "vus" && key !== "vus_max")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, shapeOf(inner)]));
}

function shapeText(value: unknown): string {
  return JSON.stringify(shapeOf(value));
}

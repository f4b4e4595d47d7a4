/** The old shape of `--summary-export` (k6: 7.3): figures beside thresholds, and a threshold that is `true` has been crossed. */
import type { SummaryCheck, SummaryGroup } from "./check-tree.ts";
import type { SummaryData, SummaryMetric } from "./summary.ts";

interface ExportedGroup {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: Readonly<Record<string, ExportedGroup>>;
  readonly checks: Readonly<Record<string, SummaryCheck>>;
}

/** What is written, with an indent of four spaces. */
export interface SummaryExport {
  readonly root_group: ExportedGroup;
  readonly metrics: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly setup_data?: unknown;
}

export function toSummaryExport(data: SummaryData): SummaryExport {
  const { root_group, metrics, setup_data } = data;
  const exported = Object.entries(metrics).map(([name, metric]) => [name, toExported(metric)]);
  return {
    root_group: toGroup(root_group),
    metrics: Object.fromEntries(exported) as SummaryExport["metrics"],
    ...(setup_data === undefined ? {} : { setup_data }),
  };
}

function toExported({
  type,
  values,
  thresholds,
}: SummaryMetric): Readonly<Record<string, unknown>> {
  const { rate, ...others } = values;
  const shown = type === "rate" ? { ...others, value: rate } : values;
  if (thresholds === undefined) return shown;
  const crossed = Object.entries(thresholds).map(([source, { ok }]) => [source, !ok]);
  return { ...shown, thresholds: Object.fromEntries(crossed) as Record<string, boolean> };
}

function toGroup({ name, path, id, groups, checks }: SummaryGroup): ExportedGroup {
  return {
    name,
    path,
    id,
    groups: Object.fromEntries(groups.map((group) => [group.name, toGroup(group)])),
    checks: Object.fromEntries(checks.map((check) => [check.name, check])),
  };
}

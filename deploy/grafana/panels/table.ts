/** A table with one row a set of labels: each column is a query, joined by the labels. */
import {
  TableCellDisplayMode,
  TableSortByFieldStateBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { Panel, Threshold } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { dataSource, type PanelSize, type PanelText, refId, tableQuery } from "./query.ts";

/** A column of figures. */
export interface Column {
  readonly title: string;
  readonly expr: string;
  readonly unit: string;
  readonly decimals?: number;
  readonly thresholds?: readonly Threshold[];
}

export interface Table extends PanelText, PanelSize {
  /** What rows are told apart by, in the order of the columns. */
  readonly labels: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** Title of the column that rows are sorted by, the largest first. */
  readonly sortBy: string;
}

/** The table, without a place on the grid yet. */
export function table(spec: Table): Panel {
  const builder = new PanelBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(dataSource)
    .span(spec.width)
    .height(spec.height)
    .targets(
      spec.columns.map(({ expr, title }, index) => tableQuery({ expr, legend: title }, index)),
    )
    .filterable(true)
    .sortBy([new TableSortByFieldStateBuilder().displayName(spec.sortBy).desc(true)])
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({ id: "organize", options: arrangement(spec) });
  for (const column of spec.columns) builder.overrideByName(column.title, properties(column));
  return builder.build();
}

/** After joining, a column is called after its query: `Value #A`. */
function arrangement({ labels, columns }: Table): object {
  const figures = columns.map(({ title }, index) => [`Value #${refId(index)}`, title] as const);
  const named = [...Object.entries(labels), ...figures];
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(named.map(([field], position) => [field, position])),
    renameByName: Object.fromEntries(named),
  };
}

function properties({ unit, decimals, thresholds }: Column): { id: string; value: unknown }[] {
  return [
    { id: "unit", value: unit },
    ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
    ...(thresholds === undefined
      ? []
      : [
          { id: "thresholds", value: { mode: "absolute", steps: thresholds } },
          { id: "custom.cellOptions", value: { type: TableCellDisplayMode.ColorText } },
        ]),
  ];
}

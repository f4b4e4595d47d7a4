/** What all panels have in common: where their data comes from, and how a query is written down. */
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import {
  DataqueryBuilder,
  PromQueryFormat,
  QueryEditorMode,
} from "@grafana/grafana-foundation-sdk/prometheus";
import { pushInterval } from "../selection.ts";

/** The data source that is chosen in the dashboard: an import works on any Grafana, whatever its sources are called. */
export const dataSource: DataSourceRef = { type: "prometheus", uid: "${datasource}" };

/** One query of a panel. */
export interface Query {
  readonly expr: string;
  /** Name of its series: `{{label}}` is filled in. */
  readonly legend: string;
  /** Drawn as a dashed red line: what the others are measured by. */
  readonly isLimit?: boolean;
  /** How often its series are written; the push interval of lakh if not given. */
  readonly step?: string;
}

/** What every panel has to say. */
export interface PanelText {
  readonly title: string;
  /** What is shown, and what to do when it is red. */
  readonly description: string;
}

/** Columns of the grid's 24, and rows. */
export interface PanelSize {
  readonly width: number;
  readonly height: number;
}

/** "A", "B", …: how a panel names its queries. */
export function refId(index: number): string {
  return String.fromCodePoint("A".codePointAt(0)! + index);
}

/** A query over the time that is shown. */
export function rangeQuery(query: Query, index: number): DataqueryBuilder {
  return queryAt(query, index).range();
}

/** A query of one moment, the end of the time that is shown. */
export function instantQuery(query: Query, index: number): DataqueryBuilder {
  return queryAt(query, index).instant();
}

/** A query of a native histogram's buckets. */
export function bucketQuery(query: Query, index: number): DataqueryBuilder {
  return rangeQuery(query, index).format(PromQueryFormat.Heatmap);
}

/** The same as rows of a table. */
export function tableQuery(query: Query, index: number): DataqueryBuilder {
  return instantQuery(query, index).format(PromQueryFormat.Table);
}

function queryAt({ expr, legend, step }: Query, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refId(index))
    .datasource(dataSource)
    .editorMode(QueryEditorMode.Code)
    .expr(expr)
    .legendFormat(legend)
    .interval(step ?? pushInterval);
}

/** One figure in large: the latest value, coloured by its limits. */
import {
  BigValueColorMode,
  BigValueGraphMode,
  ReduceDataOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  MappingType,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { pushInterval } from "../selection.ts";
import {
  dataSource,
  instantQuery,
  type PanelSize,
  type PanelText,
  type Query,
  rangeQuery,
} from "./query.ts";

export interface Figure extends PanelText, Partial<PanelSize> {
  readonly unit: string;
  readonly decimals?: number;
  readonly queries: readonly Query[];
  readonly thresholds: readonly Threshold[];
  /** Words for values: `{ 1: ["running", "green"] }`. */
  readonly words?: Readonly<Record<string, readonly [text: string, color: string]>>;
  /** What stands there without data. */
  readonly without: string;
  /** Asked at the end of the time shown, over all of it, and not as it went. */
  readonly isOfWholeRange?: boolean;
}

/** The figure, without a place on the grid yet. */
export function figure(spec: Figure): Panel {
  const asks = spec.isOfWholeRange === true ? instantQuery : rangeQuery;
  const builder = new PanelBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(dataSource)
    .span(spec.width ?? 4)
    .height(spec.height ?? 4)
    .interval(pushInterval)
    .targets(spec.queries.map(asks))
    .unit(spec.unit)
    .noValue(spec.without)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false).fields(""))
    .colorMode(BigValueColorMode.Background)
    .graphMode(spec.isOfWholeRange === true ? BigValueGraphMode.None : BigValueGraphMode.Area)
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...spec.thresholds]),
    );
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  if (spec.words !== undefined) {
    const options = Object.entries(spec.words).map(
      ([value, [text, color]]) => [value, { text, color }] as const,
    );
    builder.mappings([{ type: MappingType.ValueToText, options: Object.fromEntries(options) }]);
  }
  return builder.build();
}

/** Healthy below `limit`, red from it on, with a warning from four fifths of it. */
export function below(limit: number): Threshold[] {
  return [
    { value: null, color: "green" },
    { value: 0.8 * limit, color: "yellow" },
    { value: limit, color: "red" },
  ];
}

/** Healthy from `limit` on. */
export function atLeast(limit: number): Threshold[] {
  return [
    { value: null, color: "red" },
    { value: limit, color: "green" },
  ];
}

/** Healthy between the two. */
export function within(min: number, max: number): Threshold[] {
  return [
    { value: null, color: "yellow" },
    { value: min, color: "green" },
    { value: max, color: "yellow" },
  ];
}

/** Nothing to be judged. */
export const neutral: readonly Threshold[] = [{ value: null, color: "blue" }];

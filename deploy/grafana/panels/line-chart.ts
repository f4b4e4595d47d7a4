/** A chart over time. Limits are dashed red lines: series where a run states them, fixed ones where they are constants. */
import {
  GraphDrawStyle,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  GraphThresholdsStyleConfigBuilder,
  StackingConfigBuilder,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type DynamicConfigValue,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { pushInterval } from "../selection.ts";
import {
  dataSource,
  type PanelSize,
  type PanelText,
  type Query,
  rangeQuery,
  refId,
} from "./query.ts";

export interface LineChart extends PanelText, Partial<PanelSize> {
  readonly unit: string;
  /** Left out: as many as the value needs. */
  readonly decimals?: number;
  readonly queries: readonly Query[];
  /** Lines at fixed heights, from the lowest up; the area below the first is healthy. */
  readonly thresholds?: readonly Threshold[];
  readonly stacked?: boolean;
  /** A chart of ratios or levels begins at 0; one of slopes does not. */
  readonly hasNegative?: boolean;
}

/** The chart, without a place on the grid yet. */
export function lineChart(chart: LineChart): Panel {
  const builder = new PanelBuilder()
    .title(chart.title)
    .description(chart.description)
    .datasource(dataSource)
    .span(chart.width ?? 8)
    .height(chart.height ?? 8)
    .interval(pushInterval)
    .targets(chart.queries.map(rangeQuery))
    .unit(chart.unit)
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(chart.stacked === true ? 30 : 8)
    .showPoints(VisibilityMode.Auto)
    .legend(legend())
    .tooltip(tooltip());
  if (chart.decimals !== undefined) builder.decimals(chart.decimals);
  if (chart.hasNegative !== true) builder.min(0);
  if (chart.stacked === true) {
    builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"));
  }
  if (chart.thresholds !== undefined) drawThresholds(builder, chart.thresholds);
  for (const [index, { isLimit }] of chart.queries.entries()) {
    if (isLimit === true) builder.overrideByQuery(refId(index), limitLine);
  }
  return builder.build();
}

/** No mean: that of a percentile means nothing. */
function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .calcs(["lastNotNull", "max"]);
}

function tooltip(): VizTooltipOptionsBuilder {
  return new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
}

const limitLine: DynamicConfigValue[] = [
  { id: "color", value: { mode: "fixed", fixedColor: "red" } },
  { id: "custom.lineStyle", value: { fill: "dash", dash: [8, 8] } },
  { id: "custom.fillOpacity", value: 0 },
  { id: "custom.stacking", value: { mode: "none", group: "limits" } },
];

function drawThresholds(builder: PanelBuilder, thresholds: readonly Threshold[]): void {
  builder
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...thresholds]))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

/** One line, at the height from which a value is bad. */
export function redFrom(limit: number): Threshold[] {
  return [
    { value: null, color: "green" },
    { value: limit, color: "red" },
  ];
}

/** A line at each end of what is wanted. */
export function between(min: number, max: number): Threshold[] {
  return [
    { value: null, color: "orange" },
    { value: min, color: "green" },
    { value: max, color: "orange" },
  ];
}

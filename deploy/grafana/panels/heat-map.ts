/** How durations are spread, over time: the buckets of native histograms, as they come. */
import {
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  TooltipDisplayMode,
} from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  HeatmapTooltipBuilder,
  PanelBuilder,
  YAxisConfigBuilder,
} from "@grafana/grafana-foundation-sdk/heatmap";
import { pushInterval } from "../selection.ts";
import { bucketQuery, dataSource, type PanelSize, type PanelText, type Query } from "./query.ts";

export interface HeatMap extends PanelText, PanelSize {
  readonly unit: string;
  readonly query: Query;
}

/** The map, without a place on the grid yet. */
export function heatMap({ title, description, width, height, unit, query }: HeatMap): Panel {
  return new PanelBuilder()
    .title(title)
    .description(description)
    .datasource(dataSource)
    .span(width)
    .height(height)
    .interval(pushInterval)
    .targets([bucketQuery(query, 0)])
    .calculate(false)
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme("Turbo")
        .scale(HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64)
        .fill("dark-orange")
        .reverse(false),
    )
    .yAxis(
      new YAxisConfigBuilder()
        .unit(unit)
        .scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(2)),
    )
    .tooltip(
      new HeatmapTooltipBuilder()
        .mode(TooltipDisplayMode.Single)
        .yHistogram(true)
        .showColorScale(true),
    )
    .showLegend()
    .build();
}

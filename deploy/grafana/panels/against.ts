/** One figure against another, a point a moment: where a curve bends is the knee. */
import {
  LegendDisplayMode,
  LegendPlacement,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  PanelBuilder,
  SeriesMapping,
  XYSeriesConfigBuilder,
  XYShowMode,
} from "@grafana/grafana-foundation-sdk/xychart";
import { pushInterval } from "../selection.ts";
import { dataSource, type PanelSize, type PanelText, rangeQuery } from "./query.ts";

/** A query that answers with one series, which gets this name and unit. */
export interface Axis {
  readonly name: string;
  readonly expr: string;
  readonly unit: string;
}

export interface Against extends PanelText, PanelSize {
  readonly x: Axis;
  readonly y: Axis;
}

/** The chart, without a place on the grid yet. */
export function against({ title, description, width, height, x, y }: Against): Panel {
  const axes = [x, y];
  const builder = new PanelBuilder()
    .title(title)
    .description(description)
    .datasource(dataSource)
    .span(width)
    .height(height)
    .interval(pushInterval)
    .targets(axes.map(({ expr, name }, index) => rangeQuery({ expr, legend: name }, index)))
    .withTransformation({ id: "joinByField", options: { byField: "Time", mode: "inner" } })
    .unit(y.unit)
    .show(XYShowMode.Points)
    .pointSize({ fixed: 6 })
    .mapping(SeriesMapping.Manual)
    .series([
      new XYSeriesConfigBuilder()
        .name({ fixed: `${y.name} against ${x.name}` })
        .frame({ matcher: { id: "byIndex", options: 0 } })
        .x({ matcher: { id: "byName", options: x.name } })
        .y({ matcher: { id: "byName", options: y.name } }),
    ])
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single));
  for (const { name, unit } of axes) {
    builder.overrideByName(name, [
      { id: "unit", value: unit },
      { id: "min", value: 0 },
      { id: "custom.axisLabel", value: name },
    ]);
  }
  return builder.build();
}

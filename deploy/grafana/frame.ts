/**
 * A dashboard around its panels: rows one below the other, variables, the phases of the run and the alerts as annotations, links to the
 * other dashboards. Positions and ids are given here, in the order of the rows, because the SDK gives no ids and checks
 * no widths.
 */
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { dataSource } from "./panels/query.ts";
import { chosen, pushInterval, series } from "./selection.ts";
import type { Variable } from "./variables.ts";

/** Panels that belong together, under one heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface DashboardFrame {
  /** Stands in the address: links and bookmarks keep working when the title changes. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
  readonly from: string;
  readonly refresh: string;
}

const gridColumns = 24;

/** The whole dashboard, as Grafana imports it. */
export function createDashboard(frame: DashboardFrame): Dashboard {
  const builder = new DashboardBuilder(frame.title)
    .uid(frame.uid)
    .description(frame.description)
    .tags(["lakh", "load test"])
    .editable()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: frame.from, to: "now" })
    .refresh(frame.refresh)
    .variables([...frame.variables])
    .annotation(inSight(phases()))
    .annotation(inSight(alerts()))
    .link(inSight(otherDashboards()));
  let id = 1;
  let y = 0;
  for (const row of frame.rows) {
    builder.withRow(new RowBuilder(row.title).id(id++).gridPos({ x: 0, y: y++, w: 24, h: 1 }));
    const panels = placed(row, y);
    for (const panel of panels) builder.withPanel({ build: () => ({ ...panel, id: id++ }) });
    y = Math.max(...panels.map(({ gridPos }) => gridPos!.y + gridPos!.h));
  }
  return builder.build();
}

/** The row's panels from left to right, a new line where the next has no room. */
function placed({ panels }: Row, top: number): Panel[] {
  let x = 0;
  let y = top;
  let lineHeight = 0;
  return panels.map((panel) => {
    const { w, h } = panel.gridPos!;
    if (x + w > gridColumns) {
      x = 0;
      y += lineHeight;
      lineHeight = 0;
    }
    const gridPos = { x, y, w, h };
    x += w;
    lineHeight = Math.max(lineHeight, h);
    return { ...panel, gridPos };
  });
}

/** A series is there as long as its phase lasts, and neighbouring moments are drawn as one stretch. */
function phases(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name("phases of the run")
    .datasource(dataSource)
    .enable(true)
    .iconColor("blue")
    .expr(`max by (testid, phase) (${series("lakh_run_phase", chosen.run)})`)
    .step(pushInterval)
    .titleFormat("{{phase}}")
    .textFormat("{{testid}}")
    .tagKeys("phase")
    .useValueForTime(false);
}

/** What the rules beside the dashboards report, if Prometheus has them: of the chosen runs, and of the target. */
function alerts(): AnnotationQueryBuilder {
  const firing = series(
    "ALERTS",
    'alertname=~"Lakh.+"',
    'alertstate="firing"',
    'testid=~"$testid|"',
  );
  return new AnnotationQueryBuilder()
    .name("alerts")
    .datasource(dataSource)
    .enable(true)
    .iconColor("red")
    .expr(`max by (alertname, testid, namespace, pod, container) (${firing})`)
    .step(pushInterval)
    .titleFormat("{{alertname}}")
    .textFormat("{{testid}} {{namespace}} {{pod}} {{container}}")
    .tagKeys("alertname")
    .useValueForTime(false);
}

/** The SDK puts them into a menu that older versions of Grafana do not have, and that nobody opens in newer ones. */
function inSight<T extends { placement?: unknown }>(builder: Builder<T>): Builder<T> {
  const built = builder.build();
  delete built.placement;
  return { build: () => built };
}

function otherDashboards(): DashboardLinkBuilder {
  return new DashboardLinkBuilder("lakh")
    .type(DashboardLinkType.Dashboards)
    .tags(["lakh"])
    .icon("external link")
    .tooltip("the other dashboards, for the same runs and the same time")
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}

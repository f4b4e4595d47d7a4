/** The dashboards as Grafana reads them. That their queries work is tested against a real Prometheus. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { generatedFiles, generatedFolders } from "../../../deploy/grafana/files.ts";
import { guideLimits } from "../../../deploy/grafana/limits.ts";
import { recordingRules } from "../../../deploy/grafana/rules/recording.ts";
import { generatorAlerts, loadAlerts, targetAlerts } from "../../../deploy/grafana/rules/alerts.ts";
import * as units from "@grafana/grafana-foundation-sdk/units";
import { repoRoot } from "../../support/cli.ts";
import {
  type DashboardJson,
  expressionsOf,
  type PanelJson,
  readDashboards,
} from "../../support/dashboards.ts";
import { namesIn } from "../../support/promql-names.ts";
import { seriesCatalogue } from "../../support/series-catalogue.ts";

const dashboards = Object.values(readDashboards());
const panelsOf = ({ panels }: DashboardJson): PanelJson[] =>
  panels.filter(({ type }) => type !== "row");

describe("generated files", () => {
  it("are what the code gives, and no others are there (npm run grafana:build)", () => {
    const files = generatedFiles();
    const present = generatedFolders.flatMap((folder) =>
      readdirSync(join(repoRoot, folder)).map((name) => `${folder}/${name}`),
    );
    assert.deepEqual(present.sort(), Object.keys(files).sort());
    for (const [path, text] of Object.entries(files)) {
      assert.equal(readFileSync(join(repoRoot, path), "utf8"), text, path);
    }
  });
});

for (const dashboard of dashboards) {
  describe(dashboard.title, () => {
    const panels = panelsOf(dashboard);

    it("has a name of its own, and a schema that Grafana 10 and later import", () => {
      assert.equal(new Set(dashboards.map(({ uid }) => uid)).size, dashboards.length);
      assert.match(dashboard.uid, /^lakh-[a-z-]{4,35}$/u);
      assert.match(dashboard.title, /^lakh: /u);
      assert.ok(dashboard.schemaVersion >= 36);
    });

    it("numbers its panels, each once", () => {
      const ids = dashboard.panels.map(({ id }) => id);
      assert.ok(ids.every((id) => Number.isInteger(id) && id > 0));
      assert.equal(new Set(ids).size, ids.length);
    });

    it("lays its panels out within 24 columns, none over another, rows at full width", () => {
      const taken = new Map<string, string>();
      for (const { title, type, gridPos } of dashboard.panels) {
        const { x, y, w, h } = gridPos;
        assert.ok(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 24, `${title} ${x} ${w}`);
        if (type === "row") assert.deepEqual([x, w, h], [0, 24, 1]);
        for (let column = x; column < x + w; column++) {
          for (let row = y; row < y + h; row++) {
            const cell = `${column} ${row}`;
            assert.equal(taken.get(cell), undefined, `"${title}" lies over "${taken.get(cell)}"`);
            taken.set(cell, title);
          }
        }
      }
    });

    it("asks the chosen data source and never a fixed one", () => {
      const chosen = { type: "prometheus", uid: "${datasource}" };
      for (const { title, datasource } of panels) assert.deepEqual(datasource, chosen, title);
      const uids = JSON.stringify(dashboard).matchAll(/"datasource":\{[^}]*"uid":"([^"]*)"/gu);
      assert.deepEqual([...new Set([...uids].map(([, uid]) => uid))], ["${datasource}"]);
    });

    it("explains every panel, and says what to do", () => {
      for (const { title, description } of panels) {
        assert.ok((description ?? "").length >= 80, `"${title}": ${description}`);
      }
    });

    it("has a unit for every figure, a legend for every chart, and names for its queries", () => {
      for (const { title, type, fieldConfig, options, targets } of panels) {
        const units = JSON.stringify([fieldConfig, options]).match(/"unit":"[^"]+"|"id":"unit"/gu);
        assert.ok(units !== null, `"${title}" has no unit`);
        if (type === "timeseries") assert.equal(options?.legend?.showLegend, true, title);
        if (type === "heatmap") assert.equal(options?.legend?.show, true, title);
        const refIds = targets!.map(({ refId }) => refId);
        assert.equal(new Set(refIds).size, refIds.length, title);
        if (type === "timeseries") {
          const legends = targets!.map(({ legendFormat }) => legendFormat);
          assert.equal(new Set(legends).size, legends.length, `${title}: two lines of one name`);
          assert.ok(
            legends.every((legend) => legend !== ""),
            title,
          );
        }
      }
    });

    it("knows its units, and changes only series and columns that are there", () => {
      const known = new Set<unknown>(Object.values(units));
      for (const { title, fieldConfig, targets, transformations } of panels) {
        const { defaults, overrides } = fieldConfig!;
        if (defaults.unit !== undefined) assert.ok(known.has(defaults.unit), defaults.unit);
        const names = JSON.stringify([targets, transformations]);
        for (const { matcher, properties } of overrides) {
          const isThere =
            matcher.id === "byFrameRefID"
              ? targets!.some(({ refId }) => refId === matcher.options)
              : matcher.id === "byName" && names.includes(`"${matcher.options}"`);
          assert.ok(isThere, `"${title}": ${JSON.stringify(matcher)}`);
          const given = properties.filter(({ id }) => id === "unit");
          assert.ok(
            given.every(({ value }) => known.has(value)),
            title,
          );
        }
      }
    });

    it("shows ratios of errors to a thousandth of a percent", () => {
      const ratios = panels.filter(
        ({ type, targets, fieldConfig }) =>
          type !== "table" &&
          fieldConfig?.defaults.unit === "percentunit" &&
          targets!.some(({ expr }) => expr.includes('expected_response="false"')) &&
          !targets!.some(({ expr }) => expr.includes("/ on (testid) max by")),
      );
      for (const { title, fieldConfig } of ratios) {
        assert.equal(fieldConfig!.defaults.decimals, 3, title);
      }
      assert.ok(ratios.length > 0);
    });

    it("defines each variable that it uses, and uses each that it defines", () => {
      const defined = dashboard.templating.list.map(({ name }) => name);
      const text = JSON.stringify({ ...dashboard, templating: { list: [] } });
      const inVariables = JSON.stringify(dashboard.templating.list);
      const used = new Set([...text.matchAll(/\$\{?([a-z]\w*)\}?/gu)].map(([, name]) => name!));
      assert.deepEqual([...used].sort(), [...defined].sort());
      for (const [, name] of inVariables.matchAll(/"\$([a-z]\w*)\\?"/gu)) {
        assert.ok(defined.includes(name!), name);
      }
      assert.equal(dashboard.templating.list.find(({ name }) => name === "testid")?.multi, true);
    });
  });
}

/** Everything that is asked anywhere. */
const everyExpression = [
  ...dashboards.flatMap(expressionsOf),
  ...recordingRules.map(({ record, expr }) => ({ where: record, expr, step: "5s" })),
  ...[...loadAlerts, ...generatorAlerts, ...targetAlerts].map(({ alert, expr }) => ({
    where: alert,
    expr,
    step: "5s",
  })),
];

describe("every expression", () => {
  it("names only metrics and labels that somebody writes", () => {
    const recorded = new Set(recordingRules.map(({ record }) => record));
    const known = new Map(seriesCatalogue.map((each) => [each.name, each]));
    for (const { where, expr } of everyExpression) {
      const { metrics, labels } = namesIn(expr);
      const written = new Set(["cluster", "testid", "source"]);
      let isOfRules = false;
      for (const metric of metrics) {
        isOfRules ||= recorded.has(metric);
        const series = known.get(metric);
        assert.ok(recorded.has(metric) || series !== undefined, `${where}: unknown ${metric}`);
        for (const label of (series?.sets ?? []).flatMap(([set]) => Object.keys(set))) {
          written.add(label);
        }
      }
      if (isOfRules) written.add("objective");
      for (const label of labels) assert.ok(written.has(label), `${where}: unknown label ${label}`);
      assert.ok(metrics.size > 0, where);
    }
  });

  it("looks back over at least four pushes", () => {
    for (const { where, expr, step } of everyExpression) {
      for (const [, amount, unit] of expr.matchAll(/\[(\d+)([smh])[\]:]/gu)) {
        const seconds = Number(amount) * { s: 1, m: 60, h: 3_600 }[unit as "s" | "m" | "h"];
        assert.ok(seconds >= 20, `${where}: ${expr}`);
      }
      if (expr.includes("$__rate_interval")) assert.ok(Number.parseInt(step, 10) >= 5, where);
    }
  });

  it("looks back over more than a minute where errors are counted, which may be rare", () => {
    const rare = /expected_response="false"|k6_dropped_iterations_total/u;
    const counted = dashboards.flatMap(expressionsOf).filter(({ expr }) => rare.test(expr));
    assert.ok(counted.length > 5);
    for (const { where, expr, step } of counted) {
      const fixed = [...expr.matchAll(/rate\([^[]*\[(\d+)s\]/gu)].map(([, seconds]) =>
        Number(seconds),
      );
      const grafanas = expr.includes("$__rate_interval") ? [4 * Number.parseInt(step, 10)] : [];
      for (const seconds of [...fixed, ...grafanas]) assert.ok(seconds >= 65, `${where}: ${expr}`);
    }
  });

  it("never averages percentiles, and merges histograms before it takes one", () => {
    for (const { where, expr } of everyExpression) {
      assert.doesNotMatch(
        expr,
        /\bavg(?:_over_time)?\b[^(]*\([^[]*(?:histogram_quantile|_p9[59])/u,
        where,
      );
      for (const [, inner] of expr.matchAll(/histogram_quantile\([\d.]+, (\w+)/gu)) {
        assert.equal(inner, "sum", where);
      }
    }
  });
});

describe("the limits", () => {
  it("are those for 100,000 daily users", () => {
    assert.deepEqual(guideLimits, {
      requestsPerSecond: { min: 400, max: 500 },
      p95Seconds: 0.3,
      p99Seconds: 0.5,
      errorRatio: 0.001,
      vus: 5_000,
      cpuRatio: 0.7,
    });
  });

  it("are drawn in the five key panels", () => {
    const { panels } = dashboards.find(({ uid }) => uid === "lakh-key-panels")!;
    const lines = (title: string): (number | null)[] =>
      panels
        .find((panel) => panel.title === title && panel.type === "timeseries")!
        .fieldConfig!.defaults.thresholds!.steps.map(({ value }) => value);
    assert.deepEqual(lines("Requests/s"), [null, 400, 500]);
    assert.deepEqual(lines("p95"), [null, 0.3]);
    assert.deepEqual(lines("Error rate"), [null, 0.001]);
    assert.deepEqual(lines("Active VUs"), [null, 5_000]);
    assert.ok(panels.some(({ title }) => title === "Data transfer"));
  });
});

/** The committed dashboards as tests read them: the JSON that Grafana imports, not the code that wrote it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "./cli.ts";
import { knownRun } from "./series-catalogue.ts";

/** What tests look at in a panel; a row has no targets. */
export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly interval: string;
    readonly instant: boolean;
    readonly legendFormat: string;
  }[];
  readonly transformations?: readonly { readonly id: string; readonly options: unknown }[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly decimals?: number;
      readonly min?: number;
      readonly thresholds?: {
        readonly steps: readonly { readonly value: number | null; readonly color: string }[];
      };
    };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly options?: {
    readonly legend?: { readonly showLegend?: boolean; readonly show?: boolean };
  };
}

export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly PanelJson[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string | { readonly query: string };
      readonly multi: boolean;
    }[];
  };
  readonly annotations: {
    readonly list: readonly { readonly expr: string; readonly step: string }[];
  };
}

const folder = join(repoRoot, "deploy", "grafana", "dashboards");

/** All of them, by the name of the file. */
export function readDashboards(): Readonly<Record<string, DashboardJson>> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(
    names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), "utf8"))]),
  );
}

/** One expression of a dashboard, with where it stands. */
export interface Expression {
  readonly where: string;
  readonly expr: string;
  readonly step: string;
}

/** Every expression: of panels, annotations and variables. */
export function expressionsOf({
  title,
  panels,
  annotations,
  templating,
}: DashboardJson): Expression[] {
  const ofPanels = panels.flatMap((panel) =>
    (panel.targets ?? []).map(({ refId, expr, interval }) => ({
      where: `${title} / ${panel.title} / ${refId}`,
      expr,
      step: interval,
    })),
  );
  const ofAnnotations = annotations.list.map(({ expr, step }) => ({
    where: `${title} / annotation`,
    expr,
    step,
  }));
  const ofVariables = templating.list.flatMap(({ name, query }) =>
    typeof query === "string"
      ? []
      : [
          {
            where: `${title} / variable ${name}`,
            expr: /^label_values\((.*), \w+\)$/su.exec(query.query)![1]!,
            step: "5s",
          },
        ],
  );
  return [...ofPanels, ...ofAnnotations, ...ofVariables];
}

/** The expression as Grafana would send it, with the run and the target of the known data chosen. */
export function filledIn(
  { expr, step }: Pick<Expression, "expr" | "step">,
  testid: string = knownRun,
): string {
  const values = {
    testid,
    scenario: ".*",
    name: ".*",
    namespace: "shop",
    pod: ".*",
    job: "shop-api",
    __rate_interval: `${4 * Number.parseInt(step, 10)}s`,
    __range: "1800s",
  };
  return expr.replaceAll(/\$(\w+)/gu, (_, name: string) => {
    const value = (values as Readonly<Record<string, string>>)[name];
    if (value === undefined) throw new Error(`no value for $${name} in ${expr}`);
    return value;
  });
}

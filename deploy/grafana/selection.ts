/**
 * Which series a query asks for, and how far back its rates look. Panels ask for what is chosen in the dashboard's
 * variables; rules ask for every run.
 */

/** Matchers of a query, and the range of its rates. */
export interface Selection {
  /** Of series that only say which run they belong to. */
  readonly run: string;
  /** Of requests: also of which scenario and endpoint. */
  readonly requests: string;
  readonly window: string;
  /** How long before the moment that is shown. */
  readonly offset?: string;
}

/** Metrics are pushed so often; a rate has to look back over four pushes or more. */
export const pushInterval = "5s";
/**
 * Of counters that hardly ever move: what does not change is sent once a minute, and a rate that looks back over less
 * sees one point, and so nothing, of an error that came alone.
 */
export const rareInterval = "20s";
/** The slowest usual interval of Prometheus' own scrapes of a target. */
export const scrapeInterval = "15s";

/** What the variables of a dashboard say. Grafana's rate interval is at least four times the step of its query. */
export const chosen: Selection = {
  run: 'testid=~"$testid"',
  requests: 'testid=~"$testid",scenario=~"$scenario",name=~"$name"',
  window: "$__rate_interval",
};

/** What a rule looks at. */
export const everyRun: Selection = { run: "", requests: "", window: "30s" };

/** The same series over another range. */
export function over(window: string, selection: Selection): Selection {
  return { ...selection, window };
}

/** A range of the selected series: `name{a="b"}[30s]`. */
export function range(selector: string, { window, offset }: Selection): string {
  return `${selector}[${window}]${offset === undefined ? "" : ` offset ${offset}`}`;
}

/** A selector: `name{a="b",c="d"}`; empty matchers are left out. */
export function series(name: string, ...matchers: readonly string[]): string {
  const stated = matchers.filter((matcher) => matcher !== "").join(",");
  return stated === "" ? name : `${name}{${stated}}`;
}

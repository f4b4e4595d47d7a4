/**
 * "lakh: key panels": five figures and their charts, with the limits for 100,000 daily users as fixed lines. For a run
 * with other limits there is "lakh: load test", which draws those that the run states.
 */
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  BytesPerSecondSI,
  PercentUnit,
  RequestsPerSecond,
  Seconds,
  Short,
} from "@grafana/grafana-foundation-sdk/units";
import { createDashboard, type Row } from "./frame.ts";
import { guideLimits } from "./limits.ts";
import { atLeast, below, figure, neutral, within } from "./panels/figure.ts";
import { between, lineChart, redFrom } from "./panels/line-chart.ts";
import type { PanelText, Query } from "./panels/query.ts";
import { counterRate, failureRatio, latency, requestRate } from "./queries/requests.ts";
import { sinceStart } from "./rows/latency.ts";
import { chosen, rareInterval } from "./selection.ts";
import { runVariables } from "./variables.ts";

export function keyPanelsDashboard(): Dashboard {
  return createDashboard({
    uid: "lakh-key-panels",
    title: "lakh: key panels",
    description:
      "Five figures for 100,000 daily users: 400 to 500 requests/s, p95 below 300 ms, errors below 0.1 %, 5,000 VUs, data transfer.",
    variables: runVariables(),
    rows: [now(), overTime()],
    from: "now-30m",
    refresh: "10s",
  });
}

const { requestsPerSecond, p95Seconds, errorRatio, vus } = guideLimits;
const legend = "{{testid}}";

/** What each of the five shows; title and advice are the same for the figure and the chart. */
const five = {
  rate: {
    title: "Requests/s",
    description: `Ought to be ${requestsPerSecond.min} to ${requestsPerSecond.max} at the peak. Below: the load was not reached; see whether generator or target is the limit. Above: another question was asked than 100,000 daily users.`,
  },
  latency: {
    title: "p95",
    description: `95 % of the requests are to be answered within ${p95Seconds * 1_000} ms. One figure for all requests, from merged native histograms. Red: "lakh: load test" shows which endpoint and which part of the request.`,
  },
  errors: {
    title: "Error rate",
    description: `Failed requests of all, to be below ${errorRatio * 100} %. A share, not a rate a second, over 80 s so that an error that comes alone is seen. Red: "lakh: load test" shows them by kind.`,
  },
  users: {
    title: "Active VUs",
    description: `Virtual users that run an iteration; ${vus} users are there at the peak of 100,000 a day. Fewer in a run by requests/s are no fault: a fast target needs fewer at once.`,
  },
  transfer: {
    title: "Data transfer",
    description:
      "Bytes a second, headers included, all connections together. A flat top while requests/s ought to rise: the network is the limit.",
  },
} satisfies Record<string, PanelText>;

const queries = {
  rate: [{ expr: requestRate(chosen), legend }],
  latency: [{ expr: latency(0.95, chosen), legend }],
  errors: [{ expr: failureRatio(chosen), legend, step: rareInterval }],
  users: [{ expr: `sum by (testid) (k6_vus{${chosen.run}})`, legend }],
  transfer: [
    { expr: counterRate("k6_data_received_total", chosen), legend: `received ${legend}` },
    { expr: counterRate("k6_data_sent_total", chosen), legend: `sent ${legend}` },
  ],
} satisfies Record<keyof typeof five, Query[]>;

function now(): Row {
  const without = "no data";
  const common = { without, width: 4, height: 5 };
  return {
    title: "Now",
    panels: [
      figure({
        ...five.rate,
        ...common,
        unit: RequestsPerSecond,
        decimals: 0,
        queries: queries.rate,
        thresholds: within(requestsPerSecond.min, requestsPerSecond.max),
      }),
      figure({
        ...five.latency,
        ...common,
        unit: Seconds,
        queries: queries.latency,
        thresholds: below(p95Seconds),
      }),
      figure({
        ...five.errors,
        ...common,
        unit: PercentUnit,
        decimals: 3,
        queries: queries.errors,
        thresholds: below(errorRatio),
      }),
      figure({
        ...five.users,
        ...common,
        unit: Short,
        queries: queries.users,
        thresholds: atLeast(vus).map((step) =>
          step.color === "red" ? { ...step, color: "blue" } : step,
        ),
      }),
      figure({
        ...five.transfer,
        ...common,
        width: 8,
        unit: BytesPerSecondSI,
        queries: queries.transfer,
        thresholds: neutral,
      }),
    ],
  };
}

function overTime(): Row {
  const common = { width: 12, height: 8 };
  return {
    title: "Over time",
    panels: [
      lineChart({
        ...five.rate,
        ...common,
        unit: RequestsPerSecond,
        queries: queries.rate,
        thresholds: between(requestsPerSecond.min, requestsPerSecond.max),
      }),
      lineChart({
        ...five.latency,
        ...common,
        unit: Seconds,
        queries: queries.latency,
        thresholds: redFrom(p95Seconds),
      }),
      lineChart({
        ...five.errors,
        ...common,
        unit: PercentUnit,
        decimals: 3,
        queries: queries.errors,
        thresholds: redFrom(errorRatio),
      }),
      lineChart({
        ...five.users,
        ...common,
        unit: Short,
        queries: queries.users,
        thresholds: [
          { value: null, color: "blue" },
          { value: vus, color: "green" },
        ],
      }),
      lineChart({
        ...five.transfer,
        ...common,
        unit: BytesPerSecondSI,
        queries: queries.transfer,
      }),
      { ...sinceStart(), gridPos: { x: 0, y: 0, w: 12, h: 8 } },
    ],
  };
}

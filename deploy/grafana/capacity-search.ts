/** "lakh: capacity search": the trials of `lakh limit`, and latency against rate. The knee is where the curve bends. */
import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  PercentUnit,
  RequestsPerSecond,
  Seconds,
  Short,
} from "@grafana/grafana-foundation-sdk/units";
import { createDashboard, type Row } from "./frame.ts";
import { alertLimits, generatorBounds } from "./limits.ts";
import { against } from "./panels/against.ts";
import { lineChart, redFrom } from "./panels/line-chart.ts";
import type { Query } from "./panels/query.ts";
import { type Column, table } from "./panels/table.ts";
import { reading } from "./queries/generator.ts";
import {
  failureRatio,
  latency,
  level,
  objective,
  requestRate,
  requestsInFlight,
} from "./queries/requests.ts";
import { observed } from "./queries/target.ts";
import { chosen, over, rareInterval, series } from "./selection.ts";
import { runVariables } from "./variables.ts";

/** The trials of searches, all that were in the time shown. */
const searches = { of: series("lakh_run_info", 'command=~"limit.*"'), all: true };

export function capacitySearchDashboard(): Dashboard {
  return createDashboard({
    uid: "lakh-capacity-search",
    title: "lakh: capacity search",
    description:
      "The trials of lakh limit, each at one rate: which of them met the objectives, and where latency bends. Each trial is a run: choose those of one search, or a time in which there was one.",
    variables: runVariables(searches),
    rows: [trials(), knee(), why()],
    from: "now-1h",
    refresh: "10s",
  });
}

const run = "{{testid}}";
/** What each trial asks for. A trial is a run of its own, with or without a number. */
const trialRate = `(max by (testid, trial) (${series("lakh_trial_requests_per_second", chosen.run)}) or on (testid) ${level("lakh_planned_requests_per_second", chosen)})`;

/** A figure of the run, labelled with the trial that is under way. */
function ofTrial(expr: string): string {
  return `(${expr}) * on (testid) group_right () (${trialRate} > bool 0)`;
}

function trials(): Row {
  return {
    title: "Trials",
    panels: [rateChart(), latencyChart(), errorChart(), trialTable()],
  };
}

function rateChart(): Panel {
  return lineChart({
    title: "Requests/s: each trial, and achieved",
    description:
      "The rate that each trial asks for, and what came of it. Achieved stays below while the generator is healthy: that rate is past the target's capacity.",
    unit: RequestsPerSecond,
    queries: [
      { expr: requestRate(chosen), legend: `achieved ${run}` },
      { expr: trialRate, legend: "trial {{trial}} {{testid}}", isLimit: true },
    ],
  });
}

function latencyChart(): Panel {
  const limit = (name: string, legend: string): Query => ({
    expr: objective(name, chosen),
    legend,
    isLimit: true,
  });
  return lineChart({
    title: "p95 and p99 of each trial",
    description:
      "Against the objectives (dashed). Needs native histograms. A trial that crosses its line late: it had not settled; lakh limit repeats such trials.",
    unit: Seconds,
    queries: [
      { expr: ofTrial(latency(0.95, chosen)), legend: "p95 trial {{trial}} {{testid}}" },
      { expr: ofTrial(latency(0.99, chosen)), legend: "p99 trial {{trial}} {{testid}}" },
      limit("p95_seconds", "limit of p95"),
      limit("p99_seconds", "limit of p99"),
    ],
  });
}

function errorChart(): Panel {
  return lineChart({
    title: "Failed requests of each trial",
    description:
      "Share of all. Errors before latency climbs: something refuses early (a pool, a rate limit, a balancer), and the limit is a setting rather than the machine.",
    unit: PercentUnit,
    decimals: 3,
    queries: [
      {
        expr: ofTrial(failureRatio(chosen)),
        legend: "trial {{trial}} {{testid}}",
        step: rareInterval,
      },
      { expr: objective("error_ratio", chosen), legend: "allowed", isLimit: true },
    ],
  });
}

function trialTable(): Panel {
  return table({
    title: "Each trial",
    description:
      "Worst moment of each trial, over 30 s: lakh limit judges the whole steady state of a trial and says how sure it is, so read its report for the answer. Red: past what was planned.",
    width: 24,
    height: 8,
    labels: { testid: "Run", trial: "Trial" },
    columns: trialColumns(),
    sortBy: "Requests/s asked for",
  });
}

function trialColumns(): Column[] {
  const half = over("30s", chosen);
  const within = (aggregate: string, expr: string): string =>
    `${aggregate}_over_time((${ofTrial(expr)})[$__range:15s])`;
  return [
    {
      title: "Requests/s asked for",
      expr: `max_over_time(${trialRate}[$__range:15s])`,
      unit: RequestsPerSecond,
      decimals: 1,
    },
    {
      title: "Requests/s achieved, highest",
      expr: within("max", requestRate(half)),
      unit: RequestsPerSecond,
      decimals: 1,
    },
    { title: "p95, highest", expr: within("max", latency(0.95, half)), unit: Seconds },
    { title: "p99, highest", expr: within("max", latency(0.99, half)), unit: Seconds },
    {
      title: "Errors, highest",
      expr: within("max", failureRatio(over("80s", chosen))),
      unit: PercentUnit,
      decimals: 3,
    },
    {
      title: "Under way at once, highest",
      expr: within("max", requestsInFlight(half)),
      unit: Short,
      decimals: 1,
    },
  ];
}

/** One series each, of all chosen runs together: the trials of a search follow one another. */
function knee(): Row {
  const together = { allRuns: true };
  const rate = {
    name: "requests/s",
    expr: requestRate(chosen, together),
    unit: RequestsPerSecond,
  };
  const p95 = latency(0.95, chosen, together);
  return {
    title: "The knee",
    panels: [
      against({
        title: "p95 against requests/s",
        description:
          "A point a moment. Flat, then bending upward: the knee is the last rate before the bend. A cloud straight above one rate: beyond it the target only queues. Show the time of one search.",
        width: 12,
        height: 10,
        x: rate,
        y: { name: "p95", expr: p95, unit: Seconds },
      }),
      against({
        title: "Requests under way against requests/s",
        description:
          "A straight line through 0 while there is room (Little's law); where it leaves the line, requests wait for each other.",
        width: 12,
        height: 10,
        x: rate,
        y: {
          name: "under way at once",
          expr: requestsInFlight(chosen, together),
          unit: Short,
        },
      }),
    ],
  };
}

function why(): Row {
  return {
    title: "What was full?",
    panels: [
      lineChart({
        title: "Target: CPU in use",
        description:
          "As lakh read it. At its limit where latency bends: the CPU is what is full. Far from it: a pool, a lock, the database or a downstream is.",
        unit: PercentUnit,
        decimals: 1,
        queries: [
          { expr: observed("cpu_used_share", chosen), legend: `{{source}} ${run}` },
          { expr: objective("cpu_ratio", chosen), legend: `allowed ${run}`, isLimit: true },
        ],
      }),
      lineChart({
        title: "Generator: event loop in use",
        description:
          "Above the line the limit that was found is lakh's, not the target's: search again from a larger machine.",
        unit: PercentUnit,
        decimals: 0,
        queries: [{ expr: reading("loop_utilization", chosen), legend: run }],
        thresholds: redFrom(generatorBounds.loopUtilization),
      }),
      lineChart({
        title: "Achieved, share of the trial's rate",
        description:
          "1 while the target keeps up. Below the line with a healthy generator: throughput has reached its ceiling.",
        unit: PercentUnit,
        decimals: 1,
        queries: [
          {
            expr: `${requestRate(chosen)} / on (testid) group_right () (${trialRate} > 0)`,
            legend: "trial {{trial}} {{testid}}",
          },
        ],
        thresholds: [
          { value: null, color: "red" },
          { value: alertLimits.achievedOfPlanned, color: "green" },
        ],
      }),
    ],
  };
}

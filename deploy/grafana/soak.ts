/** "lakh: soak": hours at an even load. What is looked for is change: memory that climbs, latency that drifts, restarts. */
import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  BytesSI,
  PercentUnit,
  RequestsPerSecond,
  Seconds,
  Short,
} from "@grafana/grafana-foundation-sdk/units";
import { createDashboard, type Row } from "./frame.ts";
import { lineChart, redFrom } from "./panels/line-chart.ts";
import {
  failureRatio,
  latency,
  level,
  objective,
  requestRate,
  requestsInFlight,
} from "./queries/requests.ts";
import {
  chosenContainers,
  chosenProcesses,
  containerShare,
  growthPerHour,
  observed,
  presetQuery,
  processRestarts,
} from "./queries/target.ts";
import { reading } from "./queries/generator.ts";
import { containerRestarts } from "./rows/target.ts";
import { chosen, over, scrapeInterval } from "./selection.ts";
import { runVariables, targetVariables } from "./variables.ts";

export function soakDashboard(): Dashboard {
  return createDashboard({
    uid: "lakh-soak",
    title: "lakh: soak",
    description:
      "Hours at an even load: does anything change? Memory is judged by lakh itself after the run (a significant slope above 1 % an hour); these charts show where to look.",
    variables: [...runVariables(), ...targetVariables()],
    rows: [evenLoad(), drift(), memory(), handles()],
    from: "now-6h",
    refresh: "1m",
  });
}

const run = "{{testid}}";
const scraped = { step: scrapeInterval };
const byContainer = "{{namespace}}/{{pod}}/{{container}}";
const byProcess = "{{pod}} {{instance}}";
const fiveMinutes = over("5m", chosen);
const oneHour = over("1h", chosen);

function evenLoad(): Row {
  return {
    title: "Is the load even, and did it hold?",
    panels: [
      lineChart({
        title: "Requests/s",
        description:
          "Over five minutes, against the plan. It has to be flat: what drifts with the load is no leak. Not flat: generator or target gave way; see lakh: load test.",
        unit: RequestsPerSecond,
        width: 12,
        queries: [
          { expr: requestRate(fiveMinutes), legend: `achieved ${run}` },
          {
            expr: level("lakh_planned_requests_per_second", chosen),
            legend: `planned ${run}`,
            isLimit: true,
          },
        ],
      }),
      lineChart({
        title: "Failed requests, over five minutes and an hour",
        description:
          "Share of all, to a thousandth of a percent. The hour shows what a soak is judged by, the five minutes when it happened: a burst at every restart, or a slow climb.",
        unit: PercentUnit,
        decimals: 3,
        width: 12,
        queries: [
          { expr: failureRatio(fiveMinutes), legend: `5 min ${run}` },
          { expr: failureRatio(oneHour), legend: `1 h ${run}` },
          { expr: objective("error_ratio", chosen), legend: `allowed ${run}`, isLimit: true },
        ],
      }),
    ],
  };
}

function drift(): Row {
  const hourAgo = { ...fiveMinutes, offset: "1h" };
  return {
    title: "Does it get slower?",
    panels: [
      lineChart({
        title: "Request duration over five minutes",
        description:
          "p50, p95 and p99 of all requests, from merged native histograms. p50 that climbs: every request does more (a table without an index grows); p99 alone: pauses, such as garbage collection.",
        unit: Seconds,
        queries: [0.5, 0.95, 0.99].map((quantile) => ({
          expr: latency(quantile, fiveMinutes),
          legend: `p${quantile * 100} ${run}`,
        })),
      }),
      lineChart({
        title: "Drift: now against an hour ago",
        description:
          "The same percentiles divided by what they were an hour before. 1 is no drift. Above 1.2 for long: something accumulates; compare with memory, handles and the database's size.",
        unit: Short,
        decimals: 2,
        queries: [0.5, 0.95].map((quantile) => ({
          expr: `${latency(quantile, fiveMinutes)} / ${latency(quantile, hourAgo)}`,
          legend: `p${quantile * 100} ${run}`,
        })),
        thresholds: redFrom(1.2),
      }),
      lineChart({
        title: "Requests under way at once",
        description:
          "Mean over five minutes (Little's law). A climb at an even load is the earliest sign that the target does not keep up.",
        unit: Short,
        decimals: 1,
        queries: [{ expr: requestsInFlight(fiveMinutes), legend: `under way ${run}` }],
      }),
    ],
  };
}

function memory(): Row {
  return {
    title: "Does memory grow?",
    panels: [
      levels(),
      slopes(),
      lineChart({
        title: "Containers: memory, share of the limit",
        description:
          "Where it will be killed is 100 %. Draw the line on by eye: does it get there before the next deployment?",
        unit: PercentUnit,
        decimals: 0,
        queries: [
          { expr: containerShare("memory", chosenContainers), legend: byContainer, ...scraped },
        ],
        thresholds: redFrom(0.9),
      }),
    ],
  };
}

function levels(): Panel {
  const lowest = (expr: string): string => `min_over_time((${expr})[5m:1m])`;
  return lineChart({
    title: "Memory, lowest of each five minutes",
    description:
      "The lowest reading takes out the saw-tooth of a garbage collector. The first hour fills heap and caches and does not count. A climb that goes on after it: take two heap snapshots an hour apart and compare.",
    unit: BytesSI,
    queries: [
      { expr: lowest(observed("memory_bytes", chosen)), legend: `{{source}} ${run}` },
      {
        expr: lowest(presetQuery("kubernetes", "memory_bytes", chosenContainers)),
        legend: byContainer,
        ...scraped,
      },
      {
        expr: lowest(presetQuery("nodejs", "heap_bytes", chosenProcesses)),
        legend: `heap ${byProcess}`,
        ...scraped,
      },
    ],
  });
}

function slopes(): Panel {
  return lineChart({
    title: "Memory growth, bytes an hour",
    description:
      "Slope of the lowest readings over the last hour. It ought to swing around 0; a slope that stays above it is a leak. The verdict tests the same with a significance: the chart is for finding the time it began.",
    unit: BytesSI,
    hasNegative: true,
    queries: [
      { expr: growthPerHour(observed("memory_bytes", chosen)), legend: `{{source}} ${run}` },
      {
        expr: growthPerHour(presetQuery("kubernetes", "memory_bytes", chosenContainers)),
        legend: byContainer,
        ...scraped,
      },
      {
        expr: growthPerHour(presetQuery("nodejs", "heap_bytes", chosenProcesses)),
        legend: `heap ${byProcess}`,
        ...scraped,
      },
    ],
  });
}

function handles(): Row {
  return {
    title: "Restarts and handles",
    panels: [
      containerRestarts(),
      lineChart({
        title: "Processes that started anew",
        description:
          "By their start time, in the last five minutes: also outside Kubernetes. A restart empties a leak and hides it: the memory charts begin again there.",
        unit: Short,
        decimals: 0,
        width: 6,
        queries: [
          { expr: processRestarts(chosenProcesses), legend: "{{job}} {{instance}}", ...scraped },
        ],
      }),
      lineChart({
        title: "Open files and sockets of the target",
        description:
          "File descriptors. A climb at an even load: connections or files are not closed; it ends with EMFILE.",
        unit: Short,
        decimals: 0,
        width: 6,
        queries: [
          {
            expr: presetQuery("nodejs", "open_files", chosenProcesses),
            legend: byProcess,
            ...scraped,
          },
          {
            expr: `sum by (job, instance) (nodejs_active_handles_total{${chosenProcesses.selector}})`,
            legend: "handles {{job}} {{instance}}",
            ...scraped,
          },
        ],
      }),
      lineChart({
        title: "Generator: memory",
        description:
          "lakh's own. It has to be flat, too: a generator that swaps measures itself. Growing: the script keeps something a VU.",
        unit: BytesSI,
        width: 6,
        queries: [{ expr: reading("resident_bytes", chosen), legend: run }],
      }),
    ],
  };
}

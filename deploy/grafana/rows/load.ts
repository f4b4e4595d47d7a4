/** What was asked for, and what was done: a test whose load is not the one that was planned answers another question. */
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  BytesPerSecondSI,
  CountsPerSecond,
  RequestsPerSecond,
  Short,
} from "@grafana/grafana-foundation-sdk/units";
import type { Row } from "../frame.ts";
import { lineChart } from "../panels/line-chart.ts";
import { counterRate, level, requestRate } from "../queries/requests.ts";
import { chosen, rareInterval } from "../selection.ts";

export function loadRow(): Row {
  return {
    title: "Load: planned and achieved",
    panels: [requests(), iterations(), users(), transfer(), statuses()],
  };
}

function requests(): Panel {
  return lineChart({
    title: "Requests/s",
    description:
      "Achieved requests/s against what the plan asks for (all scenarios and endpoints). Below the plan: the target is the limit if the generator is healthy, else the generator is.",
    unit: RequestsPerSecond,
    width: 12,
    queries: [
      { expr: requestRate(chosen), legend: "achieved {{testid}}" },
      {
        expr: level("lakh_planned_requests_per_second", chosen),
        legend: "planned {{testid}}",
        isLimit: true,
      },
    ],
  });
}

function iterations(): Panel {
  return lineChart({
    title: "Iterations/s: due, started, dropped",
    description:
      "By the schedule of arrival rates. Started below due, or any dropped: no VU was free, and the load is less than was asked for. Give more VUs if the target is fast enough; if it is slow, this is the finding.",
    unit: CountsPerSecond,
    width: 12,
    queries: [
      { expr: counterRate("lakh_iterations_started_total", chosen), legend: "started {{testid}}" },
      { expr: counterRate("lakh_iterations_failed_total", chosen), legend: "failed {{testid}}" },
      {
        expr: counterRate("k6_dropped_iterations_total", chosen),
        legend: "dropped {{testid}}",
        step: rareInterval,
      },
      {
        expr: counterRate("lakh_iterations_due_total", chosen),
        legend: "due {{testid}}",
        isLimit: true,
      },
    ],
  });
}

function users(): Panel {
  return lineChart({
    title: "VUs",
    description:
      "Virtual users that run an iteration, and those that are there. Active close to initialized: the pool is used up, and iterations will be dropped next.",
    unit: Short,
    queries: [
      { expr: `sum by (testid) (k6_vus{${chosen.run}})`, legend: "active {{testid}}" },
      { expr: `sum by (testid) (k6_vus_max{${chosen.run}})`, legend: "initialized {{testid}}" },
      { expr: level("lakh_planned_vus", chosen), legend: "planned {{testid}}", isLimit: true },
    ],
  });
}

function transfer(): Panel {
  return lineChart({
    title: "Data transfer",
    description:
      "Bytes a second, headers included, all connections together. A flat top while requests/s ought to rise: the network is the limit, often that of the generator's machine.",
    unit: BytesPerSecondSI,
    queries: [
      { expr: counterRate("k6_data_received_total", chosen), legend: "received {{testid}}" },
      { expr: counterRate("k6_data_sent_total", chosen), legend: "sent {{testid}}" },
    ],
  });
}

function statuses(): Panel {
  return lineChart({
    title: "Requests/s by status",
    description:
      "Answers by HTTP status; 0 is no answer at all. A status that grows while the rate does not: look at the errors by kind.",
    unit: RequestsPerSecond,
    stacked: true,
    queries: [
      {
        expr: requestRate(chosen, { by: "status" }),
        legend: "{{status}} {{testid}}",
        step: rareInterval,
      },
    ],
  });
}

/** How the run stands, at a glance: each figure as a share of what it is measured by. */
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import type { Row } from "../frame.ts";
import { alertLimits, generatorBounds } from "../limits.ts";
import { atLeast, below, figure, neutral } from "../panels/figure.ts";
import { reading } from "../queries/generator.ts";
import {
  droppedRatio,
  failureRatio,
  latency,
  level,
  objective,
  requestRate,
} from "../queries/requests.ts";
import { chosen, rareInterval, series } from "../selection.ts";

const legend = "{{testid}}";

/** Six figures in one line. */
export function runRow(): Row {
  return {
    title: "The run",
    panels: [state(), achieved(), latencyOfLimit(), errorsOfLimit(), dropped(), generator()],
  };
}

function state(): Panel {
  return figure({
    title: "State",
    description:
      "Running while load is sent. Nothing here although a run goes on: its metrics do not arrive; read the warnings of lakh's output.",
    unit: Short,
    queries: [{ expr: stateOfScript(), legend: "{{command}} {{script}} {{testid}}" }],
    thresholds: neutral,
    words: { 0: ["ended", "blue"], 1: ["running", "green"] },
    without: "no run in this time",
  });
}

/** With what is run, for the legend. */
function stateOfScript(): string {
  const info = series("lakh_run_info", chosen.run);
  return `${level("lakh_run_state", chosen)} * on (testid) group_left (command, script) max by (testid, command, script) (${info})`;
}

function achieved(): Panel {
  return figure({
    title: "Requests/s, share of the plan",
    description:
      "What is achieved of the requests/s that the plan asks for at this time. Red: compare with the generator's figure. If that is red too, use a larger machine; if not, the target is the limit.",
    unit: PercentUnit,
    decimals: 1,
    queries: [
      {
        expr: `${requestRate(chosen)} / on (testid) (${level("lakh_planned_requests_per_second", chosen)} > 0)`,
        legend,
      },
    ],
    thresholds: atLeast(alertLimits.achievedOfPlanned),
    without: "no planned rate",
  });
}

function latencyOfLimit(): Panel {
  return figure({
    title: "p95, share of its limit",
    description:
      "The 95th percentile of the request durations, of the limit that was stated for this run. Red from 100 % on: look at the timings, the endpoints and the target's CPU at the same time.",
    unit: PercentUnit,
    decimals: 0,
    queries: [
      {
        expr: `${latency(0.95, chosen)} / on (testid) ${objective("p95_seconds", chosen)}`,
        legend,
      },
    ],
    thresholds: below(1),
    without: "no limit stated, or no native histograms",
  });
}

function errorsOfLimit(): Panel {
  return figure({
    title: "Errors, share of what is allowed",
    description:
      "Share of failed requests, of the share that was stated for this run. Red from 100 % on: the chart of errors by kind says what came back.",
    unit: PercentUnit,
    decimals: 0,
    queries: [
      {
        expr: `${failureRatio(chosen)} / on (testid) ${objective("error_ratio", chosen)}`,
        legend,
        step: rareInterval,
      },
    ],
    thresholds: below(1),
    without: "no limit stated",
  });
}

function dropped(): Panel {
  return figure({
    title: "Dropped iterations",
    description:
      "Iterations that were due and did not start, of all that were due. Red: no VU was free. Either the target got slow and held them, or maxVUs is too small; the load is less than was asked for.",
    unit: PercentUnit,
    decimals: 3,
    queries: [{ expr: droppedRatio(chosen), legend, step: rareInterval }],
    thresholds: below(alertLimits.droppedRatio),
    without: "no iterations",
  });
}

function generator(): Panel {
  return figure({
    title: "Generator, event loop in use",
    description:
      "The busiest worker thread of lakh. Red: lakh measures itself, and no figure on this page says anything about the target. Use a larger or quieter machine.",
    unit: PercentUnit,
    decimals: 0,
    queries: [{ expr: reading("loop_utilization", chosen), legend }],
    thresholds: below(generatorBounds.loopUtilization),
    without: "not told (k6?)",
  });
}

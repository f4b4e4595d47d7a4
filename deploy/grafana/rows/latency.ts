/** How long requests take: percentiles of all of them together, against the objectives, and where the time goes. */
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PercentUnit, Seconds, Short } from "@grafana/grafana-foundation-sdk/units";
import type { Row } from "../frame.ts";
import { heatMap } from "../panels/heat-map.ts";
import { lineChart } from "../panels/line-chart.ts";
import type { Query } from "../panels/query.ts";
import {
  latency,
  latencyHistogram,
  meanTiming,
  objective,
  requestsInFlight,
  slowRatio,
} from "../queries/requests.ts";
import { chosen, series } from "../selection.ts";

export function latencyRow(): Row {
  return {
    title: "Latency",
    panels: [percentiles(), spread(), timings(), slow(), inFlight(), sinceStart()],
  };
}

/** p50, p95 and p99 with their limits. */
function percentiles(): Panel {
  return lineChart({
    title: "Request duration: p50, p95, p99",
    description:
      "Of all requests in the last moments, from merged native histograms. Dashed: the limits stated for this run. Above its limit: see which endpoint, and which part of the request. Empty: the server does not take native histograms; see the chart of percentiles since the start.",
    unit: Seconds,
    width: 12,
    queries: [
      ...[0.5, 0.95, 0.99].map(
        (quantile): Query => ({
          expr: latency(quantile, chosen),
          legend: `p${quantile * 100} {{testid}}`,
        }),
      ),
      limit("p95_seconds", "limit of p95"),
      limit("p99_seconds", "limit of p99"),
    ],
  });
}

function limit(name: string, legend: string): Query {
  return { expr: objective(name, chosen), legend: `${legend} {{testid}}`, isLimit: true };
}

function spread(): Panel {
  return heatMap({
    title: "Request durations, how they are spread",
    description:
      "Requests a second in each bucket, all chosen runs together; native histograms only. Two bands: two kinds of requests, or a cache that is missed. A band that climbs: a queue grows.",
    unit: Seconds,
    width: 12,
    height: 8,
    query: { expr: latencyHistogram(chosen, { allRuns: true }), legend: "" },
  });
}

function timings(): Panel {
  return lineChart({
    title: "Where the time goes (means)",
    description:
      "Mean of each part of a request, stacked: means add up. Waiting is the target's own time. Much blocked or connecting: connections are not kept, or too few. Much receiving: the network, or large answers.",
    unit: Seconds,
    width: 6,
    stacked: true,
    // Connecting and handshaking are parts of being blocked.
    queries: ["blocked", "sending", "waiting", "receiving"].map((part) => ({
      expr: meanTiming(part, chosen),
      legend: `${part} {{testid}}`,
    })),
  });
}

function slow(): Panel {
  return lineChart({
    title: "Requests slower than their limit",
    description:
      "Counted one by one, of all requests of the run. p95 has missed its limit when more than 5 % are slower, p99 when more than 1 % are. This is what the verdict rests on.",
    unit: PercentUnit,
    decimals: 3,
    width: 6,
    queries: [{ expr: slowRatio(chosen), legend: "{{objective}} {{testid}}" }],
  });
}

function inFlight(): Panel {
  return lineChart({
    title: "Requests under way at once",
    description:
      "Mean number of requests that wait for their answer (Little's law). Climbing at an even rate: the target queues, and will not recover by itself.",
    unit: Short,
    decimals: 1,
    width: 6,
    queries: [{ expr: requestsInFlight(chosen), legend: "under way {{testid}}" }],
  });
}

/** For servers without native histograms. Percentiles cannot be merged, so the worst is shown and never their mean. */
export function sinceStart(): Panel {
  const worst = (stat: string): Query => ({
    expr: `max by (testid) (${series(`k6_http_req_duration_${stat}`, chosen.requests)})`,
    legend: `${stat}, worst label set {{testid}}`,
  });
  return lineChart({
    title: "Without native histograms: percentiles since the start",
    description:
      "The gauges that every Prometheus takes. Each is of one label set (endpoint, status, …) and of the whole run so far: this shows the worst of them, because percentiles cannot be merged, and late trouble is watered down. Trust the native histograms if they are there.",
    unit: Seconds,
    width: 6,
    queries: [worst("p95"), worst("p99")],
  });
}

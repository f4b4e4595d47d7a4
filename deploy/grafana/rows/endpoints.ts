/** Which endpoint: a table of all, and the slowest over time. */
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  PercentUnit,
  RequestsPerSecond,
  Seconds,
  Short,
} from "@grafana/grafana-foundation-sdk/units";
import type { Row } from "../frame.ts";
import { guideLimits } from "../limits.ts";
import { below } from "../panels/figure.ts";
import { lineChart } from "../panels/line-chart.ts";
import { type Column, table } from "../panels/table.ts";
import { latency, requestRate } from "../queries/requests.ts";
import { chosen, over, series } from "../selection.ts";

export function endpointsRow(): Row {
  return { title: "Endpoints", panels: [endpoints(), slowest()] };
}

const wholeRange = over("$__range", chosen);
const split = { by: "name, method" };
const byEndpoint = "sum by (testid, name, method)";

function endpoints(): Panel {
  return table({
    title: "Endpoints over the time shown",
    description:
      "Percentiles of all requests in the time shown, rates while the run went on. Red figures are past the default limits (p95 300 ms, p99 500 ms, errors 0.1 %). Many endpoints with ids in them: give the requests a name in the script.",
    width: 24,
    height: 9,
    labels: { testid: "Run", name: "Endpoint", method: "Method" },
    columns: columns(),
    sortBy: "Requests",
  });
}

function columns(): Column[] {
  const requests = series("k6_http_reqs_total", chosen.requests);
  const failed = series("k6_http_reqs_total", 'expected_response="false"', chosen.requests);
  const counted = `${byEndpoint} (increase(${requests}[$__range]))`;
  const ofFailed = `${byEndpoint} (increase(${failed}[$__range])) or 0 * ${counted}`;
  const percentile = (title: string, quantile: number, limit?: number): Column => ({
    title,
    expr: latency(quantile, wholeRange, split),
    unit: Seconds,
    ...(limit === undefined ? {} : { thresholds: below(limit) }),
  });
  return [
    { title: "Requests", expr: counted, unit: Short },
    {
      title: "Requests/s",
      // The mean over the moments in which there was a rate: time before and after the run does not count.
      expr: `avg_over_time((${requestRate(over("30s", chosen), split)})[$__range:15s])`,
      unit: RequestsPerSecond,
      decimals: 2,
    },
    {
      title: "Share",
      expr: `${counted} / on (testid) group_left () sum by (testid) (increase(${requests}[$__range]))`,
      unit: PercentUnit,
      decimals: 1,
    },
    percentile("p50", 0.5),
    percentile("p95", 0.95, guideLimits.p95Seconds),
    percentile("p99", 0.99, guideLimits.p99Seconds),
    {
      title: "Errors",
      expr: `(${ofFailed}) / (${counted} > 0)`,
      unit: PercentUnit,
      decimals: 3,
      thresholds: below(guideLimits.errorRatio),
    },
  ];
}

function slowest(): Panel {
  return lineChart({
    title: "p95 of the ten slowest endpoints",
    description:
      "Over time, the ten slowest of each moment. One that climbs alone: its query or its downstream; all together: a shared resource (CPU, pool, database).",
    unit: Seconds,
    width: 24,
    queries: [
      {
        expr: `topk(10, ${latency(0.95, chosen, split)})`,
        legend: "{{method}} {{name}} {{testid}}",
      },
    ],
  });
}

/** What failed, how often, and as what. */
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PercentUnit, RequestsPerSecond } from "@grafana/grafana-foundation-sdk/units";
import type { Row } from "../frame.ts";
import { lineChart } from "../panels/line-chart.ts";
import { failureRatio, objective, requestRate } from "../queries/requests.ts";
import { chosen, rareInterval, series } from "../selection.ts";

export function errorsRow(): Row {
  return { title: "Errors", panels: [ratio(), kinds(), checks()] };
}

function ratio(): Panel {
  return lineChart({
    title: "Failed requests, share of all",
    description:
      "To a thousandth of a percent, over 80 s so that an error that comes alone is seen. Dashed: what is allowed in this run. Above it: the chart of kinds says what came back, the one of the target what it was busy with.",
    unit: PercentUnit,
    decimals: 3,
    queries: [
      { expr: failureRatio(chosen), legend: "failed {{testid}}", step: rareInterval },
      { expr: objective("error_ratio", chosen), legend: "allowed {{testid}}", isLimit: true },
    ],
  });
}

function kinds(): Panel {
  return lineChart({
    title: "Failed requests/s by kind",
    description:
      "By k6's error code, status and method. 1050 is a timeout, 11xx DNS, 12xx a connection (1212 refused, 1220 reset), 13xx TLS, 14xx and 15xx are 1000 + status. Connections that fail: look at pools, file descriptors and the balancer. 15xx: look at the target's log.",
    unit: RequestsPerSecond,
    decimals: 3,
    stacked: true,
    queries: [
      {
        expr: requestRate(chosen, {
          by: "error_code, status, method",
          matching: 'expected_response="false"',
        }),
        legend: "{{error_code}} status {{status}} {{method}} {{testid}}",
        step: rareInterval,
      },
    ],
  });
}

function checks(): Panel {
  return lineChart({
    title: "Checks that pass, since the start",
    description:
      "Share of each check of the script over the run so far, the worst label set. Below 100 %: answers came, but not the right ones; fix that first, because fast wrong answers make a good latency.",
    unit: PercentUnit,
    decimals: 3,
    queries: [
      {
        expr: `min by (testid, check) (${series("k6_checks_rate", chosen.run)})`,
        legend: "{{check}} {{testid}}",
      },
    ],
  });
}

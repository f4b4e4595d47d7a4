/**
 * A real run writes to a real Prometheus, and every expression of the dashboards and rules is asked for the time of that
 * run: it has data, or stands in the list of those that need what this run has not.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generatorAlerts, loadAlerts, targetAlerts } from "../../deploy/grafana/rules/alerts.ts";
import { recordingRules } from "../../deploy/grafana/rules/recording.ts";
import { runLakh, scratchFolder } from "../support/cli.ts";
import { expressionsOf, filledIn, readDashboards } from "../support/dashboards.ts";
import { serve } from "../support/local-server.ts";
import {
  prometheusIsMissing,
  prometheusPassword,
  prometheusUser,
  receiverFlags,
  startPrometheus,
} from "../support/prometheus.ts";
import { queryRange } from "../support/prometheus-client.ts";
import { namesIn } from "../support/promql-names.ts";
import { recordRules } from "../support/recorded-rules.ts";
import { type Origin, seriesCatalogue } from "../support/series-catalogue.ts";

/** Who writes nothing in this run. */
const absent: readonly Origin[] = [
  "cAdvisor",
  "kube-state-metrics",
  "prom-client",
  "the pool's gauges",
  "postgres_exporter",
  "the rules",
];
/** What a healthy run of half a minute has not: faults, a search, an hour or some minutes to look back over. */
const needsMore =
  /lakh_generator_socket_faults_total|command=~"limit|offset 1h|\[1h:5m\]|\[5m:1m\]/u;

const script = `
import http from "k6/http";
import { check, group } from "k6";
export default function () {
  group("shop", () => {
    for (const name of ["/videos", "/login", "/search", "/missing"]) {
      const response = http.get(__ENV.BASE_URL + name, { tags: { name } });
      check(response, { "status is 200": (r) => r.status === 200 });
    }
  });
}
`;

test("every panel and rule has data of a run that lakh has just written", {
  skip: prometheusIsMissing,
}, async (t) => {
  const bornMs = Date.now();
  const target = await serve(t, (request, response) => {
    if (request.url === "/missing") response.statusCode = 503;
    response.end(request.url === "/metrics" ? processMetrics(bornMs) : "ok");
  });
  const port = await startPrometheus(t, {}, receiverFlags);
  const cwd = scratchFolder(t, { "script.js": script });
  const start = Math.floor(Date.now() / 1_000);
  const args = [
    ["run", "--dau", "2000", "--warm-up", "5s", "--steady", "25s"],
    ["--observe", `${target}/metrics`, "--target-cores", "1"],
    ["-e", `BASE_URL=${target}`, "--tag", "testid=live"],
    ["--out", `prometheus=http://127.0.0.1:${port}/api/v1/write`, "script.js"],
  ];
  const { code, stderr } = await runLakh(args.flat(), {
    cwd,
    env: {
      K6_PROMETHEUS_RW_USERNAME: prometheusUser,
      K6_PROMETHEUS_RW_PASSWORD: prometheusPassword,
    },
  });
  // Whatever the verdict on a busy machine: the run was made.
  assert.ok([0, 3, 4, 99].includes(code!), stderr);
  const end = Math.ceil(Date.now() / 1_000);

  await recordRules(port, { start, end });
  const all = [
    ...Object.values(readDashboards())
      .flatMap(expressionsOf)
      .map((expression) => ({ where: expression.where, expr: filledIn(expression, "live") })),
    ...recordingRules.flatMap(({ record, expr }) => [
      { where: `rule of ${record}`, expr },
      { where: "recorded", expr: record },
    ]),
  ];
  const asked = all.filter(({ expr }) => canHaveData(expr));
  t.diagnostic(
    `${asked.length} of ${all.length} expressions; the others need what this run has not`,
  );
  const empty: string[] = [];
  for (const { where, expr } of asked) {
    const found = await queryRange(port, expr, { start, end });
    if (found.length === 0) empty.push(`${where}: ${expr}`);
  }
  assert.deepEqual(empty, []);

  const firing: string[] = [];
  for (const { alert, expr } of [...loadAlerts, ...generatorAlerts, ...targetAlerts]) {
    if ((await queryRange(port, expr, { start, end })).length > 0) firing.push(alert);
  }
  // A quarter of the requests fails; pushes come in time, and none of them is lost.
  assert.ok(firing.includes("LakhErrorBudgetFastBurn"), String(firing));
  for (const alert of ["LakhTelemetryStalled", "LakhMetricsLost"])
    assert.ok(!firing.includes(alert));
});

function canHaveData(expr: string): boolean {
  if (needsMore.test(expr)) return false;
  const { metrics } = namesIn(expr);
  return ![...metrics].some((metric) => {
    const series = seriesCatalogue.find(({ name }) => name === metric);
    return series !== undefined && absent.includes(series.from);
  });
}

/** What a process tells of itself. */
function processMetrics(bornMs: number): string {
  return [
    `process_cpu_seconds_total ${(Date.now() - bornMs) / 4_000}`,
    "process_resident_memory_bytes 5e7",
    "nodejs_eventloop_lag_p99_seconds 0.012",
    "",
  ].join("\n");
}

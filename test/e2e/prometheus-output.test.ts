/** `--out prometheus` from the command line into a real Prometheus, and out of it again. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { type CliResult, finished, runLakh, scratchFolder, startLakh } from "../support/cli.ts";
import { prometheusIsMissing, prometheusUser } from "../support/prometheus.ts";
import {
  type PrometheusReceiver,
  type QueriedSeries,
  startPrometheusReceiver,
} from "../support/prometheus-receiver.ts";

const script = `
import http from "k6/http";
import { check, sleep } from "k6";
export const options = { scenarios: { users: {
  executor: "constant-arrival-rate", rate: 100, timeUnit: "1s", duration: __ENV.LENGTH, preAllocatedVUs: 30,
} } };
export default function () {
  const answer = http.get(__ENV.BASE_URL + "/item", { tags: { name: "/item" } });
  check(answer, { "status is 200": (r) => r.status === 200 });
  if (__ITER % 20 === 0) http.get(__ENV.BASE_URL + "/fails", { tags: { name: "/fails" } });
}`;

/** Answers after 2 to 42 ms; one path always fails. */
async function startTarget(t: TestContext): Promise<string> {
  let requests = 0;
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/fails" ? 500 : 200;
    setTimeout(() => response.end("ok"), 2 + ((requests++ * 17) % 41));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Run {
  readonly result: CliResult;
  readonly record: RunRecord;
}

const env = { K6_PROMETHEUS_RW_PUSH_INTERVAL: "500ms" };

function argumentsOf(target: string, out: string, length: string): string[] {
  const use = ["-q", "-e", `BASE_URL=${target}`, "-e", `LENGTH=${length}`, "--out", out];
  return ["run", ...use, "script.js"];
}

function recordIn(cwd: string): RunRecord {
  const runs = join(cwd, "lakh-runs");
  const [run] = readdirSync(runs).filter((name) => /^\d/u.test(name));
  return JSON.parse(readFileSync(join(runs, run!, "record.json"), "utf8")) as RunRecord;
}

async function run(t: TestContext, out: string, length: string): Promise<Run> {
  const cwd = scratchFolder(t, { "script.js": script });
  const target = await startTarget(t);
  const result = await runLakh(argumentsOf(target, out, length), { cwd, env });
  assert.equal(result.code, 0, result.stderr);
  return { result, record: recordIn(cwd) };
}

/** Lines about the output. */
const told = ({ stderr }: CliResult): string[] =>
  stderr.split("\n").filter((line) => line.includes("output prometheus"));

const numberOf = (series: readonly QueriedSeries[]): number => {
  assert.equal(series.length, 1);
  return Number(series[0]!.value![1]);
};

/** When the last push of a run was, in seconds. */
async function lastPush(prometheus: PrometheusReceiver, id: string): Promise<number> {
  const [state] = await prometheus.query(`lakh_run_state{testid="${id}"}[1h]`);
  const [seconds, value] = state!.values!.at(-1)!;
  assert.equal(value, "0");
  return seconds;
}

async function assertCounts(prometheus: PrometheusReceiver, record: RunRecord): Promise<void> {
  const at = await lastPush(prometheus, record.id);
  const summary = (name: string): Readonly<Record<string, number>> =>
    record.metrics.find((metric) => metric.name === name)!.values;
  for (const name of ["http_reqs", "iterations", "data_sent", "data_received"]) {
    const sum = `sum(k6_${name}_total{testid="${record.id}"})`;
    assert.equal(numberOf(await prometheus.query(sum, at)), summary(name)["count"], name);
  }
  const histogram = `sum(k6_http_req_duration_seconds{testid="${record.id}"})`;
  assert.equal(
    numberOf(await prometheus.query(`histogram_count(${histogram})`, at)),
    summary("http_reqs")["count"],
  );
}

describe("--out prometheus", { skip: prometheusIsMissing }, () => {
  it("writes what the summary says, by k6's names, for the dashboards that know them", async (t) => {
    const prometheus = await startPrometheusReceiver(t);
    const { result, record } = await run(t, `prometheus=${prometheus.url}`, "6s");
    assert.deepEqual(told(result), []);
    await assertCounts(prometheus, record);

    const at = await lastPush(prometheus, record.id);
    const own = `testid="${record.id}"`;
    const p95 = record.metrics.find(({ name }) => name === "http_req_duration")!.values["p(95)"]!;
    const asked = `histogram_quantile(0.95, sum(k6_http_req_duration_seconds{${own}})) * 1000`;
    const quantile = numberOf(await prometheus.query(asked, at));
    assert.ok(Math.abs(quantile / p95 - 1) < 0.02, `${quantile} is not ${p95}`);

    for (const promql of [...trendDashboard, ...histogramDashboard, ...ownPanels]) {
      const filled = promql.replaceAll("$own", own);
      assert.ok((await prometheus.query(filled, at)).length > 0, `${filled} is empty`);
    }

    // All of it has ended: nothing is shown for five more minutes.
    assert.deepEqual(await prometheus.query(`{${own}}`, at + 0.1), []);
    assert.deepEqual(await prometheus.query(`{__name__=~"lakh_.*"}`, at + 0.1), []);
  });

  it("loses nothing over a Prometheus that is killed and comes back", async (t) => {
    const prometheus = await startPrometheusReceiver(t);
    const cwd = scratchFolder(t, { "script.js": script });
    const target = await startTarget(t);
    const child = startLakh(argumentsOf(target, `prometheus=${prometheus.url}`, "8s"), {
      cwd,
      env,
    });
    const ended = finished(child);
    while ((await prometheus.query("sum(k6_http_reqs_total) > 50")).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await prometheus.kill();
    // Long enough for some pushes to find nobody.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await prometheus.start();
    const result = await ended;
    assert.equal(result.code, 0, result.stderr);
    const record = recordIn(cwd);
    await assertCounts(prometheus, record);
    // A push follows each second's samples; those of the time it was away have arrived, too.
    const [counts] = await prometheus.query(
      `count_over_time(lakh_run_state{testid="${record.id}"}[1h])`,
    );
    assert.ok(Number(counts!.value![1]) >= 8, counts!.value![1]);
    const lines = told(result);
    assert.equal(lines.length, 2, lines.join("\n"));
    assert.match(lines[0]!, /level=warning .*it is tried again, the run goes on/u);
    assert.match(lines[1]!, /level=info .*takes samples again/u);
  });

  it("says how to switch the receiver on, and the run goes on", async (t) => {
    const prometheus = await startPrometheusReceiver(t, { receives: false });
    const { result } = await run(t, `prometheus=${prometheus.url}`, "1s");
    const [first, ...more] = told(result);
    assert.match(first!, /level=error .*answered 404.*--web\.enable-remote-write-receiver/u);
    assert.ok(more.length <= 1 && more.every((line) => line.includes("did not arrive")));
  });

  it("sends gauges to a Prometheus without native histograms, and says so", async (t) => {
    const prometheus = await startPrometheusReceiver(t, { nativeHistograms: false });
    const { result, record } = await run(t, `prometheus=${prometheus.url}`, "1s");
    assert.equal(told(result).length, 1);
    assert.match(told(result)[0]!, /level=warning .*--enable-feature=native-histograms/u);
    const at = await lastPush(prometheus, record.id);
    assert.ok((await prometheus.query("k6_http_req_duration_p95", at)).length > 0);
  });

  it("says that a password is wrong, without showing it", async (t) => {
    const prometheus = await startPrometheusReceiver(t, { login: true });
    const out = `prometheus=${prometheus.url.replace("//", `//${prometheusUser}:geheimnis@`)}`;
    const { result } = await run(t, out, "1s");
    assert.match(told(result)[0]!, /level=error .*answered 401.*K6_PROMETHEUS_RW_PASSWORD/u);
    assert.ok(!`${result.stderr}${result.stdout}`.includes("geheimnis"));
  });
});

/** What the panels of dashboard 19665 ask for, `$own` for its filters. */
const trendDashboard = [
  "sum(k6_vus{$own})",
  "avg(k6_http_req_duration_p99{$own})",
  "sum(irate(k6_http_reqs_total{$own}[2s]))",
  'sum(k6_http_reqs_total{$own,expected_response="false"})',
  "round(k6_http_req_failed_rate{$own}, 0.1) * 100",
  "avg(irate(k6_data_sent_total{$own}[2s]))",
  "avg(irate(k6_data_received_total{$own}[2s]))",
  "avg(k6_iteration_duration_p95{$own})",
  "sum(k6_dropped_iterations_total{$own})",
  ...["blocked", "tls_handshaking", "sending", "waiting", "receiving", "duration"].map(
    (phase) => `avg(k6_http_req_${phase}_p95{$own})`,
  ),
  'avg(k6_http_req_duration_p95{$own,expected_response="true"})',
  'avg by (name, method, status) (k6_http_req_duration_min{$own,name!=""})',
  'avg by (name, method, status) (k6_http_req_duration_max{$own,name!=""})',
  'avg by (name, method, status) (k6_http_req_duration_p95{$own,name!=""})',
  'avg by (name, method, status) (k6_http_req_duration_p99{$own,name!=""})',
  "k6_checks_rate{$own}",
  'label_replace({__name__=~"k6_http_req_duration_.*",$own}, "s", "$1", "__name__", "k6_http_req_duration_(.*)")',
];

/** The same of 18030: quantiles of histograms. */
const histogramDashboard = [
  "histogram_quantile(0.99, sum(rate(k6_http_req_duration_seconds{$own}[4s])))",
  "histogram_quantile(0.99, sum(rate(k6_iteration_duration_seconds{$own}[4s])))",
  'histogram_quantile(0.99, sum by (name, method, status) (rate(k6_http_req_duration_seconds{$own,name!=""}[4s])))',
  ...["blocked", "tls_handshaking", "sending", "waiting", "receiving"].map(
    (phase) => `histogram_quantile(0.99, sum(rate(k6_http_req_${phase}_seconds{$own}[4s])))`,
  ),
];

const ownPanels = [
  'lakh_run_info{$own,script="script.js",command="run"}',
  "lakh_planned_iterations_per_second{$own}",
  "lakh_planned_vus{$own}",
  "increase(lakh_iterations_due_total{$own}[4s])",
  "increase(lakh_iterations_started_total{$own}[4s])",
  "lakh_vus_active{$own}",
  "lakh_vus_initialized{$own}",
  "lakh_generator_loop_utilization{$own}",
  "lakh_generator_cpu_cores{$own}",
  "max_over_time(lakh_generator_start_lag_p99_seconds{$own}[1m])",
  "lakh_output_requests_total{$own}",
];

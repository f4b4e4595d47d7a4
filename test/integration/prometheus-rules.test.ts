/** The rule file under Prometheus' own test tool: each alert fires when it should, and is silent when it should be. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { stringify } from "yaml";
import {
  type AlertRule,
  generatorAlerts,
  loadAlerts,
  targetAlerts,
} from "../../deploy/grafana/rules/alerts.ts";
import { repoRoot, scratchFolder } from "../support/cli.ts";

const rulesPath = join(repoRoot, "deploy", "prometheus", "rules", "lakh.yml");
const promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].find((path) => existsSync(path));
const skip =
  promtool === undefined && process.env["LAKH_NO_SKIPS"] !== "1"
    ? "promtool is not installed (apt-get install prometheus)"
    : false;
const alerts = new Map(
  [...loadAlerts, ...generatorAlerts, ...targetAlerts].map((rule) => [rule.alert, rule]),
);

/** Series by name and labels, with values in promtool's notation, one in five seconds: `0+10x24` climbs for two minutes. */
type Input = Readonly<Record<string, string>>;

interface Expected {
  /** "2m" */
  readonly at: string;
  readonly alert: string;
  /** Labels of each alert that fires, without its severity. */
  readonly firing: readonly Readonly<Record<string, string>>[];
}

async function run(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(promtool!, args).catch(
    (error: Error & { stdout?: string; stderr?: string }) => {
      assert.fail(`promtool ${args.join(" ")}\n${error.stdout}\n${error.stderr}`);
    },
  );
  return stdout + stderr;
}

async function testRules(
  t: TestContext,
  input: Input,
  expected: readonly Expected[],
): Promise<void> {
  const file = {
    rule_files: [rulesPath],
    evaluation_interval: "5s",
    tests: [
      {
        interval: "5s",
        input_series: Object.entries(input).map(([series, values]) => ({ series, values })),
        alert_rule_test: expected.map(({ at, alert, firing }) => ({
          eval_time: at,
          alertname: alert,
          exp_alerts: firing.map((labels) => toAlert(alerts.get(alert)!, labels)),
        })),
      },
    ],
  };
  const folder = scratchFolder(t, { "rules.test.yml": stringify(file) });
  await run("test", "rules", join(folder, "rules.test.yml"));
}

function toAlert(rule: AlertRule, labels: Readonly<Record<string, string>>): object {
  const filled = (text: string): string =>
    text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/gu, (_, label: string) => labels[label] ?? "");
  return {
    exp_labels: { severity: rule.severity, ...labels },
    exp_annotations: {
      summary: filled(rule.summary),
      description: filled(rule.description),
    },
  };
}

const of = (name: string, labels: Readonly<Record<string, string>> = {}): string =>
  `${name}{${Object.entries({ testid: "r1", ...labels })
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`;
const r1 = { testid: "r1" };

/** 400 requests/s, of which so many in five seconds fail, as long as `pushes` pushes. */
const load = (failedInFive: number, pushes = 240): Input => ({
  [of("k6_vus")]: `5000x${pushes}`,
  [of("k6_http_reqs_total", {
    status: "200",
    expected_response: "true",
  })]: `0+${2_000 - failedInFive}x${pushes}`,
  ...(failedInFive === 0
    ? {}
    : {
        [of("k6_http_reqs_total", {
          status: "500",
          expected_response: "false",
        })]: `0+${failedInFive}x${pushes}`,
      }),
});

const silent = (at: string, ...names: string[]): Expected[] =>
  names.map((alert) => ({ at, alert, firing: [] }));

describe("deploy/prometheus/rules/lakh.yml", { skip }, () => {
  it("is valid", async () => {
    assert.match(await run("check", "rules", rulesPath), /SUCCESS: 30 rules found/u);
  });

  it("reports a burn by how many times the allowed errors it is: 2 % of 0.1 %", async (t) => {
    await testRules(t, load(40), [
      { at: "3m", alert: "LakhErrorBudgetFastBurn", firing: [r1] },
      { at: "15m", alert: "LakhErrorBudgetSlowBurn", firing: [r1] },
    ]);
  });

  it("is silent on errors that a run allows itself: 2 % of 5 %", async (t) => {
    const input = { ...load(40), [of("lakh_objective", { objective: "error_ratio" })]: "0.05x240" };
    await testRules(
      t,
      input,
      silent(
        "15m",
        "LakhErrorBudgetFastBurn",
        "LakhErrorBudgetSlowBurn",
        "LakhErrorObjectiveMissed",
      ),
    );
  });

  it("tells 0.2 % errors from 0.05 %", async (t) => {
    await testRules(t, load(4), [
      { at: "5m", alert: "LakhErrorObjectiveMissed", firing: [r1] },
      ...silent("15m", "LakhErrorBudgetFastBurn", "LakhErrorBudgetSlowBurn"),
    ]);
    await testRules(t, load(1), silent("15m", "LakhErrorObjectiveMissed"));
  });

  it("is silent on a run without a single error, which has no series of failures", async (t) => {
    await testRules(t, load(0), silent("5m", ...alerts.keys()));
  });

  it("reports p95 when more than 5 % are slower than its limit, p99 from 1 %", async (t) => {
    const slow = (percentile: string, inFive: number): Input => ({
      [of("lakh_requests_slow_total", { objective: `${percentile}_seconds` })]: `0+${inFive}x240`,
    });
    await testRules(t, { ...load(0), ...slow("p95", 110), ...slow("p99", 15) }, [
      {
        at: "3m",
        alert: "LakhLatencyObjectiveMissed",
        firing: [{ ...r1, objective: "p95_seconds" }],
      },
    ]);
    await testRules(t, { ...load(0), ...slow("p95", 90), ...slow("p99", 25) }, [
      {
        at: "3m",
        alert: "LakhLatencyObjectiveMissed",
        firing: [{ ...r1, objective: "p99_seconds" }],
      },
    ]);
  });

  it("reports dropped iterations from 0.1 % on, and if none ever comes to its end", async (t) => {
    const iterations = (done: number, dropped: number): Input => ({
      [of("k6_iterations_total", { scenario: "s" })]: `0+${done}x60`,
      [of("k6_dropped_iterations_total", { scenario: "s" })]: `0+${dropped}x60`,
    });
    const alert = "LakhIterationsDropped";
    await testRules(t, iterations(998, 2), [{ at: "2m", alert, firing: [r1] }]);
    await testRules(t, iterations(9_998, 2), silent("2m", alert));
    await testRules(t, { [of("k6_dropped_iterations_total")]: "0+10x60" }, [
      { at: "2m", alert, firing: [r1] },
    ]);
  });

  it("reports a load below the plan, at full load only", async (t) => {
    const alert = "LakhLoadNotReached";
    const planned = { [of("lakh_planned_requests_per_second")]: "444x60" };
    const phase = (name: string): Input => ({ [of("lakh_run_phase", { phase: name })]: "1x60" });
    await testRules(t, { ...load(0), ...planned, ...phase("steady") }, [
      { at: "2m", alert, firing: [r1] },
    ]);
    await testRules(t, { ...load(0), ...planned, ...phase("ramp") }, silent("2m", alert));
  });

  it("reports the generator by the limits of the verdict", async (t) => {
    const alert = "LakhGeneratorSaturated";
    const generator = (utilization: number, lag: number, ...more: Input[]): Input => ({
      [of("lakh_generator_loop_utilization")]: `${utilization}x60`,
      [of("lakh_generator_start_lag_p99_seconds")]: `${lag}x60`,
      ...Object.assign({}, ...more),
    });
    const p95 = { [of("lakh_objective", { objective: "p95_seconds" })]: "0.3x60" };
    await testRules(t, generator(0.9, 0), [{ at: "1m", alert, firing: [r1] }]);
    await testRules(t, generator(0.7, 0.012), [{ at: "1m", alert, firing: [r1] }]);
    // 5 % of 300 ms are 15 ms.
    await testRules(t, generator(0.7, 0.012, p95), silent("1m", alert));
    await testRules(t, generator(0.7, 0.016, p95), [{ at: "1m", alert, firing: [r1] }]);
  });

  it("reports silence of a run that goes on, and none of one that has ended", async (t) => {
    const alert = "LakhTelemetryStalled";
    const vus = { [of("k6_vus")]: "5000x10" };
    await testRules(t, { ...vus, [of("lakh_run_state")]: "1x10" }, [
      { at: "1m", alert, firing: [] },
      { at: "2m", alert, firing: [r1] },
    ]);
    await testRules(t, { ...vus, [of("lakh_run_state")]: "1x9 0" }, silent("2m", alert));
  });

  it("reports metrics that were lost", async (t) => {
    await testRules(t, { [of("lakh_output_dropped_samples_total")]: "0x6 0+100x6" }, [
      { at: "1m", alert: "LakhMetricsLost", firing: [r1] },
    ]);
  });
});

const api = { namespace: "shop", pod: "api-1", container: "app" };
const container = (name: string, labels: Readonly<Record<string, string>> = {}): string =>
  `${name}{${Object.entries({ ...api, ...labels })
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`;

const trouble: Input = {
  [container("container_cpu_usage_seconds_total")]: "0+9x120",
  [container("container_cpu_cfs_periods_total")]: "0+50x120",
  [container("container_cpu_cfs_throttled_periods_total")]: "0+5x120",
  [container("kube_pod_container_resource_limits", { resource: "cpu" })]: "2x120",
  [container("kube_pod_container_resource_limits", { resource: "memory" })]: "1000000000x120",
  [container("container_memory_working_set_bytes")]: "100000000+1000000x120",
  [container("kube_pod_container_status_restarts_total")]: "0x60 1x60",
  [container("kube_pod_container_status_last_terminated_reason", { reason: "OOMKilled" })]:
    "0x60 1x60",
  'db_pool_waiting{job="api",instance="a:1"}': "3x120",
  'db_pool_in_use{job="api",instance="a:1"}': "10x120",
  'db_pool_size{job="api",instance="a:1"}': "10x120",
  'pg_stat_activity_count{instance="db:1",state="active"}': "50x120",
  'pg_stat_activity_count{instance="db:1",state="idle"}': "40x120",
  'pg_settings_max_connections{instance="db:1"}': "100x120",
};

describe("deploy/prometheus/rules/lakh.yml, the target", { skip }, () => {
  const names = targetAlerts.map(({ alert }) => alert);

  it("reports what is wrong with it while a run goes on", async (t) => {
    await testRules(t, { ...load(0, 120), ...trouble }, [
      { at: "4m30s", alert: "LakhTargetCpuThrottled", firing: [api] },
      { at: "4m30s", alert: "LakhTargetCpuHigh", firing: [api] },
      { at: "4m30s", alert: "LakhTargetRestarted", firing: [] },
      { at: "6m", alert: "LakhTargetRestarted", firing: [api] },
      { at: "6m", alert: "LakhTargetOutOfMemory", firing: [api] },
      { at: "4m30s", alert: "LakhPoolStarved", firing: [{ job: "api", instance: "a:1" }] },
      { at: "4m30s", alert: "LakhDatabaseConnections", firing: [{ instance: "db:1" }] },
    ]);
  });

  it("reports memory that will not last the day, after a while", async (t) => {
    const long = Object.fromEntries(
      Object.entries(trouble).map(([series, values]) => [series, values.replace("x120", "x720")]),
    );
    await testRules(t, { ...load(0, 720), ...long }, [
      { at: "50m", alert: "LakhTargetMemoryTrend", firing: [api] },
    ]);
  });

  it("is silent without a run, in other namespaces, and when a pool has connections left", async (t) => {
    await testRules(t, trouble, silent("6m", ...names));
    const elsewhere = Object.fromEntries(
      Object.entries(trouble)
        .filter(([series]) => series.includes('namespace="shop"'))
        .map(([series, values]) => [series.replace("shop", "kube-system"), values]),
    );
    await testRules(t, { ...load(0, 120), ...elsewhere }, silent("6m", ...names));
    const free = { ...trouble, 'db_pool_in_use{job="api",instance="a:1"}': "8x120" };
    await testRules(t, { ...load(0, 120), ...free }, silent("4m30s", "LakhPoolStarved"));
  });
});

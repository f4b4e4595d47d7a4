/**
 * Every series that the dashboards and rules may ask for: who writes it, with which labels, and values for a test whose
 * figures are known. Truth: 400 requests/s for as long as the data goes back, 0.1 % of them fail, durations are
 * exponential with a mean of 100 ms (p50 69 ms, p95 300 ms, p99 461 ms), 5,000 VUs.
 */
import { bucketIndex, bucketLimit, type NativeHistogram } from "./written-series.ts";

/** Who writes a series, and so what a test needs to have it. */
export type Origin =
  | "k6"
  | "lakh"
  | "lakh with objectives"
  | "lakh that observes"
  | "lakh limit"
  | "cAdvisor"
  | "kube-state-metrics"
  | "prom-client"
  | "the pool's gauges"
  | "postgres_exporter"
  | "the rules";

/** A value at `seconds` after the beginning, `left` seconds before the end. */
export type ValueAt = (seconds: number, left: number) => number | NativeHistogram;

export interface KnownSeries {
  readonly name: string;
  readonly from: Origin;
  /** Label sets without the name, each with its values. */
  readonly sets: readonly (readonly [Readonly<Record<string, string>>, ValueAt])[];
}

export const knownRun = "20261127-080000-known";
export const truth = {
  requestsPerSecond: 400,
  failureRatio: 0.001,
  meanSeconds: 0.1,
  vus: 5_000,
} as const;

/** Pushes come so often, and so does the pattern of the histograms. */
export const pushSeconds = 5;

const run = { testid: knownRun };
const web = { ...run, scenario: "peak", group: "::shop", proto: "HTTP/1.1" };
const videos = { ...web, name: "/videos", method: "GET" };
const login = { ...web, name: "/login", method: "POST" };

/** All label sets of requests, with how many there are in five seconds. */
const requests: readonly (readonly [Readonly<Record<string, string>>, number])[] = [
  [{ ...videos, status: "200", expected_response: "true" }, 1_250],
  [{ ...login, status: "200", expected_response: "true" }, 748],
  [{ ...login, status: "500", expected_response: "false", error_code: "1500" }, 1],
  [{ ...videos, status: "0", expected_response: "false", error_code: "1050", error: "timeout" }, 1],
];

const level =
  (value: number): ValueAt =>
  () =>
    value;
const perSecond =
  (rate: number): ValueAt =>
  (seconds) =>
    rate * seconds;

/** The quantile function of the exponential distribution, cut into buckets: exact counts of `count` requests. */
function pattern(count: number, mean: number): { firstIndex: number; counts: number[] } {
  const quantiles = Array.from(
    { length: count },
    (_, index) => -mean * Math.log(1 - (index + 0.5) / count),
  );
  const firstIndex = bucketIndex(quantiles[0]!);
  const counts: number[] = [];
  for (const value of quantiles) {
    const at = bucketIndex(value) - firstIndex;
    while (counts.length <= at) counts.push(0);
    counts[at]!++;
  }
  return { firstIndex, counts };
}

function histogram(count: number, mean: number): ValueAt {
  const { firstIndex, counts } = pattern(count, mean);
  const sum = counts.reduce(
    (total, each, index) =>
      total + (each * (bucketLimit(firstIndex + index) + bucketLimit(firstIndex + index - 1))) / 2,
    0,
  );
  return (seconds) => {
    const times = Math.round(seconds / pushSeconds);
    return { firstIndex, counts: counts.map((each) => each * times), sum: sum * times };
  };
}

const ofRun = (name: string, value: ValueAt, from: Origin = "lakh"): KnownSeries => ({
  name,
  from,
  sets: [[run, value]],
});

const ofRequests = (name: string, value: (countInFiveSeconds: number) => ValueAt): KnownSeries => ({
  name,
  from: "k6",
  sets: requests.map(([labels, count]) => [labels, value(count)]),
});

const k6Series: readonly KnownSeries[] = [
  ofRequests("k6_http_reqs_total", (count) => perSecond(count / pushSeconds)),
  ofRequests("k6_http_req_duration_seconds", (count) => histogram(count, truth.meanSeconds)),
  ofRequests("k6_http_req_duration_p95", () => level(0.3)),
  ofRequests("k6_http_req_duration_p99", () => level(0.46)),
  ...["blocked", "sending", "waiting", "receiving"].map((timing) =>
    ofRequests(`k6_http_req_${timing}_seconds`, (count) => histogram(count, 0.025)),
  ),
  ofRun("k6_vus", level(truth.vus), "k6"),
  ofRun("k6_vus_max", level(5_500), "k6"),
  {
    name: "k6_iterations_total",
    from: "k6",
    sets: [[{ ...run, scenario: "peak" }, perSecond(100)]],
  },
  {
    name: "k6_dropped_iterations_total",
    from: "k6",
    sets: [[{ ...run, scenario: "peak" }, perSecond(0)]],
  },
  {
    name: "k6_data_sent_total",
    from: "k6",
    sets: [[{ ...run, scenario: "peak" }, perSecond(200_000)]],
  },
  {
    name: "k6_data_received_total",
    from: "k6",
    sets: [[{ ...run, scenario: "peak" }, perSecond(4_000_000)]],
  },
  {
    name: "k6_checks_rate",
    from: "k6",
    sets: [
      [{ ...run, scenario: "peak", check: "status is 200" }, level(0.999)],
      [{ ...run, scenario: "peak", group: "::shop", check: "status is 200" }, level(1)],
    ],
  },
];

const readings = {
  loop_utilization: 0.4,
  loop_delay_p99_seconds: 0.003,
  gc_ratio: 0.02,
  cpu_cores: 1.5,
  resident_bytes: 300e6,
  start_lag_p99_seconds: 0.002,
  steal_ratio: 0.01,
  throttled_ratio: 0,
};
const objectives = {
  p95_seconds: 0.3,
  p99_seconds: 0.5,
  error_ratio: 0.002,
  requests_per_second: 400,
  cpu_ratio: 0.7,
};

const lakhSeries: readonly KnownSeries[] = [
  ofRun("lakh_run_state", level(1)),
  {
    name: "lakh_run_info",
    from: "lakh",
    sets: [
      [{ ...run, script: "shop.js", version: "0.1.0", command: "run" }, level(1)],
      [
        {
          testid: "20261127-070000-limit-proof",
          script: "shop.js",
          version: "0.1.0",
          command: "limit-proof",
        },
        level(1),
      ],
    ],
  },
  {
    name: "lakh_run_phase",
    from: "lakh",
    sets: [[{ ...run, phase: "steady" }, level(1)]],
  },
  ofRun("lakh_planned_requests_per_second", level(444), "lakh with objectives"),
  ofRun("lakh_planned_iterations_per_second", level(111)),
  ofRun("lakh_planned_vus", level(5_000)),
  {
    name: "lakh_objective",
    from: "lakh with objectives",
    sets: Object.entries(objectives).map(([objective, value]) => [
      { ...run, objective },
      level(value),
    ]),
  },
  {
    name: "lakh_requests_slow_total",
    from: "lakh with objectives",
    sets: [
      [{ ...run, objective: "p95_seconds" }, perSecond(16)],
      [{ ...run, objective: "p99_seconds" }, perSecond(2)],
    ],
  },
  ofRun("lakh_iterations_due_total", perSecond(100)),
  ofRun("lakh_iterations_started_total", perSecond(100)),
  ofRun("lakh_iterations_failed_total", perSecond(0)),
  ofRun("lakh_vus_active", level(truth.vus)),
  ofRun("lakh_vus_initialized", level(5_500)),
  ...Object.entries(readings).map(([reading, value]) =>
    ofRun(`lakh_generator_${reading}`, level(value)),
  ),
  {
    name: "lakh_generator_socket_faults_total",
    from: "lakh",
    sets: [[{ ...run, errno: "EMFILE" }, perSecond(0)]],
  },
  ofRun("lakh_output_requests_total", perSecond(0.2)),
  ofRun("lakh_output_failed_requests_total", perSecond(0)),
  ofRun("lakh_output_dropped_samples_total", perSecond(0)),
  {
    name: "lakh_trial_requests_per_second",
    from: "lakh limit",
    sets: [[{ ...run, trial: "7" }, level(400)]],
  },
  ...Object.entries({
    cpu_cores: 1.2,
    cpu_used_share: 0.3,
    memory_bytes: 500e6,
    event_loop_lag_seconds: 0.012,
  }).map(
    ([reading, value]): KnownSeries => ({
      name: `lakh_target_${reading}`,
      from: "lakh that observes",
      sets: [[{ ...run, source: "http://127.0.0.1:4000/metrics" }, level(value)]],
    }),
  ),
];

const api = { namespace: "shop", pod: "api-7d9f", container: "app" };
const kubelet = { ...api, job: "kubelet", instance: "node-1" };
const kubeState = { ...api, job: "kube-state-metrics", instance: "kube-state-metrics:8080" };
const process = { job: "shop-api", instance: "10.0.0.7:4000", namespace: "shop", pod: "api-7d9f" };
const exporter = { job: "postgres", instance: "10.0.0.9:9187" };
/** 1 in the last minutes. */
const late: ValueAt = (_seconds, left) => (left < 100 ? 1 : 0);

const one = (
  from: Origin,
  labels: Readonly<Record<string, string>>,
  values: Readonly<Record<string, ValueAt>>,
): KnownSeries[] =>
  Object.entries(values).map(([name, value]) => ({ name, from, sets: [[labels, value]] }));

const scrapedSeries: readonly KnownSeries[] = [
  ...one(
    "cAdvisor",
    { ...kubelet, cpu: "total" },
    { container_cpu_usage_seconds_total: perSecond(1.2) },
  ),
  ...one("cAdvisor", kubelet, {
    container_cpu_cfs_periods_total: perSecond(10),
    container_cpu_cfs_throttled_periods_total: perSecond(0.2),
    container_memory_working_set_bytes: (seconds) => 400e6 + 1_000 * seconds,
    container_spec_cpu_quota: level(200_000),
    container_spec_cpu_period: level(100_000),
    container_spec_memory_limit_bytes: level(1e9),
  }),
  {
    name: "kube_pod_container_resource_limits",
    from: "kube-state-metrics",
    sets: [
      [{ ...kubeState, resource: "cpu", unit: "core" }, level(2)],
      [{ ...kubeState, resource: "memory", unit: "byte" }, level(1e9)],
    ],
  },
  ...one("kube-state-metrics", kubeState, { kube_pod_container_status_restarts_total: late }),
  ...one(
    "kube-state-metrics",
    { ...kubeState, reason: "OOMKilled" },
    { kube_pod_container_status_last_terminated_reason: late },
  ),
  ...one("prom-client", process, {
    process_cpu_seconds_total: perSecond(0.6),
    process_resident_memory_bytes: level(300e6),
    process_open_fds: level(120),
    process_start_time_seconds: (_seconds, left) => (left < 100 ? 2_000 : 1_000),
    nodejs_heap_size_used_bytes: level(150e6),
    nodejs_eventloop_lag_p99_seconds: level(0.012),
    nodejs_active_handles_total: level(80),
  }),
  {
    name: "nodejs_gc_duration_seconds_sum",
    from: "prom-client",
    sets: [
      [{ ...process, kind: "minor" }, perSecond(0.01)],
      [{ ...process, kind: "major" }, perSecond(0.005)],
    ],
  },
  ...one("the pool's gauges", process, {
    db_pool_size: level(10),
    db_pool_in_use: level(10),
    db_pool_waiting: level(3),
  }),
  {
    name: "pg_stat_activity_count",
    from: "postgres_exporter",
    sets: [
      [{ ...exporter, datname: "shop", state: "active" }, level(12)],
      [{ ...exporter, datname: "shop", state: "idle" }, level(20)],
    ],
  },
  ...one("postgres_exporter", exporter, { pg_settings_max_connections: level(100) }),
];

const alerts: KnownSeries = {
  name: "ALERTS",
  from: "the rules",
  sets: [
    [{ ...run, alertname: "LakhLoadNotReached", alertstate: "firing" }, level(1)],
    [{ ...api, alertname: "LakhTargetRestarted", alertstate: "firing" }, level(1)],
  ],
};

export const seriesCatalogue: readonly KnownSeries[] = [
  alerts,
  ...k6Series,
  ...lakhSeries,
  ...scrapedSeries,
];

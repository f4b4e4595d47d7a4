/**
 * Alerts on a run and on its target. Those on the target are silent while no run writes metrics: they are for the load
 * test, and no replacement for the alerts of a production.
 */
import { alertLimits, generatorBounds, guideLimits, notTheTarget } from "../limits.ts";
import { reading } from "../queries/generator.ts";
import { level } from "../queries/requests.ts";
import {
  containerShare,
  outOfMemory,
  presetQuery,
  restarts,
  type TargetSelection,
} from "../queries/target.ts";
import { everyRun, series } from "../selection.ts";

/** One alert. Texts may use `{{ $labels.name }}`. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: "critical" | "warning";
  /** What is the case, in a line. */
  readonly summary: string;
  /** What to do. */
  readonly description: string;
}

const run = "run {{ $labels.testid }}";
const { fastBurn, slowBurn, droppedRatio, silenceSeconds, achievedOfPlanned } = alertLimits;

/** Of what was sent and what came back. */
export const loadAlerts: readonly AlertRule[] = [
  {
    alert: "LakhErrorBudgetFastBurn",
    expr: `lakh:failures:ratio30s > on (testid) ${fastBurn} * lakh:objective:error_ratio`,
    for: "30s",
    severity: "critical",
    summary: `${run}: more than ${fastBurn} times the allowed share of requests fails`,
    description:
      "Something has broken rather than slowed down. See the errors by kind in the dashboard lakh: load test; stop the run if the target serves anybody else.",
  },
  {
    alert: "LakhErrorBudgetSlowBurn",
    expr: `lakh:failures:ratio5m > on (testid) ${slowBurn} * lakh:objective:error_ratio`,
    for: "5m",
    severity: "warning",
    summary: `${run}: more than ${slowBurn} times the allowed share of requests has failed for ten minutes`,
    description:
      "It does not mend itself. See the errors by kind, and what the target was busy with when they began.",
  },
  {
    alert: "LakhErrorObjectiveMissed",
    expr: "lakh:failures:ratio5m > on (testid) lakh:objective:error_ratio",
    for: "1m",
    severity: "warning",
    summary: `${run}: more requests fail than are allowed`,
    description: "If it goes on, the verdict is FAIL. See the errors by kind.",
  },
  {
    alert: "LakhLatencyObjectiveMissed",
    expr: latencyMissed(),
    for: "1m",
    severity: "warning",
    summary: `${run}: too many requests are slower than the limit of {{ $labels.objective }}`,
    description:
      "Counted one by one, not estimated. See which endpoint and which part of a request got slow, and whether the generator is healthy.",
  },
  {
    alert: "LakhLoadNotReached",
    expr: loadNotReached(),
    for: "30s",
    severity: "warning",
    summary: `${run}: less than ${achievedOfPlanned * 100} % of the planned requests/s are sent`,
    description:
      "With a healthy generator the target is saturated; else see the alert on the generator. The run does not show what it was to show.",
  },
  {
    alert: "LakhIterationsDropped",
    expr: `lakh:dropped:ratio80s > ${droppedRatio}`,
    for: "10s",
    severity: "warning",
    summary: `${run}: more than ${droppedRatio * 100} % of the iterations that are due do not start`,
    description:
      "No VU is free: the target holds them, or maxVUs is too small. The load is less than was asked for.",
  },
];

/** p95 is missed when more than 5 % are slower than its limit. */
function latencyMissed(): string {
  const missed = [0.9, 0.95, 0.99].map((share) => {
    const allowed = Number((1 - share).toFixed(4));
    const recorded = series("lakh:latency_slow:ratio30s", `objective="p${share * 100}_seconds"`);
    return `${recorded} > ${allowed}`;
  });
  return missed.join(" or ");
}

function loadNotReached(): string {
  const planned = level("lakh_planned_requests_per_second", everyRun);
  const steady = level("lakh_run_phase", { ...everyRun, run: 'phase="steady"' });
  return `lakh:requests:rate30s / on (testid) (${planned} > 0) < ${achievedOfPlanned} and on (testid) ${steady} == 1`;
}

/** Of lakh itself. */
export const generatorAlerts: readonly AlertRule[] = [
  {
    alert: "LakhGeneratorSaturated",
    expr: `${reading("loop_utilization", everyRun)} > ${generatorBounds.loopUtilization} or ${reading("start_lag_p99_seconds", everyRun)} > on (testid) lakh:generator:delay_limit_seconds`,
    for: "15s",
    severity: "critical",
    summary: `${run}: the generator is the bottleneck`,
    description:
      "lakh measures itself, and the verdict will be INVALID. Stop, close other programs, or use a larger machine.",
  },
  {
    alert: "LakhTelemetryStalled",
    expr: `time() - max by (testid) (timestamp(k6_vus)) > ${silenceSeconds} and on (testid) ${level("lakh_run_state", everyRun)} == 1`,
    for: "0s",
    severity: "warning",
    summary: `${run}: no metrics for more than ${silenceSeconds} s although the run goes on`,
    description:
      "lakh was killed, its machine is overloaded, or Prometheus refuses its writes. The run itself may be fine: its record has everything that is missing here.",
  },
  {
    alert: "LakhMetricsLost",
    expr: "sum by (testid) (increase(lakh_output_dropped_samples_total[1m])) > 0",
    for: "0s",
    severity: "warning",
    summary: `${run}: metrics could not be written and are lost`,
    description:
      "Charts of this time have gaps; the run and its verdict do not. See why Prometheus refuses: the warnings of lakh's output tell.",
  },
];

const containers: TargetSelection = { selector: notTheTarget, window: "2m" };
const container = "{{ $labels.namespace }}/{{ $labels.pod }}/{{ $labels.container }}";

/** Only while there is a run. */
function during(condition: string): string {
  return `(${condition}) and on () lakh:runs:active > 0`;
}

/** Of the target. */
export const targetAlerts: readonly AlertRule[] = [
  {
    alert: "LakhTargetCpuThrottled",
    expr: during(
      `${presetQuery("kubernetes", "cpu_throttled_share", containers)} > ${alertLimits.throttledRatio}`,
    ),
    for: "1m",
    severity: "warning",
    summary: `${container}: CPU throttled in more than ${alertLimits.throttledRatio * 100} % of the periods`,
    description:
      "Requests wait for the quota, even if the mean CPU is low. Raise the CPU limit, or take it away.",
  },
  {
    alert: "LakhTargetCpuHigh",
    expr: during(`${containerShare("cpu", containers)} > ${guideLimits.cpuRatio}`),
    for: "2m",
    severity: "warning",
    summary: `${container}: more than ${guideLimits.cpuRatio * 100} % of its CPU limit in use`,
    description:
      "No room for a busier minute or a lost replica: the verdict on CPU will be FAIL. Add replicas, or raise the limit.",
  },
  {
    alert: "LakhTargetRestarted",
    expr: during(`${restarts(containers)} > 0`),
    for: "0s",
    severity: "critical",
    summary: `${container}: restarted during a run`,
    description:
      "No PASS with a restart. Read the log of the container before: kubectl logs --previous.",
  },
  {
    alert: "LakhTargetOutOfMemory",
    expr: during(`${outOfMemory(containers)} > 0`),
    for: "0s",
    severity: "critical",
    summary: `${container}: killed for its memory`,
    description:
      "The limit is too low for this load, or memory leaks: see the dashboard lakh: soak for which.",
  },
  {
    alert: "LakhTargetMemoryTrend",
    expr: during(memoryTrend()),
    for: "10m",
    severity: "warning",
    summary: `${container}: memory reaches its limit within a day if it goes on like this`,
    description:
      "A straight line through the last hour, good for a warning and never for a verdict. Let the soak go on, and look at the growth an hour.",
  },
  {
    alert: "LakhPoolStarved",
    expr: during(
      "max by (job, instance) (db_pool_waiting) > 0 and on (job, instance) max by (job, instance) (db_pool_in_use) >= on (job, instance) max by (job, instance) (db_pool_size)",
    ),
    for: "15s",
    severity: "warning",
    summary: "{{ $labels.job }} {{ $labels.instance }}: queries wait for a connection",
    description:
      "All connections of the pool are in use. Make queries faster or fewer first; a larger pool moves the queue into the database.",
  },
  {
    alert: "LakhDatabaseConnections",
    expr: during(
      `sum by (instance) (pg_stat_activity_count) / on (instance) max by (instance) (pg_settings_max_connections) > ${alertLimits.databaseConnectionsRatio}`,
    ),
    for: "1m",
    severity: "warning",
    summary: `{{ $labels.instance }}: more than ${alertLimits.databaseConnectionsRatio * 100} % of max_connections in use`,
    description:
      "The next replica gets no connection. Put a pooler in front, or make pools smaller.",
  },
];

function memoryTrend(): string {
  const used = presetQuery("kubernetes", "memory_bytes", containers);
  const limit = presetQuery("kubernetes", "memory_limit_bytes", containers);
  return `predict_linear((${used})[1h:1m], ${alertLimits.memoryHorizonSeconds}) > on (cluster, namespace, pod, container) (${limit})`;
}

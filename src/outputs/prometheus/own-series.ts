/**
 * lakh's own series, `lakh_…`: what no sample tells of a run (docs/reference/metrics.md lists them). Pure: from facts and a
 * moment to names, labels and values. Times are seconds, sizes bytes, shares 0 to 1.
 */
import type { AggregateSeries } from "../../metrics/index.ts";
import type { RunFacts } from "../context.ts";
import type { DeliveryCounts } from "../delivery.ts";
import type { GeneratorMoment, RunMoment, TargetReading } from "../moment.ts";

export interface OwnValue {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly kind: "counter" | "gauge";
  readonly value: number;
}

/** What stays the same from the run's beginning to its end, and that it goes on. */
export function factValues(facts: RunFacts): OwnValue[] {
  const { script, lakhVersion, command, objectives, partOf } = facts;
  const { trial } = partOf ?? {};
  const trialLabels = { trial: String(trial?.number) };
  return [
    gauge("lakh_run_info", 1, { script, version: lakhVersion, command }),
    runState(true),
    ...objectives.map(({ name, value }) => gauge("lakh_objective", value, { objective: name })),
    ...(trial === undefined
      ? []
      : [gauge("lakh_trial_requests_per_second", trial.requestsPerSecond, trialLabels)]),
  ];
}

/** Whether the run goes on. */
export function runState(goesOn: boolean): OwnValue {
  return gauge("lakh_run_state", goesOn ? 1 : 0);
}

export function momentValues(moment: RunMoment): OwnValue[] {
  const { planned, iterations, vus, generator } = moment;
  return [
    gauge("lakh_run_phase", 1, { phase: moment.phase }),
    ...optional("lakh_planned_requests_per_second", planned.requestsPerSecond),
    ...optional("lakh_planned_iterations_per_second", planned.iterationsPerSecond),
    ...optional("lakh_planned_vus", planned.vus),
    ...(iterations.due === undefined ? [] : [counter("lakh_iterations_due_total", iterations.due)]),
    counter("lakh_iterations_started_total", iterations.started),
    counter("lakh_iterations_failed_total", iterations.failed),
    gauge("lakh_vus_active", vus.active),
    gauge("lakh_vus_initialized", vus.initialized),
    ...(generator === undefined ? [] : generatorValues(generator)),
    ...moment.target.map(targetValue),
  ];
}

function generatorValues(generator: GeneratorMoment): OwnValue[] {
  const { loopDelayP99Ms, startLagP99Ms, socketFaults } = generator;
  return [
    ...optional("lakh_generator_loop_utilization", generator.loopUtilization),
    ...optional("lakh_generator_loop_delay_p99_seconds", toSeconds(loopDelayP99Ms)),
    ...optional("lakh_generator_gc_ratio", generator.gcShare),
    ...optional("lakh_generator_cpu_cores", generator.cpuCores),
    ...optional("lakh_generator_resident_bytes", generator.residentBytes),
    ...optional("lakh_generator_start_lag_p99_seconds", toSeconds(startLagP99Ms)),
    ...optional("lakh_generator_steal_ratio", generator.stealShare),
    ...optional("lakh_generator_throttled_ratio", generator.throttledShare),
    ...[...socketFaults].map(([errno, count]) =>
      counter("lakh_generator_socket_faults_total", count, { errno }),
    ),
  ];
}

function targetValue({ name, source, value }: TargetReading): OwnValue {
  const isMs = name.endsWith("_ms");
  const legal = name.replaceAll(/[^a-zA-Z0-9_]/gu, "_");
  const shown = isMs ? `${legal.slice(0, -"_ms".length)}_seconds` : legal;
  return gauge(`lakh_target_${shown}`, isMs ? value / 1_000 : value, { source });
}

/** Requests slower than a latency objective's limit, counted one by one over all series of http_req_duration. */
export function slowRequestValues(
  durations: readonly AggregateSeries[],
  { objectives }: RunFacts,
): OwnValue[] {
  return objectives.flatMap(({ name, limitMs }) => {
    if (limitMs === undefined) return [];
    const counts = durations.map(({ sink }) =>
      sink.type === "trend" ? (sink.countAbove(limitMs) ?? 0) : 0,
    );
    const slow = counts.reduce((sum, count) => sum + count, 0);
    return [counter("lakh_requests_slow_total", slow, { objective: name })];
  });
}

/** What the sender did. */
export function outputValues({ requests, failedRequests, lost }: DeliveryCounts): OwnValue[] {
  return [
    counter("lakh_output_requests_total", requests),
    counter("lakh_output_failed_requests_total", failedRequests),
    counter("lakh_output_dropped_samples_total", lost),
  ];
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}

function optional(name: string, value: number | null | undefined): OwnValue[] {
  return value === null || value === undefined || !Number.isFinite(value)
    ? []
    : [gauge(name, value)];
}

function gauge(
  name: string,
  value: number,
  labels: Readonly<Record<string, string>> = {},
): OwnValue {
  return { name, labels, kind: "gauge", value };
}

function counter(
  name: string,
  value: number,
  labels: Readonly<Record<string, string>> = {},
): OwnValue {
  return { name, labels, kind: "counter", value };
}

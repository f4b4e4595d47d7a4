/**
 * What Prometheus is asked, by the exporter that the target has. Data: docs/guide/watching-the-target.md shows the same
 * (a test compares).
 *
 * `$selector` becomes the user's label matchers, `$window` four scrape intervals. A reading's name ends with its unit.
 * Each series of an answer is one part of the target (a container, a process, a machine), so what else tells series
 * apart is aggregated away: `max` where the same thing may be scraped twice, `sum` where parts add up.
 */

/** One thing to read. */
export interface PrometheusReading {
  readonly name: string;
  readonly query: string;
  /**
   * What becomes of the values: kept; or counted from the run's start on: how far a total has grown (`growth`), how
   * often the value has changed (`changes`).
   */
  readonly counted?: "growth" | "changes";
}

/** Of one exporter, or of those that belong together. */
export interface PrometheusPreset {
  /** Where the series come from. */
  readonly exporter: string;
  readonly readings: readonly PrometheusReading[];
}

const byContainer = "by (cluster, namespace, pod, container)";
const byProcess = "by (cluster, namespace, pod, job, instance)";
const byMachine = "by (cluster, job, instance)";
/** Rows of whole pods and of the sandbox would count twice. */
const containers = 'container!="",container!="POD",$selector';

const processReadings: readonly PrometheusReading[] = [
  {
    name: "cpu_cores",
    query: `sum ${byProcess} (rate(process_cpu_seconds_total{$selector}[$window]))`,
  },
  { name: "memory_bytes", query: `sum ${byProcess} (process_resident_memory_bytes{$selector})` },
  { name: "open_files", query: `sum ${byProcess} (process_open_fds{$selector})` },
  {
    name: "restarts",
    query: `max ${byProcess} (process_start_time_seconds{$selector})`,
    counted: "changes",
  },
];

export const prometheusPresets: Readonly<Record<string, PrometheusPreset>> = {
  kubernetes: {
    exporter: "cAdvisor in the kubelet; limits and restarts from kube-state-metrics",
    readings: [
      {
        name: "cpu_cores",
        query: `max ${byContainer} (sum without (cpu) (rate(container_cpu_usage_seconds_total{${containers}}[$window])))`,
      },
      {
        name: "cpu_limit_cores",
        query: `max ${byContainer} (kube_pod_container_resource_limits{resource="cpu",$selector}) or max ${byContainer} (container_spec_cpu_quota{${containers}} / container_spec_cpu_period{${containers}} > 0)`,
      },
      {
        name: "cpu_throttled_share",
        query: `max ${byContainer} (rate(container_cpu_cfs_throttled_periods_total{${containers}}[$window]) / rate(container_cpu_cfs_periods_total{${containers}}[$window]))`,
      },
      {
        name: "memory_bytes",
        query: `max ${byContainer} (container_memory_working_set_bytes{${containers}})`,
      },
      {
        name: "memory_limit_bytes",
        query: `max ${byContainer} (kube_pod_container_resource_limits{resource="memory",$selector}) or max ${byContainer} (container_spec_memory_limit_bytes{${containers}} > 0)`,
      },
      {
        name: "restarts",
        query: `max ${byContainer} (kube_pod_container_status_restarts_total{$selector})`,
        counted: "growth",
      },
    ],
  },
  "node-exporter": {
    exporter: "node_exporter: the whole machine",
    readings: [
      {
        name: "cpu_cores",
        query: `sum ${byMachine} (rate(node_cpu_seconds_total{mode!~"idle|iowait",$selector}[$window]))`,
      },
      {
        name: "cpu_limit_cores",
        query: `count ${byMachine} (node_cpu_seconds_total{mode="idle",$selector})`,
      },
      {
        name: "memory_bytes",
        query: `max ${byMachine} (node_memory_MemTotal_bytes{$selector} - node_memory_MemAvailable_bytes{$selector})`,
      },
      {
        name: "memory_limit_bytes",
        query: `max ${byMachine} (node_memory_MemTotal_bytes{$selector})`,
      },
      {
        name: "restarts",
        query: `max ${byMachine} (node_boot_time_seconds{$selector})`,
        counted: "changes",
      },
    ],
  },
  nodejs: {
    exporter: "prom-client's default metrics",
    readings: [
      ...processReadings,
      { name: "heap_bytes", query: `sum ${byProcess} (nodejs_heap_size_used_bytes{$selector})` },
      {
        name: "event_loop_lag_ms",
        query: `max ${byProcess} (nodejs_eventloop_lag_p99_seconds{$selector}) * 1000`,
      },
      {
        name: "gc_share",
        query: `sum ${byProcess} (rate(nodejs_gc_duration_seconds_sum{$selector}[$window]))`,
      },
    ],
  },
  go: {
    exporter: "client_golang's default collectors",
    readings: [
      ...processReadings,
      {
        name: "cpu_limit_cores",
        query: `max ${byProcess} (go_sched_gomaxprocs_threads{$selector})`,
      },
      { name: "heap_bytes", query: `sum ${byProcess} (go_memstats_heap_inuse_bytes{$selector})` },
      {
        name: "gc_share",
        query: `sum ${byProcess} (rate(go_gc_duration_seconds_sum{$selector}[$window]))`,
      },
      { name: "goroutines", query: `sum ${byProcess} (go_goroutines{$selector})` },
      { name: "threads", query: `sum ${byProcess} (go_threads{$selector})` },
    ],
  },
  jvm: {
    exporter: "Micrometer (Spring Boot), or client_java, simpleclient and the JMX exporter",
    readings: [
      {
        name: "cpu_cores",
        query: `sum ${byProcess} (rate(process_cpu_seconds_total{$selector}[$window])) or sum ${byProcess} (rate(process_cpu_time_ns_total{$selector}[$window])) / 1e9 or sum ${byProcess} (process_cpu_usage{$selector} * system_cpu_count{$selector})`,
      },
      { name: "cpu_limit_cores", query: `max ${byProcess} (system_cpu_count{$selector})` },
      {
        name: "memory_bytes",
        query: `sum ${byProcess} (process_resident_memory_bytes{$selector}) or sum ${byProcess} (jvm_memory_used_bytes{$selector}) or sum ${byProcess} (jvm_memory_bytes_used{$selector})`,
      },
      {
        name: "heap_bytes",
        query: `sum ${byProcess} (jvm_memory_used_bytes{area="heap",$selector}) or sum ${byProcess} (jvm_memory_bytes_used{area="heap",$selector})`,
      },
      {
        name: "gc_share",
        query: `sum ${byProcess} (rate(jvm_gc_pause_seconds_sum{$selector}[$window])) or sum ${byProcess} (rate(jvm_gc_collection_seconds_sum{$selector}[$window]))`,
      },
      {
        name: "threads",
        query: `sum ${byProcess} (jvm_threads_live_threads{$selector}) or sum ${byProcess} (jvm_threads_current{$selector})`,
      },
      {
        name: "open_files",
        query: `sum ${byProcess} (process_open_fds{$selector}) or sum ${byProcess} (process_files_open_files{$selector})`,
      },
      {
        name: "restarts",
        query: `max ${byProcess} (process_start_time_seconds{$selector})`,
        counted: "changes",
      },
    ],
  },
};

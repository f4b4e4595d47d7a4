/**
 * Queries of the target: what lakh read of it while the load went on (`lakh_target_…`), and what Prometheus scrapes by
 * itself. The latter are the presets by which `lakh run --observe-prometheus` judges.
 */
import { prometheusPresets } from "../../../src/observe/index.ts";
import { type Selection, series } from "../selection.ts";

/** Which of the scraped series are the target's, and how far rates look back. */
export interface TargetSelection {
  readonly selector: string;
  readonly window: string;
}

/** Containers, as the variables of a dashboard say. */
export const chosenContainers: TargetSelection = {
  selector: 'namespace=~"$namespace",pod=~"$pod"',
  window: "$__rate_interval",
};

/** Processes, as the variables of a dashboard say. */
export const chosenProcesses: TargetSelection = {
  // Outside Kubernetes there is no namespace.
  selector: 'job=~"$job",namespace=~"$namespace|"',
  window: "$__rate_interval",
};

/** The query of a preset's reading. */
export function presetQuery(
  preset: string,
  reading: string,
  { selector, window }: TargetSelection,
): string {
  const query = prometheusPresets[preset]?.readings.find(({ name }) => name === reading)?.query;
  if (query === undefined) throw new Error(`the preset ${preset} has no reading ${reading}`);
  return query.replaceAll("$window", () => window).replaceAll("$selector", () => selector);
}

/** A reading of lakh's own, by the source that it was read from. */
export function observed(reading: string, selection: Selection): string {
  return `max by (testid, source) (${series(`lakh_target_${reading}`, selection.run)})`;
}

/** Use of what a container may use at most, 0 to 1. */
export function containerShare(kind: "cpu" | "memory", target: TargetSelection): string {
  const [used, limit] =
    kind === "cpu" ? ["cpu_cores", "cpu_limit_cores"] : ["memory_bytes", "memory_limit_bytes"];
  return `${presetQuery("kubernetes", used, target)} / (${presetQuery("kubernetes", limit, target)})`;
}

const byContainer = "by (cluster, namespace, pod, container)";

/** Restarts of containers in the last five minutes. */
export function restarts({ selector }: TargetSelection): string {
  return `max ${byContainer} (changes(${series("kube_pod_container_status_restarts_total", selector)}[5m]))`;
}

/** 1 for containers that were killed for their memory in the last five minutes. */
export function outOfMemory(target: TargetSelection): string {
  const reason = series(
    "kube_pod_container_status_last_terminated_reason",
    'reason="OOMKilled"',
    target.selector,
  );
  return `max ${byContainer} (${reason}) * (${restarts(target)} > bool 0)`;
}

/** Processes that started anew in the last five minutes. */
export function processRestarts({ selector }: TargetSelection): string {
  return `max by (job, instance) (changes(${series("process_start_time_seconds", selector)}[5m]))`;
}

/** Growth in bytes an hour: of the lowest reading of each five minutes, which takes out the saw-tooth of a collector. */
export function growthPerHour(memory: string): string {
  return `3600 * deriv(min_over_time((${memory})[5m:1m])[1h:5m])`;
}

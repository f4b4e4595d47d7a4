/** How a run finds the monitor of this machine: by the state file, if what it names still runs. */
import { type Environment, monitorPaths } from "./paths.ts";
import { isAlive } from "./processes.ts";
import { isPrometheusReady, toRemoteWriteUrl } from "./prometheus.ts";
import { readState } from "./state.ts";

export interface FoundMonitor {
  /** "http://127.0.0.1:9090", without a path. */
  readonly prometheusUrl: string;
  /** What K6_PROMETHEUS_RW_SERVER_URL would be. */
  readonly remoteWriteUrl: string;
  /** Undefined when the monitor is without Grafana. */
  readonly grafanaUrl: string | undefined;
}

/**
 * The monitor that `lakh monitor up` has started; undefined when there is none, when its Prometheus has ended, and when
 * the state file cannot be read, which `lakh monitor status` tells. Containers have no process here: they are asked.
 */
export async function findMonitor(env: Environment): Promise<FoundMonitor | undefined> {
  const state = await readState(monitorPaths(env).stateFile).catch(() => undefined);
  if (state === undefined) return undefined;
  const { url, process } = state.prometheus;
  const isThere = process === null ? await isPrometheusReady(url) : await isAlive(process);
  if (!isThere) return undefined;
  const grafanaUrl = state.grafana?.url;
  return { prometheusUrl: url, remoteWriteUrl: toRemoteWriteUrl(url), grafanaUrl };
}

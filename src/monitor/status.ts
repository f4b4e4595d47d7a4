/** What runs: read from the state file, and held against the processes and their ports. */
import type { Clock } from "../base/clock.ts";
import { grafanaVersionAt, isGrafanaReady } from "./grafana.ts";
import { type Environment, monitorPaths } from "./paths.ts";
import { isAlive } from "./processes.ts";
import {
  countSeries,
  isPrometheusReady,
  prometheusVersionAt,
  toRemoteWriteUrl,
} from "./prometheus.ts";
import { type MonitorState, type PartState, readState, type Retention } from "./state.ts";

export interface PartStatus {
  readonly isUp: boolean;
  /** Why it is not; null when it is. */
  readonly problem: string | null;
  readonly url: string;
  readonly port: number;
  readonly version: string | null;
  /** Null in a container. */
  readonly pid: number | null;
}

export interface PrometheusStatus extends PartStatus {
  /** Where outputs write to. */
  readonly remoteWriteUrl: string;
  /** Series with samples in the last hours; null when it did not say. */
  readonly series: number | null;
}

/** What `lakh monitor status --json` prints. */
export interface MonitorStatus {
  readonly schemaVersion: 1;
  /** "partly": something that was started does not answer. */
  readonly state: "up" | "partly" | "down";
  readonly kind: "docker" | "programs" | null;
  /** RFC 3339, UTC. */
  readonly startedAt: string | null;
  readonly upSeconds: number | null;
  readonly retention: Retention | null;
  readonly prometheus: PrometheusStatus | null;
  /** Null: not installed, or not wanted. */
  readonly grafana: PartStatus | null;
  /** Settings, logs and, without Docker, data. */
  readonly folder: string;
}

/** @throws LakhError MONITOR_STATE */
export async function readMonitorStatus(
  env: Environment,
  clock: Pick<Clock, "wallMs">,
): Promise<MonitorStatus> {
  const { stateFile, folder } = monitorPaths(env);
  const state = await readState(stateFile);
  if (state === undefined) return { ...nothing, folder };
  const [prometheus, grafana] = await Promise.all([
    prometheusStatus(state.prometheus),
    state.grafana === null ? null : partStatus(state.grafana, isGrafanaReady, grafanaVersionAt),
  ]);
  const areUp = [prometheus, ...(grafana === null ? [] : [grafana])].map(({ isUp }) => isUp);
  const isWhole = state.phase === "up" && areUp.every(Boolean);
  return {
    schemaVersion: 1,
    state: isWhole ? "up" : areUp.some(Boolean) ? "partly" : "down",
    kind: state.kind,
    startedAt: state.startedAt,
    upSeconds: Math.max(0, Math.round((clock.wallMs() - Date.parse(state.startedAt)) / 1_000)),
    retention: state.retention,
    prometheus,
    grafana,
    folder,
  };
}

const nothing: Omit<MonitorStatus, "folder"> = {
  schemaVersion: 1,
  state: "down",
  kind: null,
  startedAt: null,
  upSeconds: null,
  retention: null,
  prometheus: null,
  grafana: null,
};

async function prometheusStatus(part: PartState): Promise<PrometheusStatus> {
  const status = await partStatus(part, isPrometheusReady, prometheusVersionAt);
  const series = status.isUp ? await countSeries(part.url) : undefined;
  return { ...status, remoteWriteUrl: toRemoteWriteUrl(part.url), series: series ?? null };
}

async function partStatus(
  part: PartState,
  isReady: (url: string) => Promise<boolean>,
  versionAt: (url: string) => Promise<string | undefined>,
): Promise<PartStatus> {
  const { url, process } = part;
  const problem = await problemOf(part, isReady);
  const version = problem === null ? ((await versionAt(url)) ?? part.version) : part.version;
  const port = Number(new URL(url).port);
  return { isUp: problem === null, problem, url, port, version, pid: process?.pid ?? null };
}

async function problemOf(
  { url, process }: PartState,
  isReady: (url: string) => Promise<boolean>,
): Promise<string | null> {
  // Asked first: when it has ended, its port may be another program's.
  if (process !== null && !(await isAlive(process))) return `process ${process.pid} has ended`;
  if (await isReady(url)) return null;
  return process === null ? "does not answer" : `process ${process.pid} runs, but does not answer`;
}

/** True when everything of a state runs and answers. */
export async function isWhollyUp(state: MonitorState): Promise<boolean> {
  if (state.phase !== "up") return false;
  const { prometheus, grafana } = state;
  const problems = await Promise.all([
    problemOf(prometheus, isPrometheusReady),
    grafana === null ? null : problemOf(grafana, isGrafanaReady),
  ]);
  return problems.every((problem) => problem === null);
}

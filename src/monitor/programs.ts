/** Starts the monitor from programs of this machine: Prometheus, then Grafana where there is one. */
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import { type GrafanaProgram, grafanaEnvironment, isGrafanaReady } from "./grafana.ts";
import { loopback } from "./network.ts";
import type { Environment, MonitorPaths } from "./paths.ts";
import { startDetached } from "./processes.ts";
import {
  isPrometheusReady,
  prometheusDataFolder,
  prometheusFlags,
  type PrometheusProgram,
} from "./prometheus.ts";
import { type Awaited, throwIfInterrupted, untilReady } from "./ready.ts";
import { writeOwnAddress } from "./settings.ts";
import { type MonitorState, type PartState, type Retention, writeState } from "./state.ts";
import { undoStart } from "./stop.ts";

export interface ProgramsStart {
  readonly prometheus: PrometheusProgram;
  readonly prometheusPort: number;
  /** Undefined: Prometheus alone. */
  readonly grafana:
    | { readonly program: GrafanaProgram; readonly port: number; readonly password: string }
    | undefined;
  readonly retention: Retention;
  readonly paths: MonitorPaths;
  readonly env: Environment;
  readonly clock: Clock;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves when all of them answer. The state file names each process as soon as it is there, so that whatever happens
 * to this command, the next one knows what was left.
 * @throws LakhError MONITOR_START, MONITOR_STATE, MONITOR_INTERRUPTED; everything is stopped again then
 */
export async function startPrograms(start: ProgramsStart): Promise<MonitorState> {
  const { paths, env, say } = start;
  let state: MonitorState | undefined;
  const note = async (next: MonitorState): Promise<MonitorState> => {
    state = next; // before it is written: when that fails, it is to be stopped all the same
    await writeState(paths.stateFile, next);
    return next;
  };
  try {
    const withPrometheus = await startPrometheus(start, note);
    const whole = await startGrafana(start, withPrometheus, note);
    throwIfInterrupted(start.signal);
    return await note({ ...whole, phase: "up" });
  } catch (error) {
    if (state !== undefined) await undoStart(state, { paths, env, say });
    throw error;
  }
}

type Note = (state: MonitorState) => Promise<MonitorState>;

async function startPrometheus(start: ProgramsStart, note: Note): Promise<MonitorState> {
  const { prometheus, prometheusPort: port, retention, paths, env, clock } = start;
  const { version, buildFlags } = prometheus;
  const { prometheusSettings, prometheusData: dataFolder } = paths;
  const url = `http://${loopback}:${port}`;
  const logPath = join(paths.logs, "prometheus.log");
  await writeOwnAddress(paths, `${loopback}:${port}`);
  const configFile = join(prometheusSettings, "prometheus.yml");
  start.say(`starting Prometheus ${version.text} on ${url} …`);
  const flags = prometheusFlags(version, { configFile, dataFolder, port, retention });
  const started = await startDetached({
    program: prometheus.path,
    args: [...flags, ...buildFlags],
    env,
    cwd: paths.folder,
    logPath,
  });
  const part: PartState = { url, version: version.text, process: started.ref };
  const state = await note({
    schemaVersion: 1,
    kind: "programs",
    phase: "starting",
    startedAt: new Date(clock.wallMs()).toISOString(),
    retention,
    prometheus: part,
    grafana: null,
  });
  await untilReady(
    {
      name: "Prometheus",
      logPath,
      logHint: logHint(logPath),
      hasEnded: started.hasEnded,
      // Another one may have come to listen on this port meanwhile.
      isReady: async () =>
        (await isPrometheusReady(url)) && (await prometheusDataFolder(url)) === dataFolder,
      advice: [...portAdvice, lockAdvice(dataFolder)],
    },
    start,
  );
  return state;
}

async function startGrafana(
  start: ProgramsStart,
  state: MonitorState,
  note: Note,
): Promise<MonitorState> {
  if (start.grafana === undefined) return state;
  const { paths, env, prometheus } = start;
  const { program, port, password } = start.grafana;
  const url = `http://${loopback}:${port}`;
  const logPath = join(paths.logs, "grafana.log");
  start.say(`starting Grafana ${program.version ?? ""} on ${url} …`.replace("  ", " "));
  const started = await startDetached({
    program: program.path,
    args: [...program.command, "--homepath", program.home],
    env: grafanaEnvironment(env, {
      paths,
      port,
      prometheusUrl: state.prometheus.url,
      prometheusVersion: prometheus.version.text,
      password,
    }),
    cwd: paths.folder,
    logPath,
  });
  const grafana: PartState = { url, version: program.version, process: started.ref };
  const whole = await note({ ...state, grafana });
  const awaited: Awaited = {
    name: "Grafana",
    logPath,
    logHint: logHint(logPath),
    hasEnded: started.hasEnded,
    isReady: () => isGrafanaReady(url),
    advice: portAdvice,
  };
  await untilReady(awaited, start);
  return whole;
}

function logHint(logPath: string): string {
  return `its log may say more: ${logPath}`;
}

const portAdvice: Awaited["advice"] = [
  [/address already in use/u, "another program has taken the port meanwhile: start again"],
];

function lockAdvice(dataFolder: string): Awaited["advice"][number] {
  return [
    /lock DB directory/u,
    `another Prometheus works on ${dataFolder}, left by a start that was killed: find it with pgrep -af ${dataFolder} and end it`,
  ];
}

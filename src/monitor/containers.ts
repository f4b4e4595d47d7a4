/** Starts the monitor in containers, through Docker Compose. */
import type { Clock } from "../base/clock.ts";
import { composeUp, type ComposeUse } from "./docker.ts";
import { grafanaVersionAt, isGrafanaReady } from "./grafana.ts";
import { loopback } from "./network.ts";
import { composeProject } from "./paths.ts";
import { isPrometheusReady, prometheusVersionAt } from "./prometheus.ts";
import { throwIfInterrupted, untilReady } from "./ready.ts";
import { type MonitorState, type Retention, writeState } from "./state.ts";
import { undoStart } from "./stop.ts";

export interface ContainersStart extends ComposeUse {
  readonly prometheusPort: number;
  /** Undefined: Prometheus alone. */
  readonly grafanaPort: number | undefined;
  readonly retention: Retention;
  readonly clock: Clock;
}

/**
 * Resolves when all of them answer on this machine.
 * @throws LakhError MONITOR_START, MONITOR_STATE, MONITOR_INTERRUPTED; everything is stopped again then
 */
export async function startContainers(start: ContainersStart): Promise<MonitorState> {
  const { paths, env, say, signal } = start;
  const draft = draftOf(start);
  await writeState(paths.stateFile, draft);
  try {
    say("docker compose up; the first time it fetches the images, some hundred MB …");
    await composeUp(start, start);
    const state = await whenAnswering(draft, start);
    throwIfInterrupted(signal);
    await writeState(paths.stateFile, state);
    return state;
  } catch (error) {
    await undoStart(draft, { paths, env, say });
    throwIfInterrupted(signal); // Compose, killed by the interrupt, only says that it was
    throw error;
  }
}

function draftOf(start: ContainersStart): MonitorState {
  const { prometheusPort, grafanaPort, retention, clock } = start;
  const part = (port: number): MonitorState["prometheus"] => ({
    url: `http://${loopback}:${port}`,
    version: null,
    process: null,
  });
  return {
    schemaVersion: 1,
    kind: "docker",
    phase: "starting",
    startedAt: new Date(clock.wallMs()).toISOString(),
    retention,
    prometheus: part(prometheusPort),
    grafana: grafanaPort === undefined ? null : part(grafanaPort),
  };
}

/** Healthy in its container is one thing, to be reached on this machine's loopback another. */
async function whenAnswering(draft: MonitorState, start: ContainersStart): Promise<MonitorState> {
  const { prometheus, grafana } = draft;
  await untilReady(
    {
      name: "the monitor in its containers",
      logPath: undefined,
      logHint: `docker compose --project-name ${composeProject(start.paths)} logs may say more`,
      hasEnded: () => false,
      isReady: async () =>
        (await isPrometheusReady(prometheus.url)) &&
        (grafana === null || (await isGrafanaReady(grafana.url))),
      advice: [],
    },
    start,
  );
  const version = (await prometheusVersionAt(prometheus.url)) ?? null;
  const grafanaVersion = grafana === null ? undefined : await grafanaVersionAt(grafana.url);
  return {
    ...draft,
    phase: "up",
    prometheus: { ...prometheus, version },
    grafana: grafana === null ? null : { ...grafana, version: grafanaVersion ?? null },
  };
}

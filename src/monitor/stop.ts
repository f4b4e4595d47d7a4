/** Stopping what a state names: containers through Compose, processes by pid and start. */
import { existsSync } from "node:fs";
import { LakhError } from "../base/errors.ts";
import { composeDown, findDocker } from "./docker.ts";
import type { MonitorErrorCode } from "./errors.ts";
import type { Environment, MonitorPaths } from "./paths.ts";
import { type StopOutcome, stopProcess } from "./processes.ts";
import { type MonitorState, type PartState, removeState } from "./state.ts";

export interface StopUse {
  readonly paths: MonitorPaths;
  readonly env: Environment;
  readonly say: (line: string) => void;
}

/**
 * Stops everything of `state`, telling what became of each part. Data stay.
 * @throws LakhError MONITOR_STOP
 */
export async function stopState(state: MonitorState, use: StopUse): Promise<void> {
  if (state.kind === "docker") {
    await stopContainers(use, { withVolumes: false });
    use.say("containers: stopped and removed");
    return;
  }
  // Grafana first: it reads from the other.
  if (state.grafana !== null) await stopPart("Grafana", state.grafana, use);
  await stopPart("Prometheus", state.prometheus, use);
}

async function stopPart(name: string, { process }: PartState, { say }: StopUse): Promise<void> {
  if (process === null) return;
  const outcome = await stopProcess(process);
  say(`${name} (process ${process.pid}): ${outcomes[outcome]}`);
}

const outcomes: Readonly<Record<StopOutcome, string>> = {
  stopped: "stopped",
  killed: "killed, because it did not end when asked",
  gone: "had ended before; whatever has its number now is left alone",
};

/** @throws LakhError MONITOR_STOP */
export async function stopContainers(
  use: StopUse,
  wish: { readonly withVolumes: boolean },
): Promise<void> {
  const { path: docker, problem } = await findDocker(use.env);
  if (docker === undefined || problem !== undefined || !existsSync(use.paths.composeFile))
    throw new LakhError(
      "MONITOR_STOP" satisfies MonitorErrorCode,
      `the containers cannot be stopped: ${problem ?? `${use.paths.composeFile} is gone`}`,
      { hint: "start Docker, or remove the containers by hand; then lakh monitor down again" },
    );
  await composeDown({ ...use, docker }, wish);
}

/** Takes back a start that failed; what cannot be stopped is told, and stays in the state file for `down`. */
export async function undoStart(state: MonitorState, use: StopUse): Promise<void> {
  try {
    await stopState(state, use);
    await removeState(use.paths.stateFile);
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    use.say(`${error.message}; later: lakh monitor down`);
  }
}

/** `lakh monitor down`. */
import { existsSync } from "node:fs";
import { LakhError, reasonOf } from "../base/errors.ts";
import { findDocker } from "./docker.ts";
import type { MonitorErrorCode } from "./errors.ts";
import { withLock } from "./lock.ts";
import { type Environment, type MonitorPaths, monitorPaths } from "./paths.ts";
import { purgeFolder } from "./settings.ts";
import { readState, removeState } from "./state.ts";
import { stopContainers, stopState, type StopUse } from "./stop.ts";

export interface DownRequest {
  readonly env: Environment;
  /** Data, logs and Grafana's password go, too. */
  readonly purge: boolean;
  /** What happens, line by line. */
  readonly say: (line: string) => void;
}

/**
 * Stops what runs, if anything does.
 * @throws LakhError MONITOR_BUSY, MONITOR_STATE, MONITOR_STOP
 */
export async function monitorDown({ env, purge, say }: DownRequest): Promise<void> {
  const paths = monitorPaths(env);
  await withLock(paths.lockFile, async () => {
    const use = { paths, env, say };
    const state = await readState(paths.stateFile);
    if (state === undefined) say("the monitor is not up");
    else await stopState(state, use);
    await removeState(paths.stateFile);
    if (purge) await purgeAll(use);
    else if (existsSync(paths.folder)) say(`data are kept in ${whereData(paths, state?.kind)}`);
  });
}

function whereData({ folder }: MonitorPaths, kind: "docker" | "programs" | undefined): string {
  const place = kind === "docker" ? "Docker's volumes" : folder;
  return `${place}; lakh monitor down --purge removes them`;
}

async function purgeAll(use: StopUse): Promise<void> {
  const { paths, env, say } = use;
  // Volumes of an earlier start in containers are there even when the last one was without.
  const { problem } = existsSync(paths.composeFile)
    ? await findDocker(env)
    : { problem: "no settings for it" };
  if (problem === undefined) await stopContainers(use, { withVolumes: true });
  try {
    const { keptTargets } = await purgeFolder(paths);
    const kept = keptTargets ? `; your own files in ${paths.targets} are kept` : "";
    say(`data, logs and password are removed${kept}`);
  } catch (cause) {
    throw new LakhError(
      "MONITOR_STATE" satisfies MonitorErrorCode,
      `${paths.folder} cannot be removed: ${reasonOf(cause)}`,
      { hint: "remove it by hand", cause },
    );
  }
}

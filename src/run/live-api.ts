/** The REST API around the load of a run: opened before it, kept open while the process lingers after it. */
import { type ApiServer, startApiServer } from "../api/index.ts";
import { LakhError } from "../base/errors.ts";
import type { RunPlan } from "../plan/index.ts";
import { LiveRun } from "./live-run.ts";
import type { LoadPhase } from "./load-phase.ts";
import type { RunDeps, RunRequest } from "./request.ts";

/**
 * The REST API, when there is to be one; as in k6 it must be there when a flag asks for it, and may fail otherwise.
 * @throws LakhError API_ADDRESS
 */
export async function openLiveApi(
  load: LoadPhase,
  plan: RunPlan,
  { request, deps }: { request: RunRequest; deps: RunDeps },
): Promise<ApiServer | undefined> {
  if (request.api === undefined) return undefined;
  const { address, isRequired } = request.api;
  try {
    const control = new LiveRun(load, plan);
    const server = await startApiServer(address, { control, logger: deps.logger });
    deps.events.onListening?.(server.address);
    return server;
  } catch (error) {
    if (isRequired || !(error instanceof LakhError)) throw error;
    deps.logger.log("warning", "Error from API server", { error: error.message });
    return undefined;
  }
}

/** Waits for a signal, which is then the end of the wait and not of the test. */
export async function linger({ host, events }: RunDeps): Promise<void> {
  const signalled = new Promise<void>((resolve) => {
    const release = host.onInterrupt(() => {
      release();
      resolve();
    });
  });
  events.onLinger?.();
  await signalled;
}

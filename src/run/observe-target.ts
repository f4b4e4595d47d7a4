/** Starts the readings of the target that a run was asked for. */
import {
  createMetricsEndpointSource,
  createProcessSource,
  type Observer,
  startObserver,
} from "../observe/index.ts";
import type { RunDeps, RunRequest } from "./request.ts";

/** How often the target is read. */
const observeIntervalMs = 1_000;

/** `startWallMs` gives Unix milliseconds of the run's time 0; undefined while it is not known. */
export function observeTarget(
  request: RunRequest,
  deps: RunDeps,
  startWallMs: () => number | undefined,
): Observer {
  const sources = [
    ...request.observe.urls.map(createMetricsEndpointSource),
    ...request.observe.pids.map(createProcessSource),
  ];
  return startObserver({
    sources,
    clock: deps.clock,
    intervalMs: observeIntervalMs,
    startWallMs,
    logger: deps.logger,
  });
}

/** The readings of the target that a run was asked for. */
import {
  checkPrometheus,
  createMetricsEndpointSource,
  createProcessSource,
  createPrometheusObserver,
  type Observer,
  planPrometheus,
  startObserver,
} from "../observe/index.ts";
import type { RunDeps, RunRequest } from "./request.ts";

/** How often the target is read, where lakh reads it. */
const observeIntervalMs = 1_000;

/**
 * Asks a Prometheus whether it can be asked, before anything of the run begins.
 * @throws LakhError OBSERVE_…
 */
export async function checkObservation(
  { observe: { prometheus } }: RunRequest,
  { clock, logger }: RunDeps,
): Promise<void> {
  if (prometheus === undefined) return;
  await checkPrometheus({ plan: planPrometheus(prometheus), clock, logger });
}

/** `startWallMs` gives Unix milliseconds of the run's time 0; undefined while it is not known. */
export function observeTarget(
  { observe: { urls, pids, prometheus } }: RunRequest,
  { clock, logger }: RunDeps,
  startWallMs: () => number | undefined,
): Observer {
  const observers = [
    startObserver({
      sources: [...urls.map(createMetricsEndpointSource), ...pids.map(createProcessSource)],
      clock,
      intervalMs: observeIntervalMs,
      startWallMs,
      logger,
    }),
  ];
  if (prometheus !== undefined) {
    const plan = planPrometheus(prometheus);
    observers.push(createPrometheusObserver({ plan, clock, logger, startWallMs }));
  }
  return {
    latest: () => observers.flatMap((observer) => observer.latest()),
    async stop() {
      return (await Promise.all(observers.map((observer) => observer.stop()))).flat();
    },
  };
}

/**
 * Door of `monitor`: a Prometheus and a Grafana on this machine, started, looked at and stopped, and found by a run.
 * What starts and stops is read from disk when it is asked for.
 */
import type { Clock } from "../base/clock.ts";
import type { DownRequest } from "./down.ts";
import type { Environment } from "./paths.ts";
import type { MonitorStatus } from "./status.ts";
import type { UpDeps, UpRequest, UpResult } from "./up.ts";

export { monitorErrorCodes } from "./errors.ts";
export { findMonitor, type FoundMonitor } from "./find.ts";
export type { MonitorStatus } from "./status.ts";

/**
 * Starts the monitor, unless it is up.
 * @throws LakhError MONITOR_BUSY, MONITOR_INTERRUPTED, MONITOR_NOTHING, MONITOR_PORT, MONITOR_PROMETHEUS_OLD,
 * MONITOR_START, MONITOR_STATE, MONITOR_STOP
 */
export async function monitorUp(request: UpRequest, deps: UpDeps): Promise<UpResult> {
  return (await import("./up.ts")).monitorUp(request, deps);
}

/** Stops it, if it is up. @throws LakhError MONITOR_BUSY, MONITOR_STATE, MONITOR_STOP */
export async function monitorDown(request: DownRequest): Promise<void> {
  return (await import("./down.ts")).monitorDown(request);
}

/** What runs. @throws LakhError MONITOR_STATE */
export async function readMonitorStatus(env: Environment, clock: Clock): Promise<MonitorStatus> {
  return (await import("./status.ts")).readMonitorStatus(env, clock);
}

/** What `up` has to say. */
export async function renderUp(result: UpResult): Promise<string> {
  return (await import("./text.ts")).renderUp(result);
}

/** The status for people. */
export async function renderStatus(status: MonitorStatus): Promise<string> {
  return (await import("./text.ts")).renderStatus(status);
}

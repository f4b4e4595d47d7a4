/**
 * One run, from request to record: a runner sends the load, and what it found becomes the record.
 * Everything after the record is computed from the record alone, so a verdict can be recomputed at any time.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import { newRunId, openRunFolder } from "../record/index.ts";
import { endOnDashboard, failOnDashboard, loggedOnDashboard } from "./dashboard-run.ts";
import { checkObservation } from "./observe-target.ts";
import { checkOutputs } from "./outputs.ts";
import { buildRecord } from "./record-builder.ts";
import type { RunDeps, RunRequest, RunResult } from "./request.ts";
import type { Runner } from "./runner.ts";
import { discreet, redactError, redactRecord } from "./secrecy.ts";

/** Runners by name; read from disk when one is asked for. */
const runners: Readonly<Record<RunRequest["runner"], () => Promise<Runner>>> = {
  embedded: async () => (await import("./runners/embedded.ts")).runEmbedded,
  k6: async () => (await import("./runners/k6/runner.ts")).runK6,
};

/**
 * Runs a script and writes its record.
 * @throws LakhError when the run could not begin or its setup failed; failing requests, checks and thresholds do not throw
 */
export async function executeRun(request: RunRequest, deps: RunDeps): Promise<RunResult> {
  await checkConfirmedHosts(request);
  checkOutputs(request);
  const logger = loggedOnDashboard(deps.logger, deps.dashboard);
  const own = discreet({ ...deps, logger }, request);
  const id = newRunId(deps.clock.wallMs(), request.label);
  const folder = openRunFolder(request.runsDir, id);
  // Until load is sent there is nothing to end gracefully.
  const release = deps.host.onInterrupt(() => {
    folder.discard();
    deps.host.exitNow(exitCodes.externalAbort);
  });
  try {
    await checkObservation(request, deps);
    const run = await runners[request.runner]();
    const finished = await run({ id, folder, request, deps: own, beforeLoad: release });
    const { redactor } = own;
    const record = redactRecord(buildRecord(id, finished, request), redactor);
    folder.commit(record);
    const verdict =
      record.objectives === null ? undefined : (await import("../judge/index.ts")).judge(record);
    await endOnDashboard(deps, { record, verdict, folder: folder.path });
    const { block, error, isReported } = finished;
    if (error !== undefined) redactError(error, redactor);
    const summaryText =
      finished.summaryText === undefined ? undefined : redactor.conceal(finished.summaryText);
    return { record, folder: folder.path, summaryText, block, error, isReported, verdict };
  } catch (error) {
    if (error instanceof LakhError) {
      redactError(error, own.redactor);
      failOnDashboard(deps, error);
    }
    throw error;
  } finally {
    release();
    folder.discard();
  }
}

/** What is no host is told before anything is read or started. @throws LakhError HTTP_BAD_CONFIRM_HOST */
async function checkConfirmedHosts({ confirmedHosts = [] }: RunRequest): Promise<void> {
  if (confirmedHosts.length === 0) return;
  const { ConfirmedHosts } = await import("../http/index.ts");
  void new ConfirmedHosts(confirmedHosts);
}

/**
 * One run, from request to record: a runner sends the load, and what it found becomes the record.
 * Everything after the record is computed from the record alone, so a verdict can be recomputed at any time.
 */
import { exitCodes } from "../base/errors.ts";
import { newRunId, openRunFolder } from "../record/index.ts";
import { checkObservation } from "./observe-target.ts";
import { buildRecord } from "./record-builder.ts";
import type { RunDeps, RunRequest, RunResult } from "./request.ts";
import type { Runner } from "./runner.ts";

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
    const finished = await run({ id, folder, request, deps, beforeLoad: release });
    const record = buildRecord(id, finished, request);
    folder.commit(record);
    const verdict =
      record.objectives === null ? undefined : (await import("../judge/index.ts")).judge(record);
    const { summaryText, block, error, isReported } = finished;
    return { record, folder: folder.path, summaryText, block, error, isReported, verdict };
  } finally {
    release();
    folder.discard();
  }
}

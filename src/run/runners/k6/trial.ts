/** The trial of a script on k6: a few iterations, counted. */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { silentLogger } from "../../../base/log.ts";
import { deriveRunPlan, mergeOptions, parseOptions } from "../../../plan/index.ts";
import { type Probe, probeScenarios, readProbe } from "../../demand-plan.ts";
import type { RunDeps, RunRequest } from "../../request.ts";
import { runArguments } from "./command.ts";
import { K6Load } from "./load.ts";
import { archiveWithOptions, type K6Shell } from "./script-options.ts";

export interface TrialParts {
  readonly request: RunRequest;
  readonly deps: RunDeps;
  /** As k6 reads them from the script. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** @throws LakhError PROBE_FAILED, K6_FAILED, HOST_UNCONFIRMED */
export async function runK6Trial(
  folder: string,
  shell: K6Shell,
  trial: TrialParts,
): Promise<Probe> {
  const { request, deps, options } = trial;
  const journeys = request.demand?.journeys;
  const path = join(folder, "trial.tar");
  const load = { scenarios: probeScenarios(journeys), thresholds: null };
  await archiveWithOptions(shell, request, { path, options: load });
  const layers = [parseOptions(options, "script"), parseOptions(load, "plan")];
  const trialFolder = await mkdtemp(join(folder, "trial-"));
  const summaryPath = join(trialFolder, "summary.json");
  const run = await K6Load.start({
    shell,
    folder: trialFolder,
    argumentsFor: (samplesPath) =>
      runArguments(request, shell.env, { script: path, samplesPath, summaryPath }),
    stdin: undefined,
    plan: deriveRunPlan(mergeOptions(...layers)),
    warmUpMs: undefined,
    objectives: undefined,
    requestsPerIteration: undefined,
    confirmedHosts: request.confirmedHosts ?? [],
    // Nobody watches a trial; what it finds is told when it fails.
    deps: { ...deps, logger: silentLogger, events: {} },
    onPrinted: () => undefined,
  });
  await run.conduct();
  const unconfirmed = await run.hosts.unconfirmed();
  if (run.hosts.breach !== undefined) throw run.hosts.breach;
  const message = run.log.lastError;
  const { failedIterations: failed } = run.log;
  return readProbe(run.collector.whole, { failed, message, unconfirmed }, journeys);
}

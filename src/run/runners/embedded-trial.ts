/** The trial of a script on the embedded engine: a few iterations, counted. */
import { type EngineEvents, type EngineSetup, openEngine } from "../../engine/index.ts";
import { MetricAggregate, MetricRegistry } from "../../metrics/index.ts";
import { deriveRunPlan, type Journey, mergeOptions, parseOptions } from "../../plan/index.ts";
import { assignmentFor } from "../assignment.ts";
import { type Probe, probeScenarios, readProbe } from "../demand-plan.ts";

export interface EmbeddedTrial {
  readonly confirmedHosts: readonly string[];
  /** The command-line layer of the options. */
  readonly cliOptions: Readonly<Record<string, unknown>>;
  /** What Go programs read of the network: proxies, authorities. */
  readonly networkEnv: Readonly<Record<string, string | undefined>>;
  /** The script's default function when there are none. */
  readonly journeys: readonly Journey[] | undefined;
}

/**
 * Runs a few iterations of each journey, or of the script's default function, and counts.
 * @throws LakhError PROBE_FAILED
 */
export async function runEmbeddedTrial(
  engineSetup: EngineSetup,
  { cliOptions, confirmedHosts, networkEnv, journeys }: EmbeddedTrial,
): Promise<Probe> {
  const engine = await openEngine(1, Promise.resolve(engineSetup));
  try {
    const layers = [
      parseOptions(engine.init.options ?? {}, "script"),
      parseOptions(cliOptions, "cli"),
    ];
    const trial = parseOptions({ scenarios: probeScenarios(journeys) }, "plan");
    const plan = deriveRunPlan(mergeOptions(...layers, trial), engine.init.functions);
    const aggregate = new MetricAggregate(new MetricRegistry());
    let failed = 0;
    const events: EngineEvents = {
      onTick: (tick) => {
        for (const { delta, workerIndex } of tick.deltas) aggregate.merge(delta, workerIndex);
        failed = tick.counts.iterationsFailed;
      },
      onAbort: () => undefined,
      onMarkedFailed: () => undefined,
    };
    const told = {
      confirmedHosts,
      keptTags: [],
      latencyLimitsMs: [],
      sendSamples: false,
      exchanges: undefined,
      env: networkEnv,
    };
    await engine.prepare(assignmentFor(plan, told), events);
    const setup = plan.options.noSetup ? undefined : await engine.setup();
    // Series that setup() was the first to use are defined in its delta; its samples are no iteration's.
    if (setup !== undefined) aggregate.learn(setup.delta, 0);
    const before = engine.unconfirmed.requests;
    const { exceptions, failure } = await engine.run(setup?.setupJson);
    const { hosts, requests } = engine.unconfirmed;
    if (failure !== undefined) throw failure;
    if (!plan.options.noTeardown) await engine.teardown(setup?.setupJson);
    const unconfirmed = { hosts, requests: requests - before };
    const message = exceptions[0]?.message;
    return readProbe(aggregate, { failed, message, unconfirmed }, journeys);
  } finally {
    await engine.close();
  }
}

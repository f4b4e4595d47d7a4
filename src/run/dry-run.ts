/**
 * The dry run of `lakh check`: a few iterations of each function that the plan's scenarios run, on the embedded engine,
 * and what they showed as plain facts. No threshold is judged and nothing is recorded.
 */
import { LakhError } from "../base/errors.ts";
import type { Engine, EngineEnd, EngineEvents, ExceptionReport } from "../engine/index.ts";
import type { ExceptionFact, IterationFact, SeriesFact, TrialFacts } from "../lint/index.ts";
import { MetricAggregate, MetricRegistry, sampleCountOf } from "../metrics/index.ts";
import {
  deriveRunPlan,
  mergeLayers,
  type OptionLayer,
  parseOptions,
  type RunPlan,
} from "../plan/index.ts";
import type { ScenarioPlan } from "../schedule/index.ts";
import { assignmentFor } from "./assignment.ts";
import type { HeadReader } from "./http-heads.ts";

export interface DryRun {
  /** Layers of the run's options, below the dry run's own. */
  readonly layers: readonly OptionLayer[];
  /** The run that is checked. */
  readonly plan: RunPlan;
  readonly heads: HeadReader;
  /** Hosts that may get more than a few requests. */
  readonly confirmedHosts: readonly string[];
  /** What Go programs read of the network. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** VUs of a scenario, and iterations of each: enough to see values differ, few enough for a production target. */
const trialVus = 3;
const trialIterations = 3;
/** Scenarios beyond this one are tried with one iteration each. */
const fullScenarios = 3;
const longest = "30s";

/** Tags that the facts are told by; a script may have switched them off. */
const neededTags = ["scenario", "name", "url", "method", "status", "group", "check"];

/**
 * Carries out the dry run on an engine that has been opened for the script.
 * @throws LakhError when setup() fails, or a worker dies
 */
export async function dryRun(engine: Engine, request: DryRun): Promise<TrialFacts> {
  const plan = trialPlan(request, engine);
  const counts = new DryRunCounts(request.heads);
  const assignment = assignmentFor(plan, {
    confirmedHosts: request.confirmedHosts,
    keptTags: [],
    latencyLimitsMs: [],
    sendSamples: false,
    exchanges: undefined,
    env: request.env,
  });
  await engine.prepare(assignment, counts.events);
  const setup = plan.options.noSetup ? undefined : await engine.setup();
  if (setup !== undefined) counts.addSetup(setup.delta);
  const end = await engine.run(setup?.setupJson);
  if (end.failure !== undefined) throw end.failure;
  // Taken before teardown(), whose requests are no iteration's.
  const facts = counts.facts(plan, end);
  const teardownError = plan.options.noTeardown
    ? undefined
    : await teardownErrorOf(engine, setup?.setupJson);
  return { ...facts, teardownError };
}

async function teardownErrorOf(
  engine: Engine,
  setupJson: string | undefined,
): Promise<string | undefined> {
  try {
    await engine.teardown(setupJson);
    return undefined;
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    return error.message;
  }
}

function trialPlan({ layers, plan }: DryRun, engine: Engine): RunPlan {
  const isFew = plan.scenarios.length <= fullScenarios;
  const scenarios = Object.fromEntries(
    plan.scenarios.map((each) => [each.name, trialScenario(each, isFew)]),
  );
  const own = parseOptions(
    {
      scenarios,
      httpDebug: "headers",
      minIterationDuration: "0s",
      systemTags: [...new Set([...plan.options.systemTags, ...neededTags])],
    },
    "plan",
  );
  return deriveRunPlan(mergeLayers([...layers, own], { mergesTags: false }), engine.init.functions);
}

function trialScenario({ exec, env, tags, config }: ScenarioPlan, isFew: boolean): object {
  const vus = isFew ? trialVus : 1;
  return {
    executor: "per-vu-iterations",
    exec,
    env,
    tags,
    vus,
    iterations: isFew ? trialIterations : 1,
    maxDuration: longest,
    gracefulStop: "0s",
    ...(config["options"] === undefined || config["options"] === null
      ? {}
      : { options: config["options"] }),
  };
}

class DryRunCounts {
  readonly events: EngineEvents;
  readonly #heads: HeadReader;
  readonly #whole = new MetricAggregate(new MetricRegistry());
  readonly #iterations = new MetricAggregate(new MetricRegistry());
  readonly #setup = new MetricAggregate(new MetricRegistry());
  #failed = 0;
  #interrupted = 0;
  #vus = 0;

  constructor(heads: HeadReader) {
    this.#heads = heads;
    this.events = {
      onTick: ({ deltas, counts }) => {
        for (const { delta, workerIndex } of deltas) {
          this.#whole.merge(delta, workerIndex);
          this.#iterations.merge(delta, workerIndex);
        }
        this.#failed = counts.iterationsFailed;
        this.#interrupted = counts.iterationsInterrupted;
        this.#vus = counts.initializedVus;
      },
      onAbort: () => undefined,
      onMarkedFailed: () => undefined,
    };
  }

  addSetup(delta: Parameters<MetricAggregate["merge"]>[0]): void {
    this.#whole.merge(delta, 0);
    this.#setup.merge(delta, 0);
    // Series that setup() was the first to use are defined in its delta; its samples are no iteration's.
    this.#iterations.learn(delta, 0);
  }

  facts({ scenarios }: RunPlan, { exceptions }: EngineEnd): Omit<TrialFacts, "teardownError"> {
    const whole = this.#whole;
    const connecting = whole.trend("http_req_connecting").histogram;
    return {
      vus: this.#vus,
      iterations: this.#iterations.counter("iterations"),
      failedIterations: this.#failed,
      interruptedIterations: this.#interrupted,
      exceptions: exceptions.map(exceptionFact),
      requests: whole.counter("http_reqs"),
      setupRequests: this.#setup.counter("http_reqs"),
      unanswered: whole.counter("http_reqs", { status: "0" }),
      checks: whole.rate("checks").total,
      connectionsOpened: connecting.count - connecting.zeroCount,
      bytesReceived: whole.counter("data_received"),
      authorizations: this.#heads.authorizations,
      // An iteration that threw has an end that no other will have.
      functions: this.#failed > 0 ? [] : iterationFacts(scenarios, this.#iterations),
      series: seriesFacts(whole),
      hosts: this.#heads.hosts(),
    };
  }
}

function exceptionFact({ message, stack, count }: ExceptionReport): ExceptionFact {
  const place = /^\tat (?:.* \()?(\S+?):(\d+):(\d+)\)?$/mu.exec(stack);
  if (place === null) return { message, count, place: undefined };
  const [, file = "", line, column] = place;
  return { message, count, place: { file, line: Number(line), column: Number(column) } };
}

function iterationFacts(
  scenarios: readonly ScenarioPlan[],
  aggregate: MetricAggregate,
): IterationFact[] {
  const execs = [...new Set(scenarios.map(({ exec }) => exec))];
  return execs.map((exec) => {
    const names = scenarios.filter((each) => each.exec === exec).map(({ name }) => name);
    const count = (metric: string): number =>
      names.reduce((sum, scenario) => sum + aggregate.counter(metric, { scenario }), 0);
    const total = (metric: string): number =>
      names.reduce((sum, scenario) => sum + aggregate.trend(metric, { scenario }).histogram.sum, 0);
    const iterations = count("iterations");
    const each = Math.max(1, iterations);
    return {
      exec,
      iterations,
      requests: count("http_reqs"),
      durationMs: total("iteration_duration") / each,
      requestMs: total("http_req_duration") / each,
    };
  });
}

function seriesFacts(aggregate: MetricAggregate): SeriesFact[] {
  return aggregate.allSeries().map(({ metric, tags, sink }) => ({
    metric: metric.name,
    type: metric.type,
    tags,
    samples: sampleCountOf(sink),
  }));
}

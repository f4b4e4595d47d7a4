/** `lakh check`: the script read, its options resolved, a dry run made where it can be, and the linter's findings. */
import { LakhError } from "../base/errors.ts";
import { type Engine, openEngine } from "../engine/index.ts";
import { lintScript, type LintOutcome, type StatedGoal, type TrialFacts } from "../lint/index.ts";
import { computeDemand, type DemandInput, type RunPlan } from "../plan/index.ts";
import { parseScript } from "../script/index.ts";
import { dryRun } from "./dry-run.ts";
import { engineSetupFor } from "./engine-setup.ts";
import { HeadReader } from "./http-heads.ts";
import { runThresholds } from "./load-phase.ts";
import { readMachineFacts } from "./machine.ts";
import { optionLayers, planRun } from "./options.ts";
import type { RunDeps } from "./request.ts";
import { openScript, type ScriptUse } from "./script-source.ts";

export interface CheckRequest extends ScriptUse {
  readonly configPath: string | undefined;
  /** Requests per second that are wanted; undefined when nobody says. */
  readonly requestsPerSecond: number | undefined;
  /** Daily users, of which the wanted rate follows. */
  readonly users: DemandInput | undefined;
  readonly dryRun: boolean;
  /** Hosts that may get more than a few requests from it. */
  readonly confirmedHosts: readonly string[];
  readonly isChosen: (rule: string) => boolean;
}

export interface CheckResult extends LintOutcome {
  /** URL of the script. */
  readonly entry: string;
  readonly plan: RunPlan;
  /** Facts of the dry run, or why there are none. */
  readonly trial: TrialFacts | { readonly missing: string };
}

/** Told before the dry run sends anything. */
export interface CheckEvents {
  onDryRun?(): void;
}

/**
 * Checks a script.
 * @throws LakhError as a run of the script would, up to the start of its load
 */
export async function checkScript(
  request: CheckRequest,
  deps: Omit<RunDeps, "events">,
  events: CheckEvents = {},
): Promise<CheckResult> {
  const { host, logger, minLogLevel } = deps;
  const heads = new HeadReader();
  // What goes wrong in the dry run is told by its facts; nobody needs the same line nine times.
  let isDryRun = false;
  const quiet = heads.wrap(logger, () => isDryRun && minLogLevel !== "debug");
  const engine = await openEngine(1, engineSetupFor(request, { ...deps, logger: quiet }));
  try {
    const sources = {
      request: { ...request, cliOptions: {}, features: { names: [], source: "cli" } },
      demand: undefined,
      host,
      logger,
    } as const;
    const plan = planRun(engine.init, sources);
    // Made to be checked: a bad threshold must end the check as it ends a run.
    runThresholds(engine, plan, false);
    const script = await parseScript({
      ...(await openScript(request.script)),
      cwd: host.cwd,
      cacheDir: request.cacheDir,
      offline: request.offline,
      lower: request.lower,
      // The bundler's warnings have been told once.
      log: { log: () => undefined },
    });
    if (request.dryRun) events.onDryRun?.();
    isDryRun = true;
    const layers = optionLayers(engine.init, sources);
    const { confirmedHosts } = request;
    const dry = { layers, plan, heads, confirmedHosts, env: host.env };
    const trial = request.dryRun
      ? withoutSecrets(await tryDryRun(engine, dry), request.env)
      : { missing: "--no-dry-run leaves it out" };
    const machine = await readMachineFacts();
    const goal = statedGoal(request);
    const outcome = lintScript({ script, plan, goal, trial, machine }, request.isChosen);
    return { ...outcome, entry: script.entry, plan, trial };
  } finally {
    await engine.close();
  }
}

/** What keeps a dry run from being made is no fault of the script for certain: it is told, and the rest goes on. */
async function tryDryRun(
  engine: Engine,
  request: Parameters<typeof dryRun>[1],
): Promise<CheckResult["trial"]> {
  try {
    return await dryRun(engine, request);
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    const advice = error.hint === undefined ? "" : ` (${error.hint})`;
    return { missing: `the dry run could not be made: ${error.message}${advice}` };
  }
}

/** Shorter values are words, which stand everywhere. */
const shortestSecret = 6;

/** Messages of exceptions may quote what `-e` gave to the script. */
function withoutSecrets(
  trial: CheckResult["trial"],
  env: Readonly<Record<string, string>>,
): CheckResult["trial"] {
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    /pass|secret|token|key|auth|cred/iu.test(name) && value.length >= shortestSecret ? [value] : [],
  );
  const clean = (text: string): string =>
    secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, "…"), text);
  if ("missing" in trial) return { missing: clean(trial.missing) };
  const exceptions = trial.exceptions.map((each) => ({ ...each, message: clean(each.message) }));
  const { teardownError } = trial;
  return {
    ...trial,
    exceptions,
    teardownError: teardownError === undefined ? undefined : clean(teardownError),
  };
}

function statedGoal({ requestsPerSecond, users }: CheckRequest): StatedGoal {
  const dau = users === undefined ? {} : { dau: users.dau };
  if (requestsPerSecond !== undefined)
    return { ...dau, requestsPerSecond: { value: requestsPerSecond, source: "--rps" } };
  if (users === undefined) return {};
  const { ratePerSecond } = computeDemand(users);
  const source = `the peak of --dau ${users.dau}; lakh plan shows how`;
  return { ...dau, requestsPerSecond: { value: ratePerSecond, source } };
}

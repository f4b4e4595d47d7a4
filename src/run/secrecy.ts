/**
 * Keeps secrets out of what a run leaves and shows: its log lines, its summary, its record and its errors. Known from the
 * start are the values whose names say what they are (`-e`, the environment, a scenario's `env`); what a script is given
 * by `k6/secrets` is added before it has it.
 */
import { LakhError } from "../base/errors.ts";
import type { Host, TextStream } from "../base/host.ts";
import type { Logger } from "../base/log.ts";
import type { RunRecord } from "../record/index.ts";
import { concealArguments, parseSecretSources, Redactor, secretValues } from "../secrets/index.ts";
import { redactExchanges } from "./exchange-secrecy.ts";
import type { RunDeps, RunRequest } from "./request.ts";

/** `deps` with the run's secrets kept out of the log, the console's file and the streams. */
export function discreet(
  deps: RunDeps,
  request: RunRequest,
): RunDeps & { readonly redactor: Redactor } {
  const redactor = new Redactor();
  addSecrets(redactor, request.env);
  // lakh's own engine tells of each as it is given to a script; k6 does not.
  if (request.runner === "k6") for (const value of sourceValues(request, deps)) redactor.add(value);
  return {
    ...deps,
    redactor,
    host: discreetHost(deps.host, redactor),
    logger: discreetLogger(deps.logger, redactor),
    openConsole: (path) => discreetConsole(deps.openConsole(path), redactor),
  };
}

/** From now on the values of `env` that are secrets by their names are not shown. */
export function addSecrets(
  redactor: Redactor | undefined,
  env: Readonly<Record<string, unknown>>,
): void {
  for (const value of secretValues(env)) redactor?.add(value);
}

/** What is wrong with the sources is told by whoever uses them. */
function sourceValues({ secretSources }: RunRequest, { host }: RunDeps): string[] {
  try {
    return parseSecretSources(secretSources, host).flatMap((source) =>
      source.kind === "values" ? Object.values(source.values) : [],
    );
  } catch (error) {
    if (error instanceof LakhError) return [];
    throw error;
  }
}

/** Takes secrets out of the words of an error, which keeps its code. */
export function redactError(error: LakhError, redactor: Redactor): void {
  error.message = redactor.conceal(error.message);
  if (error.stack !== undefined) error.stack = redactor.conceal(error.stack);
}

/** What the script itself says keeps its URLs, as in k6. */
function discreetLogger(logger: Logger, redactor: Redactor): Logger {
  return {
    log: (level, message, fields = {}) => {
      const conceal = (text: string): string =>
        fields["source"] === "console" ? redactor.redact(text) : redactor.conceal(text);
      const shown = Object.entries(fields).map(([name, value]) => [name, conceal(value)] as const);
      logger.log(level, conceal(message), Object.fromEntries(shown));
    },
  };
}

function discreetConsole(logger: Logger, redactor: Redactor): Logger {
  return { log: (level, message) => logger.log(level, redactor.redact(message)) };
}

function discreetHost(host: Host, redactor: Redactor): Host {
  return Object.create(host, {
    stdout: { value: discreetStream(host.stdout, redactor) },
    stderr: { value: discreetStream(host.stderr, redactor) },
  }) as Host;
}

function discreetStream(stream: TextStream, redactor: Redactor): TextStream {
  return Object.create(stream, {
    write: {
      value: (text: string | Uint8Array) =>
        stream.write(typeof text === "string" ? redactor.conceal(text) : text),
    },
  }) as TextStream;
}

/** The record with secrets taken out of every text that scripts and users have a hand in; all else stays as it is. */
export function redactRecord(record: RunRecord, redactor: Redactor): RunRecord {
  const conceal = (text: string): string => redactor.conceal(text);
  /** A metric is known by its name; a sub-metric's tags are the script's. */
  const subMetric = (name: string): string => name.replace(/\{.*$/su, conceal);
  const { script, outcome, manualScaling, checks, command, exchanges } = record;
  return {
    ...record,
    script: { ...script, path: conceal(script.path) },
    scenarios: record.scenarios.map((scenario) => ({
      ...scenario,
      name: conceal(scenario.name),
      config: redactor.concealData(scenario.config),
    })),
    ...(manualScaling === undefined
      ? {}
      : {
          manualScaling: manualScaling.map((each) => ({
            ...each,
            scenario: conceal(each.scenario),
          })),
        }),
    ...(command === undefined ? {} : { command: concealArguments(command).map(conceal) }),
    options: redactor.concealData(record.options),
    metrics: record.metrics.map((metric) => ({ ...metric, name: subMetric(metric.name) })),
    thresholds: record.thresholds.map((each) => ({ ...each, metric: subMetric(each.metric) })),
    ...(checks === undefined
      ? {}
      : {
          checks: checks.map((check) => ({
            ...check,
            group: conceal(check.group),
            name: conceal(check.name),
          })),
        }),
    endpoints: record.endpoints.map((each) => ({ ...each, name: conceal(each.name) })),
    observations: record.observations.map((each) => ({ ...each, source: conceal(each.source) })),
    outcome: { ...outcome, message: outcome.message === null ? null : conceal(outcome.message) },
    ...(exchanges === undefined ? {} : { exchanges: redactExchanges(exchanges, redactor) }),
    exceptions: record.exceptions.map((each) => ({ ...each, message: conceal(each.message) })),
  };
}

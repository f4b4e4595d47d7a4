/**
 * Keeps secrets out of what a run leaves and shows: its log lines, its summary, its record and its errors. Known from the
 * start are the values whose names say what they are (`-e`, the environment, a scenario's `env`) and those of
 * `--secret-source` that lakh reads itself; what a script is given by `k6/secrets` is added before it has it.
 */
import { LakhError } from "../base/errors.ts";
import type { Host, TextStream } from "../base/host.ts";
import type { Logger } from "../base/log.ts";
import { parseSecretSources, Redactor, secretValues } from "../secrets/index.ts";
import type { RunDeps, RunRequest } from "./request.ts";

/** `deps` with the run's secrets kept out of the log, the console's file and the streams. */
export function discreet(
  deps: RunDeps,
  request: RunRequest,
): RunDeps & { readonly redactor: Redactor } {
  const redactor = new Redactor();
  addSecrets(redactor, request.env);
  for (const value of sourceValues(request, deps)) redactor.add(value);
  return {
    ...deps,
    redactor,
    host: discreetHost(deps.host, redactor),
    logger: discreetLogger(deps.logger, redactor),
    openConsole: (path) => discreetLogger(deps.openConsole(path), redactor),
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
  error.message = redactor.redact(error.message);
  if (error.stack !== undefined) error.stack = redactor.redact(error.stack);
}

function discreetLogger(logger: Logger, redactor: Redactor): Logger {
  return {
    log: (level, message, fields = {}) =>
      logger.log(level, redactor.redact(message), redactor.redactFields(fields)),
  };
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
        stream.write(typeof text === "string" ? redactor.redact(text) : text),
    },
  }) as TextStream;
}

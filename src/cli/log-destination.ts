/** What --log-output says: stderr, stdout, none, or `file=path[,level=info]`. The messages are k6's. */
import { LakhError } from "../base/errors.ts";
import type { LogLevel } from "../base/log.ts";
import type { CliErrorCode } from "./errors.ts";

export type LogDestination =
  | { readonly kind: "none" }
  | { readonly kind: "stream"; readonly name: "stdout" | "stderr" }
  | { readonly kind: "file"; readonly path: string; readonly level: LogLevel | undefined };

/** Names of levels that k6's logger knows, as ours; what is finer than debug is debug. */
const levels: Readonly<Record<string, LogLevel>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warning",
  warning: "warning",
  error: "error",
  fatal: "error",
  panic: "error",
};

/** @throws LakhError FLAG_LOG_OUTPUT */
export function parseLogDestination(
  text: string,
  resolvePath: (path: string) => string,
): LogDestination {
  if (text === "none") return { kind: "none" };
  if (text === "stderr" || text === "stdout") return { kind: "stream", name: text };
  if (text.startsWith("loki")) {
    throw badDestination(
      "--log-output loki is k6's, lakh does not have it yet",
      "run this test with --runner k6, or write the log to a file and ship that",
    );
  }
  if (text.startsWith("file")) return parseFile(text, resolvePath);
  throw badDestination(`unsupported log output '${text}'`);
}

function parseFile(text: string, resolvePath: (path: string) => string): LogDestination {
  let path = "";
  let level: LogLevel | undefined;
  for (const part of text.split(",")) {
    const at = part.indexOf("=");
    const [key, value] = at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
    if (value === "")
      throw badDestination(
        `error while parsing logfile configuration key \`${part}\` with no value`,
      );
    if (key === "file") path = resolvePath(value);
    else if (key === "level") level = toLevel(value);
    else throw badDestination(`unknown logfile config key ${key}`);
  }
  return { kind: "file", path, level };
}

function toLevel(name: string): LogLevel {
  const level = Object.hasOwn(levels, name) ? levels[name] : undefined;
  if (level === undefined) throw badDestination(`unknown log level ${name}`);
  return level;
}

function badDestination(
  message: string,
  hint = "write stderr, stdout, none or file=path[,level=info]",
): LakhError {
  return new LakhError("FLAG_LOG_OUTPUT" satisfies CliErrorCode, message, { hint });
}

/**
 * Log lines in k6's forms: `time="…" level=info msg="…" key=value` (text), the same as JSON, the message alone (raw), and
 * the coloured one of a terminal (`INFO[0003] message  key=value`).
 */
import { toGoJson } from "./go-json.ts";
import { quoteGo } from "./go-quote.ts";
import { formatGoSeconds } from "./time.ts";

export type LogLevel = "debug" | "info" | "warning" | "error";

/** Extra fields of a line; written after the message, sorted by name as k6 does. */
export type LogFields = Readonly<Record<string, string>>;

/** Where a part of lakh reports what a person should know. Never used for results. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
}

export const logFormats = ["text", "json", "raw", "terminal"] as const;

export type LogFormat = (typeof logFormats)[number];

/** One line before it has a form. */
export interface LogEntry {
  /** Unix milliseconds. */
  readonly wallMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };

/** Lines of one format, without the newline. The terminal's count seconds from `startWallMs`. */
export function createLineFormatter(
  format: LogFormat,
  startWallMs: number,
): (entry: LogEntry) => string {
  switch (format) {
    case "text":
      return formatText;
    case "json":
      return formatJson;
    case "raw":
      return ({ message }) => message;
    case "terminal":
      return (entry) => formatTerminal(entry, Math.floor((entry.wallMs - startWallMs) / 1_000));
  }
}

/** A logger that writes every line at or above `minLevel` through `writeLine`. */
export function createLogger(options: {
  minLevel: LogLevel;
  wallMs: () => number;
  writeLine: (line: string) => void;
  /** k6's text format when left out. */
  format?: (entry: LogEntry) => string;
}): Logger {
  const floor = ranks[options.minLevel];
  const format = options.format ?? formatText;
  return {
    log(level, message, fields = {}) {
      if (ranks[level] < floor) return;
      options.writeLine(format({ wallMs: options.wallMs(), level, message, fields }));
    },
  };
}

/** A logger that drops everything. */
export const silentLogger: Logger = { log: () => undefined };

function formatText({ wallMs, level, message, fields }: LogEntry): string {
  const shown = message === "" ? "" : ` msg=${quoteIfNeeded(message)}`;
  const tail = sorted(fields).map(([key, value]) => ` ${key}=${quoteIfNeeded(value)}`);
  return `time="${formatGoSeconds(wallMs)}" level=${level}${shown}${tail.join("")}`;
}

function formatJson({ wallMs, level, message, fields }: LogEntry): string {
  const pairs = sorted({ ...fields, level, msg: message, time: formatGoSeconds(wallMs) });
  return toGoJson(Object.fromEntries(pairs));
}

const colours: Readonly<Record<LogLevel, number>> = { debug: 37, info: 36, warning: 33, error: 31 };

/** Width of the message, so that fields stand below each other. */
const messageWidth = 44;

function formatTerminal({ level, message, fields }: LogEntry, seconds: number): string {
  const paint = (text: string): string => `\u001b[${colours[level]}m${text}\u001b[0m`;
  const head = `${paint(level.toUpperCase().slice(0, 4))}[${String(seconds).padStart(4, "0")}]`;
  const tail = sorted(fields).map(([key, value]) => ` ${paint(key)}=${quoteIfNeeded(value)}`);
  return `${head} ${message.replace(/\n$/u, "").padEnd(messageWidth)} ${tail.join("")}`;
}

function sorted(fields: LogFields): [string, string][] {
  return Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
}

function quoteIfNeeded(value: string): string {
  return /^[\w./@^+-]*$/u.test(value) ? value : quoteGo(value);
}

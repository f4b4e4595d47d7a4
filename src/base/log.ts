/** Log lines for people on standard error, in k6's text form: `time="…" level=info msg="…" key=value`. */

export type LogLevel = "debug" | "info" | "warning" | "error";

/** Extra fields of a line; written after the message, sorted by name as k6 does. */
export type LogFields = Readonly<Record<string, string>>;

/** Where a part of lakh reports what a person should know. Never used for results. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
}

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };

/** One line of k6's text log format, without the newline. `wallMs` is Unix milliseconds. */
export function formatLogLine(
  wallMs: number,
  level: LogLevel,
  entry: { message: string; fields?: LogFields },
): string {
  const time = new Date(wallMs).toISOString().replace(/\.\d+Z$/u, "Z");
  const fields = Object.entries(entry.fields ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const tail = fields.map(([key, value]) => ` ${key}=${quoteIfNeeded(value)}`).join("");
  return `time=${JSON.stringify(time)} level=${level} msg=${JSON.stringify(entry.message)}${tail}`;
}

/** A logger that writes every line at or above `minLevel` through `writeLine`. */
export function createLogger(options: {
  minLevel: LogLevel;
  wallMs: () => number;
  writeLine: (line: string) => void;
}): Logger {
  const floor = ranks[options.minLevel];
  return {
    log(level, message, fields) {
      if (ranks[level] < floor) return;
      options.writeLine(
        formatLogLine(options.wallMs(), level, fields ? { message, fields } : { message }),
      );
    },
  };
}

/** A logger that drops everything. */
export const silentLogger: Logger = { log: () => undefined };

function quoteIfNeeded(value: string): string {
  return /^[\w./@^+:-]+$/u.test(value) ? value : JSON.stringify(value);
}

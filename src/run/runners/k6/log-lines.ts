/** k6's log lines (`--log-format=json`) into lakh's logger, and the script's exceptions counted on the way. */
import type { LogFields, Logger, LogLevel } from "../../../base/log.ts";
import type { ExceptionReport } from "../../../engine/index.ts";

const levels: Readonly<Record<string, LogLevel>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warning: "warning",
  error: "error",
  fatal: "error",
  panic: "error",
};

/** Different exceptions that are kept; their counts go on. */
const keptExceptions = 50;

export class K6Log {
  /** Iterations that threw. */
  failedIterations = 0;
  /** The last error that was logged, for a run that could not begin. */
  lastError: string | undefined;
  readonly #logger: Logger;
  readonly #exceptions = new Map<string, { message: string; stack: string; count: number }>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get exceptions(): readonly ExceptionReport[] {
    return [...this.#exceptions.values()];
  }

  readLine(line: string): void {
    if (line.trim() === "") return;
    const entry = parseEntry(line);
    if (entry === undefined) {
      this.#logger.log("info", line, { source: "k6" }); // a panic, a library's own output
      this.lastError = line;
      return;
    }
    const { level: name, msg, time: _, ...rest } = entry;
    const level = levels[name ?? ""] ?? "info";
    if (entry["source"] === "stacktrace" && entry["scenario"] !== undefined) this.#count(msg ?? "");
    if (level === "error") this.lastError = msg;
    this.#logger.log(level, msg ?? "", toFields(rest));
  }

  #count(stack: string): void {
    this.failedIterations++;
    const message = stack.split("\n", 1)[0]!;
    const known = this.#exceptions.get(message);
    if (known !== undefined) known.count++;
    else if (this.#exceptions.size < keptExceptions)
      this.#exceptions.set(message, { message, stack, count: 1 });
  }
}

type Entry = Readonly<Record<string, unknown>> & { readonly level?: string; readonly msg?: string };

function parseEntry(line: string): Entry | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined; // not a log line; shown as it is
  }
}

function toFields(rest: Readonly<Record<string, unknown>>): LogFields {
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/**
 * A logger for a thread with thousands of VUs: the first lines of a kind go through, the rest are counted and told at
 * the end. k6 logs every failed request; at 400 requests/s against a dead target that hides everything else.
 */
import type { LogFields, Logger, LogLevel } from "../../base/log.ts";

/** Lines of one kind that go through. */
const linesPerKind = 10;

/** Kinds that are told apart; further ones are counted as one. */
const keptKinds = 100;

/** Lines that a script writes itself, or asks for, are never held back. */
const scriptSources: ReadonlySet<string> = new Set(["console", "http-debug"]);

export class ThrottledLogger implements Logger {
  readonly #target: Logger;
  readonly #held = new Map<
    string,
    { level: LogLevel; message: string; fields: LogFields; count: number }
  >();

  constructor(target: Logger) {
    this.#target = target;
  }

  log(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (scriptSources.has(fields["source"] ?? "") || !this.#isHeldBack(level, message, fields)) {
      this.#target.log(level, message, fields);
    }
  }

  /** Tells how many lines of each kind were held back. */
  flush(): void {
    for (const { level, message, fields, count } of this.#held.values()) {
      const more = count - linesPerKind;
      if (more > 0) this.#target.log(level, `${message} (${more} more like it)`, errorOf(fields));
    }
    this.#held.clear();
  }

  #isHeldBack(level: LogLevel, message: string, fields: LogFields): boolean {
    const kind = `${level} ${message} ${fields["error"] ?? ""}`;
    const key = this.#held.has(kind) || this.#held.size < keptKinds ? kind : level;
    const held = this.#held.get(key) ?? { level, message, fields, count: 0 };
    this.#held.set(key, held);
    held.count++;
    return held.count > linesPerKind;
  }
}

/** What the lines of a kind have in common. */
function errorOf(fields: LogFields): LogFields {
  return fields["error"] === undefined ? {} : { error: fields["error"] };
}

/**
 * The names a k6 script finds without importing them, as far as they need nothing but the VU:
 * console, timers, WebCrypto, text coding, GoError, and the VU's own Math (for randomSeed).
 * `open`, `require`, `__ENV`, `__VU` and `__ITER` belong to the engine.
 */
import type { LogFields, LogLevel } from "../base/log.ts";
import type { VuContext } from "./context.ts";
import { scriptGoError } from "./errors.ts";
import { inspect } from "./inspect.ts";
import { mathOf } from "./random.ts";
import { TextDecoder, TextEncoder } from "./text-coding.ts";
import { timersOf } from "./timers.ts";
import { createWebCrypto } from "./webcrypto/module.ts";

/** The global names, and what makes each for a VU. */
export const globalMakers: Readonly<Record<string, (vu: VuContext) => unknown>> = {
  console: createConsole,
  setTimeout: (vu) => timersOf(vu).setTimeout,
  clearTimeout: (vu) => timersOf(vu).clearTimeout,
  setInterval: (vu) => timersOf(vu).setInterval,
  clearInterval: (vu) => timersOf(vu).clearInterval,
  crypto: createWebCrypto,
  TextEncoder: () => TextEncoder,
  TextDecoder: () => TextDecoder,
  GoError: () => scriptGoError,
  Math: mathOf,
};

/** The console that k6 has: five levels, no format directives. */
interface ScriptConsole {
  debug(...values: unknown[]): void;
  error(...values: unknown[]): void;
  info(...values: unknown[]): void;
  log(...values: unknown[]): void;
  warn(...values: unknown[]): void;
}

const consoleFields: LogFields = { source: "console" };

function createConsole(vu: VuContext): ScriptConsole {
  // Closures, not methods: scripts pass them on (`items.forEach(console.log)`).
  const write = (level: LogLevel, values: readonly unknown[]): void =>
    vu.logger.log(level, values.map(inspect).join(" "), consoleFields);
  return {
    debug: (...values) => write("debug", values),
    error: (...values) => write("error", values),
    info: (...values) => write("info", values),
    log: (...values) => write("info", values),
    warn: (...values) => write("warning", values),
  };
}

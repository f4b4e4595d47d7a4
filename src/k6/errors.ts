/**
 * The errors of the k6 modules. What a script can catch is a `GoError`, as in k6 (an Error whose name is "GoError");
 * what is lakh's own to say (a module it does not have) is a `LakhError` with a code of the table below.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { VuContext } from "./context.ts";

/** Codes of errors that this folder throws. */
export const k6ErrorCodes = {
  K6_UNKNOWN_MODULE: "a script imports a module that k6 does not have",
  K6_MODULE_MISSING: "a script imports a module of k6 that lakh does not have yet",
  K6_FEATURE_MISSING: "a script uses a part of a k6 module that lakh does not have yet",
} as const;

/** What k6's own functions throw into a script: `instanceof Error`, named "GoError", with the error of Go in `value`. */
export class GoError extends Error {
  readonly value: GoErrorValue;

  constructor(message: string) {
    super(message);
    this.value = new GoErrorValue(message);
  }
}

/** The error of Go, as far as a script sees it. */
class GoErrorValue {
  readonly error: () => string;

  constructor(message: string) {
    this.error = () => message;
  }

  toString(): string {
    return this.error();
  }
}

/** The global `GoError` of scripts: as `Error`, it may be called without `new`; what it makes has no `value`. */
export const scriptGoError: object = Object.assign(
  function GoError(message?: string, options?: ErrorOptions): Error {
    const error = message === undefined ? new Error() : new Error(message, options);
    return Object.setPrototypeOf(error, GoError.prototype as object) as Error;
  },
  { prototype: GoError.prototype },
);

// Said, not derived: in the build's bundle two of this name lie side by side, and one of them is called otherwise.
Object.defineProperty(scriptGoError, "name", { value: "GoError", configurable: true });

for (const [name, value] of Object.entries({ name: "GoError", constructor: scriptGoError })) {
  Object.defineProperty(GoError.prototype, name, { value, writable: true, configurable: true });
}

/**
 * The error of a call that the script waited for. When such a call fails no code of the script is on the stack: `site` was made when
 * the call began, and its frames are the error's.
 */
export function goErrorAt(site: Error, message: string): GoError {
  const error = new GoError(message);
  const frames = site.stack?.split("\n").filter((line) => /^\s+at /u.test(line)) ?? [];
  error.stack = [`GoError: ${message}`, ...frames].join("\n");
  return error;
}

/** Throws k6's error for a call that only VU code may make. */
export function forbidInInit(vu: VuContext, message: string): void {
  if (vu.phase === "init") throw new GoError(message);
}

/** Throws k6's error for a call that only the init context may make. */
export function requireInit(vu: VuContext, message: string): void {
  if (vu.phase !== "init") throw new GoError(message);
}

/** The error for a part of k6 that is not built; `what` is a noun phrase such as "digest authentication". */
export function featureMissing(what: string): LakhError {
  return new LakhError("K6_FEATURE_MISSING", `lakh has no ${what} yet`, {
    hint: "run this script with --runner k6",
    exitCode: exitCodes.scriptException,
  });
}

/**
 * The sentinel that stands for a value still to come, and the error for a place that used it as if it had come.
 * The sentinel is compared by identity and nothing else: every operation on it throws, so a place that the lowering
 * missed is an error and never a wrong value.
 */
import { exitCodes, LakhError } from "../base/errors.ts";

const remedy =
  "move the blocking call out of the callback, lower everything with --lower=all, or run the script with --runner k6";

/** A blocking call stood where the script could not be made to wait for it. */
export class BlockingError extends LakhError {
  override readonly name = "BlockingError";

  /** @param blockedAt stack of the blocking call, when it is known: it becomes the error's own. */
  constructor(message: string, options: { cause?: unknown; blockedAt?: string | undefined } = {}) {
    super("SCRIPT_BLOCKING", message, {
      hint: remedy,
      exitCode: exitCodes.scriptException,
      cause: options.cause,
    });
    if (options.blockedAt !== undefined) {
      const frames = options.blockedAt.slice(options.blockedAt.indexOf("\n"));
      this.stack = `${this.name}: ${message}${frames}`;
    }
  }
}

const trapNames = [
  "apply",
  "construct",
  "defineProperty",
  "deleteProperty",
  "get",
  "getOwnPropertyDescriptor",
  "getPrototypeOf",
  "has",
  "isExtensible",
  "ownKeys",
  "preventExtensions",
  "set",
  "setPrototypeOf",
] as const satisfies readonly (keyof ProxyHandler<object>)[];

/** An object whose every use calls `onUse`, which must throw. */
export function createSentinel(onUse: () => never): object {
  const handler: ProxyHandler<object> = {};
  for (const name of trapNames) Reflect.set(handler, name, onUse);
  // A function as target, so that calling it and `new` reach the handler as well.
  return new Proxy(function waiting() {}, handler);
}

/** Calls functions of the script that may block, one after the other: a list of listeners of one event. */
import type { VuContext } from "./context.ts";

/** A function of the script. */
export type ScriptFunction = (...args: unknown[]) => unknown;

/**
 * Calls all of `callees`. Must be the last thing its caller does: what it gives may be the sentinel of a call that waits.
 * Throws, or later rejects, with what a callee throws; those after it are not called then.
 */
export function callAll(
  vu: VuContext,
  callees: readonly ScriptFunction[],
  args: readonly unknown[],
): void {
  if (callees.length === 0) return undefined;
  return new CallAll(vu, callees, args).run();
}

/** Its own continuation: when a callee blocks, `run` gives the sentinel it was given, and goes on from `onValue`. */
class CallAll {
  readonly #vu: VuContext;
  readonly #callees: readonly ScriptFunction[];
  readonly #args: readonly unknown[];
  #next = 0;
  #inLoop = false;
  #settled = false;

  constructor(vu: VuContext, callees: readonly ScriptFunction[], args: readonly unknown[]) {
    this.#vu = vu;
    // A listener may add listeners: those hear of the next event.
    this.#callees = callees.length > 1 ? [...callees] : callees;
    this.#args = args;
  }

  run(): void {
    const count = this.#callees.length;
    while (this.#next < count) {
      const callee = this.#callees[this.#next++]!;
      this.#settled = false;
      this.#inLoop = true;
      const outcome = this.#vu.call(() => callee(...this.#args), this);
      this.#inLoop = false;
      if (!this.#settled) return outcome;
    }
    return undefined;
  }

  // A promise that a listener returns is nobody's business: as in k6, only its rejection is seen, as an unhandled one.
  onValue(): void {
    this.#settled = true;
    return this.#inLoop ? undefined : this.run();
  }

  onError(error: unknown): never {
    throw error;
  }
}

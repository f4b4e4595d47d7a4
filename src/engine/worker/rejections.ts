/**
 * Promises that a script rejects and that nobody handles. Node says so without telling whose they are, once all promise callbacks have
 * run. While one VU alone runs (init code, setup, teardown) it is that VU's, and ends its function, as in k6; those of iterations are
 * logged and counted.
 */

/** What ends a function when a promise was rejected and not handled. */
export class UncaughtRejection extends Error {
  override readonly name = "UncaughtRejection";
  readonly reason: unknown;

  constructor(reason: unknown) {
    super("a promise was rejected and not handled");
    this.reason = reason;
  }
}

/** A VU as this needs it: false when it runs nothing that could be ended. */
export interface Rejectable {
  reject(error: UncaughtRejection): boolean;
}

export class RejectionWatch {
  #vu: Rejectable | undefined;
  #late: UncaughtRejection | undefined;
  #isEnded = false;

  /** Gives a rejection to the VU that runs alone; false when none does. */
  take(reason: unknown): boolean {
    if (this.#vu === undefined) return false;
    // The first is the function's end, others are only consequences.
    if (this.#isEnded) return true;
    this.#isEnded = true;
    const error = new UncaughtRejection(reason);
    if (!this.#vu.reject(error)) this.#late = error;
    return true;
  }

  /** Does `work`, in which `vu` runs alone. @throws UncaughtRejection when one came to light only after the function's end */
  async during<T>(vu: Rejectable, work: () => Promise<T>): Promise<T> {
    this.#vu = vu;
    this.#late = undefined;
    this.#isEnded = false;
    try {
      const result = await work();
      // Only now Node has seen what the last of the promises did.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#late !== undefined) throw this.#late as Error;
      return result;
    } finally {
      this.#vu = undefined;
    }
  }
}

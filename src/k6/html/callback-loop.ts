/**
 * Calls a function of the script once for each of some items, one after the other, where each call may block.
 * It is its own continuation: when a call blocks, `run` returns the sentinel, and goes on from `onValue`.
 */
import type { VuContext } from "../context.ts";

/** What is called, and what becomes of it. */
export interface LoopSteps<R> {
  readonly count: number;
  readonly call: (index: number) => unknown;
  readonly onResult?: (index: number, value: unknown) => void;
  /** Throws to end the loop; otherwise it goes on. */
  readonly onError: (error: unknown) => void;
  readonly result: () => R;
}

/** Runs the loop; the result, or the sentinel. */
export function runCallbackLoop<R>(vu: VuContext, steps: LoopSteps<R>): R {
  return new CallbackLoop(vu, steps).run();
}

class CallbackLoop<R> {
  readonly #vu: VuContext;
  readonly #steps: LoopSteps<R>;
  #next = 0;
  #inLoop = false;
  #settled = false;

  constructor(vu: VuContext, steps: LoopSteps<R>) {
    this.#vu = vu;
    this.#steps = steps;
  }

  run(): R {
    while (this.#next < this.#steps.count) {
      const index = this.#next++;
      this.#settled = false;
      this.#inLoop = true;
      const outcome = this.#vu.call<unknown, R>(() => this.#steps.call(index), this);
      this.#inLoop = false;
      if (!this.#settled) return outcome;
    }
    return this.#steps.result();
  }

  onValue(value: unknown): R {
    this.#steps.onResult?.(this.#next - 1, value);
    return this.#goOn();
  }

  onError(error: unknown): R {
    this.#steps.onError(error);
    return this.#goOn();
  }

  #goOn(): R {
    this.#settled = true;
    // Inside the loop the value is not looked at: the loop itself goes on.
    return this.#inLoop ? (undefined as R) : this.run();
  }
}

/**
 * The one register of a worker: a call that waits leaves its promise here, and the nearest lowered call takes it out in
 * the same stretch of synchronous code. Found full at any other time, it holds a leak.
 */
import { BlockingError, createSentinel } from "./runtime-blocking.ts";
import { Done, type Box, type Suspension } from "./runtime-state.ts";

/** The VU whose call is in the register, as far as the register needs to know it. */
export interface RegisterOwner {
  /** Set by the first leak: from then on each blocking call notes where it was made, so that the next leak has a line. */
  traces: boolean;
  readonly blockedAt: string | undefined;
  readonly blockedBy: string | undefined;
  endSegment(): void;
  /** Keeps a leak until the VU's next entry, or the end of the one at hand, reports it. */
  noteLeak(leak: BlockingError): void;
}

/** The one register of a worker, and whose promise is in it. */
export class Register implements Suspension {
  readonly sentinel: object = createSentinel(() => this.#onSentinelUsed());
  pending: Promise<Box> | undefined;
  owner: RegisterOwner | undefined;

  settle(promise: Promise<Box>): unknown {
    if (this.pending !== undefined) {
      silence(promise);
      throw this.leak();
    }
    this.pending = promise;
    return this.sentinel;
  }

  take(): Promise<Box> {
    const promise = this.pending;
    if (promise === undefined) throw staleError();
    this.pending = undefined;
    return promise;
  }

  box(value: unknown): Box {
    return new Done(value);
  }

  /** Empties the register of a promise that nobody took and says so. */
  leak(cause?: unknown): BlockingError {
    const { owner } = this;
    if (this.pending !== undefined) silence(this.pending);
    this.pending = undefined;
    const error = new BlockingError(
      `the script did not wait for ${describe(owner)}, because the code that called it cannot be made to wait`,
      { cause, blockedAt: owner?.blockedAt },
    );
    if (owner !== undefined) {
      owner.traces = true;
      // Nobody will end the segment of a call that nobody waits for.
      owner.endSegment();
    }
    return error;
  }

  #onSentinelUsed(): never {
    if (this.owner !== undefined) this.owner.traces = true;
    throw new BlockingError(
      `the result of ${describe(this.owner)} was used before it was there, by code that cannot be made to wait`,
    );
  }
}

export function describe(lane: RegisterOwner | undefined): string {
  return lane?.blockedBy === undefined ? "a blocking call" : `the blocking call ${lane.blockedBy}`;
}

function staleError(): BlockingError {
  return new BlockingError(
    "the result of an earlier blocking call was kept by code that did not wait for it (a cache or a property), and used again",
  );
}

export function silence(promise: Promise<unknown>): void {
  // Nobody will look at it any more; its rejection must not reach the handler of unhandled ones.
  promise.catch(() => undefined);
}

/**
 * k6's `rps`: one token bucket of burst 1 for all VUs of the worker. A call takes one token, redirects are free, and the
 * wait is in no metric. Tokens are handed out in call order: the n-th caller waits until its own due time.
 */
import type { VuContext } from "../context.ts";

/** Spaces requests out. */
export class RateLimiter {
  #nextDueMs = Number.NEGATIVE_INFINITY;

  /** Resolves when the caller may send; at once when its iteration is cut. */
  async take(vu: VuContext): Promise<void> {
    const nowMs = vu.clock.nowMs();
    const dueMs = Math.max(nowMs, this.#nextDueMs);
    this.#nextDueMs = dueMs + 1_000 / vu.options.rps;
    if (dueMs > nowMs) await vu.sleep(dueMs - nowMs);
  }
}

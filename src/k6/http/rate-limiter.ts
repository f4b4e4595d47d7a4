/**
 * k6's `rps`: one token bucket of burst 1 for all VUs of the worker. A call takes one token, redirects are free, and the
 * wait is in no metric. Tokens are handed out in call order: the n-th caller waits until its own due time.
 */
import type { VuContext } from "../context.ts";

/** Spaces requests out. */
export class RateLimiter {
  readonly #intervalMs: number;
  #nextDueMs = Number.NEGATIVE_INFINITY;

  /** @param ratePerSecond above 0 */
  constructor(ratePerSecond: number) {
    this.#intervalMs = 1_000 / ratePerSecond;
  }

  /** Resolves when the caller may send; at once when its iteration is cut. */
  async take(vu: VuContext): Promise<void> {
    const nowMs = vu.clock.nowMs();
    const dueMs = Math.max(nowMs, this.#nextDueMs);
    this.#nextDueMs = dueMs + this.#intervalMs;
    if (dueMs > nowMs) await vu.sleep(dueMs - nowMs);
  }
}

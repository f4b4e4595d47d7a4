/**
 * k6's `rps`: one token bucket of burst 1 for all VUs of the instance. A call takes one token, redirects are free, and the
 * wait is in no metric. Tokens are handed out in call order: the n-th caller waits until its own due time. The next due
 * time is Unix microseconds, because the threads that share it agree on nothing else.
 */
import type { VuContext } from "../context.ts";

/** Spaces requests out. */
export class RateLimiter {
  /** The due time of a worker that shares it with nobody. */
  readonly #own = new BigInt64Array(1);

  /** Resolves when the caller may send; at once when its iteration is cut. */
  async take(vu: VuContext): Promise<void> {
    const { rps, rateLimit: due = this.#own } = vu.options;
    const intervalUs = BigInt(Math.round(1_000_000 / rps));
    for (;;) {
      const nowUs = BigInt(Math.round(vu.clock.wallMs() * 1_000));
      const nextUs = Atomics.load(due, 0);
      const dueUs = nextUs > nowUs ? nextUs : nowUs;
      // Another thread may have taken it meanwhile.
      if (Atomics.compareExchange(due, 0, nextUs, dueUs + intervalUs) !== nextUs) continue;
      // oxlint-disable-next-line no-await-in-loop -- the loop ends here
      if (dueUs > nowUs) await vu.sleep(Number(dueUs - nowUs) / 1_000);
      return;
    }
  }
}

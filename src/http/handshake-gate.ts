/**
 * Bounds the TLS connections being set up at once. A handshake costs half a millisecond of CPU: hundreds at once
 * would delay the requests that run, and connect times would measure the queue of the generator.
 */

const maxInFlight = 64;

/** Hands out a bounded number of slots, first come, first served. */
export class HandshakeGate {
  #inFlight = 0;
  /** Waiting callbacks, in order; a cancelled one is skipped. */
  readonly #waiting = new Set<() => void>();

  /** Calls `onEnter` when a slot is free: now, or later. Each entry must be left exactly once. */
  enter(onEnter: () => void): void {
    if (this.#inFlight >= maxInFlight) {
      this.#waiting.add(onEnter);
      return;
    }
    this.#inFlight++;
    onEnter();
  }

  /** Gives a slot back; the next in line gets it. */
  leave(): void {
    this.#inFlight--;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    this.enter(next);
  }

  /** Leaves the line without having entered. */
  cancel(onEnter: () => void): void {
    this.#waiting.delete(onEnter);
  }
}

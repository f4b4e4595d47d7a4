/**
 * The timers that a VU's script has set and that have not fired. When the iteration that set them is cut, each says so,
 * the one that would have fired first before the others, as in k6.
 */
import type { Clock } from "../../base/clock.ts";

interface PlannedTimer {
  readonly dueMs: number;
  /** The function that set it was cut before it fired. */
  readonly onCut: (() => void) | undefined;
}

export class VuTimers {
  readonly #clock: Clock;
  readonly #planned = new Map<NodeJS.Timeout, PlannedTimer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(delayMs: number, fire: () => void, onCut: (() => void) | undefined): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#planned.delete(timer);
      fire();
    }, delayMs);
    this.#planned.set(timer, { dueMs: this.#clock.nowMs() + delayMs, onCut });
    return timer;
  }

  /** False when it has fired or was cut. */
  remove(timer: NodeJS.Timeout): boolean {
    clearTimeout(timer);
    return this.#planned.delete(timer);
  }

  cut(tells: boolean): void {
    if (this.#planned.size === 0) return;
    const cut = [...this.#planned.values()].sort((a, b) => a.dueMs - b.dueMs);
    for (const timer of this.#planned.keys()) clearTimeout(timer);
    this.#planned.clear();
    if (tells) for (const { onCut } of cut) onCut?.();
  }
}

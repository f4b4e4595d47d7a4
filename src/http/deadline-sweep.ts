/**
 * Time limits without a timer per request: one timer looks each 25 ms at what has been under way since the last time.
 * A limit is noticed at most one period late, never early. What is over leaves at the next look, so that a request
 * costs one push, and thousands of idle connections nothing.
 */

/** Something with time limits. */
export interface Sweepable {
  /** True while the sweep looks at it; the sweep's own. */
  isSwept: boolean;
  /** Acts on limits that have passed. @returns whether there are any left to come */
  checkDeadline(nowMs: number): boolean;
}

const periodMs = 25;

/** Looks at its members as long as there are any. */
export class DeadlineSweep {
  #members: Sweepable[] = [];
  readonly #nowMs: () => number;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;
  #skipped = false;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Looks at `member` from now on, until it has no limits left. */
  add(member: Sweepable): void {
    if (member.isSwept) return;
    member.isSwept = true;
    this.#members.push(member);
    if (this.#timer !== undefined) return;
    this.#lastMs = this.#nowMs();
    // Open sockets keep the process alive, not their time limits.
    this.#timer = setInterval(() => this.#sweep(), periodMs).unref();
  }

  #sweep(): void {
    const nowMs = this.#nowMs();
    const isLate = nowMs - this.#lastMs > 2 * periodMs;
    this.#lastMs = nowMs;
    // After a stall of this thread, answers that came in time still wait in the kernel: read them first, once.
    this.#skipped = isLate && !this.#skipped;
    if (this.#skipped) return;
    const members = this.#members;
    this.#members = []; // a limit that passes may start something else
    for (const member of members) {
      if (member.checkDeadline(nowMs)) this.#members.push(member);
      else member.isSwept = false;
    }
    if (this.#members.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

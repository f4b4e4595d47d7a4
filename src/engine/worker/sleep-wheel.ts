/**
 * What sleeps in a worker, on one timer: a ring with a slot for each millisecond. A sleep ends at most about a
 * millisecond late, if others do not keep the thread busy, and never early, by the clock that the run is measured with.
 * A Node timer a sleep would cost a microtask checkpoint each. (With 5,000 VUs, Node's timer lists showed as 10 % of a
 * worker's CPU profile, microtasks run from there included.)
 */
import type { Clock } from "../../base/clock.ts";
import type { Ready, ReadyQueue } from "../../base/ready-queue.ts";

/** Four seconds: longer sleeps stay in their slot for further rounds. */
const slotCount = 4_096;

/** In the place of a due time: taken out of the ring, and not awake yet. */
const waking = -1;

/** One who sleeps: reused for all sleeps of a VU, so that a sleep allocates nothing here. */
export abstract class Sleeper implements Ready {
  /** The millisecond at whose start the sleep is over; undefined when awake. */
  dueMs: number | undefined;
  next: Sleeper | undefined;
  previous: Sleeper | undefined;
  readySinceMs: number = NaN;

  /** The sleep is over. */
  abstract onWake(): void;

  onReady(): void {
    if (this.dueMs !== waking) return; // removed meanwhile
    this.dueMs = undefined;
    this.onWake();
  }
}

export class SleepWheel {
  readonly #clock: Clock;
  /** The sleeper of each slot that came last. */
  readonly #slots = Array.from<Sleeper | undefined>({ length: slotCount });
  #count = 0;
  readonly #ready: ReadyQueue;
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;
  /** Everything due before this millisecond is awake. */
  #cursorMs = 0;

  /** @param ready in whose turn those wake whose sleep is over */
  constructor(clock: Clock, ready: ReadyQueue) {
    this.#clock = clock;
    this.#ready = ready;
  }

  /** Wakes `sleeper`, which must be awake, in `delayMs`. */
  add(sleeper: Sleeper, delayMs: number): void {
    const nowMs = this.#clock.nowMs();
    if (this.#count === 0) this.#cursorMs = Math.floor(nowMs);
    const dueMs = Math.ceil(nowMs + delayMs);
    const slot = dueMs % slotCount;
    const first = this.#slots[slot];
    sleeper.dueMs = dueMs;
    sleeper.previous = undefined;
    sleeper.next = first;
    if (first !== undefined) first.previous = sleeper;
    this.#slots[slot] = sleeper;
    this.#count++;
    if (dueMs < this.#timerAtMs) this.#arm(dueMs, nowMs);
  }

  /** Lets `sleeper` sleep for ever; nothing when it is awake. */
  remove(sleeper: Sleeper): void {
    if (sleeper.dueMs === waking) sleeper.dueMs = undefined;
    if (sleeper.dueMs === undefined) return;
    this.#unlink(sleeper);
    if (this.#count === 0) this.#disarm();
  }

  #unlink(sleeper: Sleeper): void {
    const { previous, next } = sleeper;
    if (previous === undefined) this.#slots[sleeper.dueMs! % slotCount] = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    sleeper.dueMs = sleeper.next = sleeper.previous = undefined;
    this.#count--;
  }

  #arm(atMs: number, nowMs: number): void {
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(this.#onTimer, Math.max(1, Math.ceil(atMs - nowMs)));
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAtMs = Infinity;
  }

  readonly #onTimer = (): void => {
    this.#timerAtMs = Infinity;
    const nowMs = this.#clock.nowMs();
    const lastMs = Math.floor(nowMs);
    // After a stall of more than one round, each slot is looked at once.
    const firstMs = Math.max(this.#cursorMs, lastMs - slotCount + 1);
    this.#cursorMs = lastMs + 1;
    for (let ms = firstMs; ms <= lastMs; ms++) this.#takeDue(ms % slotCount, lastMs);
    if (this.#count > 0) this.#armNext();
  };

  /** Takes who is due out of a slot, in the order of going to sleep. */
  #takeDue(slot: number, lastMs: number): void {
    let sleeper = this.#slots[slot];
    if (sleeper === undefined) return;
    const taken: Sleeper[] = [];
    while (sleeper !== undefined) {
      const next: Sleeper | undefined = sleeper.next;
      if (sleeper.dueMs! <= lastMs) {
        sleeper.readySinceMs = sleeper.dueMs!;
        this.#unlink(sleeper);
        sleeper.dueMs = waking;
        taken.push(sleeper);
      }
      sleeper = next;
    }
    for (let at = taken.length - 1; at >= 0; at--) this.#ready.add(taken[at]!);
  }

  /** The timer for the first slot that holds somebody, even if its sleepers have rounds to go. */
  #armNext(): void {
    let ms = this.#cursorMs;
    while (this.#slots[ms % slotCount] === undefined) ms++;
    if (ms < this.#timerAtMs) this.#arm(ms, this.#clock.nowMs());
  }
}

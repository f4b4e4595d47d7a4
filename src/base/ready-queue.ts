/**
 * Those who can go on, each in its turn: an answer is there, a sleep is over. A portion of them goes on in each turn of
 * the event loop, and between two portions the sockets are read: so an answer gets the time stamp of its arrival, even
 * when those that came before it keep their scripts busy.
 */
import type { Clock } from "./clock.ts";
import { Fifo } from "./fifo.ts";

/** Who goes on; an object, since a closure for each answer would cost more. */
export interface Ready {
  /** Since when, on the clock of the queue. */
  readonly readySinceMs: number;
  onReady(): void;
}

/**
 * How many go on in a turn of the event loop. That is some tenths of a millisecond of script code; a turn costs some
 * microseconds.
 */
export const portionPerTurn = 16;
/** Of a long queue a quarter goes on: else those who start something new in each turn would keep it from ever ending. */
const leastShare = 4;

export class ReadyQueue {
  readonly #clock: Clock;
  readonly #onDelay: (delayMs: number) => void;
  readonly #members = new Fifo<Ready>();
  #isArmed = false;

  /** @param onDelay is told of each how long it was ready before it went on */
  constructor(clock: Clock, onDelay: (delayMs: number) => void = () => undefined) {
    this.#clock = clock;
    this.#onDelay = onDelay;
  }

  /** `member` goes on after those that were there before it, and never within this call. */
  add(member: Ready): void {
    this.#members.push(member);
    this.#arm();
  }

  /** Takes out those for whom `isMeant` is true: they go on only if the caller makes them. */
  take(isMeant: (member: Ready) => boolean): Ready[] {
    return this.#members.take(isMeant);
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(this.#onTurn);
  }

  readonly #onTurn = (): void => {
    this.#isArmed = false;
    const members = this.#members;
    const nowMs = this.#clock.nowMs();
    const most = Math.max(portionPerTurn, Math.ceil(members.size / leastShare));
    for (let count = Math.min(most, members.size); count > 0; count--) {
      const member = members.shift();
      if (member === undefined) return; // taken out meanwhile
      this.#onDelay(nowMs - member.readySinceMs);
      member.onReady();
    }
    if (members.size > 0) this.#arm();
  };
}

/**
 * Turns of the event loop. A VU that iterates without ever waiting for a timer or a socket must not starve the others:
 * between two of its iterations there is at least one turn. One that has waited has let a turn pass, and goes on at once.
 */

/** Who waits for a turn; an object, since thousands wait and a closure each would be held. */
export interface TurnTaker {
  onTurn(): void;
}

export class EventLoopTurns {
  /** Grows by one each turn in which somebody asked for it. */
  #current = 0;
  #isArmed = false;
  #waiting: TurnTaker[] = [];

  /** The number of this turn. */
  current(): number {
    if (!this.#isArmed) {
      this.#isArmed = true;
      setImmediate(this.#onTurn);
    }
    return this.#current;
  }

  /** Calls back in a later turn than `turn`: at once, when this is one. */
  after(turn: number, taker: TurnTaker): void {
    if (this.current() > turn) taker.onTurn();
    else this.#waiting.push(taker);
  }

  readonly #onTurn = (): void => {
    this.#isArmed = false;
    this.#current++;
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const taker of waiting) taker.onTurn();
  };
}

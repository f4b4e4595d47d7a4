/** A queue that is cheap at both ends: `Array.shift` moves all of a long array, and thousands of VUs queue here. */

/** How many places in front may be empty before they are given back. */
const emptyPlaces = 1_024;

export class Fifo<T extends object> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the one that came first; undefined when there is none. */
  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) this.#items.length = this.#head = 0;
    else if (this.#head > emptyPlaces && this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Takes those for whom `isMeant` is true, in their order. */
  take(isMeant: (item: T) => boolean): T[] {
    const taken: T[] = [];
    const left: T[] = [];
    for (let at = this.#head; at < this.#items.length; at++) {
      const item = this.#items[at]!;
      (isMeant(item) ? taken : left).push(item);
    }
    if (taken.length > 0) {
      this.#items = left;
      this.#head = 0;
    }
    return taken;
  }
}

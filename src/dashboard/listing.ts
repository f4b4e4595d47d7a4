/**
 * A table that grows and changes, told piecemeal: names once, rows when they have changed. Bounded: what comes after the
 * last place is counted and not kept.
 */
import type { Listed } from "../page/index.ts";

export class Listing<N, R extends readonly number[]> {
  readonly #limit: number;
  readonly #names: N[] = [];
  readonly #rows: R[] = [];
  /** Rows that have changed since the last {@link changes}. */
  readonly #changed = new Set<number>();
  #toldNames = 0;
  #toldMore = 0;
  #more = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A place for `name`: its id; undefined when there is none left. */
  add(name: N): number | undefined {
    if (this.#names.length >= this.#limit) {
      this.#more++;
      return undefined;
    }
    return this.#names.push(name) - 1;
  }

  /** `row` is what the line with this id says from now on. */
  set(id: number, row: R): void {
    const known = this.#rows[id];
    if (known !== undefined && isSame(known, row)) return;
    this.#rows[id] = row;
    this.#changed.add(id);
  }

  all(): Listed<N, R> {
    return { from: 0, names: this.#names, rows: this.#rows.filter(Boolean), more: this.#more };
  }

  /** What is new since the last call; undefined when nothing is. */
  changes(): Listed<N, R> | undefined {
    const isQuiet = this.#changed.size === 0 && this.#toldMore === this.#more;
    if (isQuiet && this.#toldNames === this.#names.length) return undefined;
    const told: Listed<N, R> = {
      from: this.#toldNames,
      names: this.#names.slice(this.#toldNames),
      rows: [...this.#changed].map((id) => this.#rows[id]!),
      more: this.#more,
    };
    this.#changed.clear();
    this.#toldNames = this.#names.length;
    this.#toldMore = this.#more;
    return told;
  }
}

function isSame(first: readonly number[], second: readonly number[]): boolean {
  return first.every((value, index) => value === second[index]);
}

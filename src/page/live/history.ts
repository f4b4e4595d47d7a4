/**
 * A time series of any length in bounded memory, which keeps its extremes: the latest rows as they came, older ones in
 * buckets that hold, column by column, the smallest and the largest value in the order in which they came. A chart of the
 * buckets has the same envelope as one of all rows.
 *
 * When there are too many buckets, neighbours are joined two by two, so each stands for twice as many rows as before:
 * rows kept <= recentLimit + 2 · bucketLimit, whatever was added. Column 0 is the time: it ascends, and of a bucket the
 * first and the last time are kept. Pure; the server and the page use the same.
 */
import type { Row } from "./feed.ts";

export interface HistoryLimits {
  /** Latest rows that are kept as they are. */
  readonly recentLimit: number;
  /** Buckets of older ones; at least 2. */
  readonly bucketLimit: number;
}

/** Twenty minutes as they were, and 1,200 rows of whatever was before. */
const defaultLimits: HistoryLimits = { recentLimit: 1_200, bucketLimit: 600 };

interface Bucket {
  /** How many rows it stands for. */
  count: number;
  /** One row, or two: of each column the two extremes, the earlier one in the first. */
  rows: readonly Row[];
}

export class History {
  readonly #limits: HistoryLimits;
  #recent: Row[] = [];
  #buckets: Bucket[] = [];
  /** Rows that a full bucket stands for. */
  #bucketSize = 1;

  constructor(limits: HistoryLimits = defaultLimits) {
    this.#limits = limits;
  }

  /** `row` comes after all others. */
  add(row: Row): void {
    this.#recent.push(row);
    if (this.#recent.length <= this.#limits.recentLimit) return;
    // A tenth at a time: moving one by one would shift the whole list each second.
    const leaving = Math.max(1, Math.floor(this.#limits.recentLimit / 10));
    for (const old of this.#recent.splice(0, leaving)) this.#put(old);
  }

  /** All that is kept, in order of time. */
  rows(): readonly Row[] {
    return [...this.#buckets.flatMap(({ rows }) => rows), ...this.#recent];
  }

  #put(row: Row): void {
    const last = this.#buckets.at(-1);
    if (last === undefined || last.count >= this.#bucketSize) {
      this.#buckets.push({ count: 1, rows: [row] });
    } else {
      last.count++;
      last.rows = extremesOf([...last.rows, row]);
    }
    if (this.#buckets.length > this.#limits.bucketLimit) this.#joinNeighbours();
  }

  #joinNeighbours(): void {
    const joined: Bucket[] = [];
    for (let index = 0; index < this.#buckets.length; index += 2) {
      const first = this.#buckets[index]!;
      const second = this.#buckets[index + 1];
      joined.push(second === undefined ? first : join(first, second));
    }
    this.#buckets = joined;
    this.#bucketSize *= 2;
  }
}

function join(first: Bucket, second: Bucket): Bucket {
  return {
    count: first.count + second.count,
    rows: extremesOf([...first.rows, ...second.rows]),
  };
}

/** Two rows with the extremes of each column, each before or after the other as they came. */
function extremesOf(rows: readonly Row[]): readonly Row[] {
  if (rows.length < 2) return rows;
  const early: (number | null)[] = [];
  const late: (number | null)[] = [];
  const width = rows[0]!.length;
  for (let column = 0; column < width; column++) {
    const [first, second] = extremesOfColumn(rows, column);
    early.push(first);
    late.push(second);
  }
  return [early, late];
}

function extremesOfColumn(
  rows: readonly Row[],
  column: number,
): readonly [number | null, number | null] {
  let [minAt, maxAt] = [-1, -1];
  for (let index = 0; index < rows.length; index++) {
    const value = rows[index]![column] ?? null;
    if (value === null) continue;
    if (minAt < 0 || value < rows[minAt]![column]!) minAt = index;
    if (maxAt < 0 || value > rows[maxAt]![column]!) maxAt = index;
  }
  if (minAt < 0) return [null, null];
  const valueAt = (index: number): number => rows[index]![column]!;
  return [valueAt(Math.min(minAt, maxAt)), valueAt(Math.max(minAt, maxAt))];
}

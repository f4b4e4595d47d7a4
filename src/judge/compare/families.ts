/**
 * Many rows, one promise: whatever their number, a difference where there is none is reported with at most the stated
 * probability.
 *
 * Where p-values can get small, Holm's steps do that. Those of an exact test on few runs cannot: of 3 against 3 runs none
 * is below 1/20, and no step of Holm's for two rows or more would ever be met. There the rows are tested together
 * (Westfall, Young 1993, step-down max-T): the runs are dealt anew to the two arms in every possible way, whole runs with
 * all their rows, and a row's p is the share of the ways in which the largest of the rows' statistics is as large as its
 * own was. That is exact as well, needs no assumption on how rows depend on each other, and reaches 1/20 with any number
 * of rows.
 */

import { labellings } from "./ranks.ts";

/** Holm's adjusted p-values (1979), in the order given. */
export function holm(probabilities: readonly number[]): number[] {
  const order = probabilities.map((_, index) => index);
  order.sort((one, other) => probabilities[one]! - probabilities[other]!);
  const adjusted = probabilities.map(() => 1);
  let largest = 0;
  for (const [step, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, probabilities[index]! * (order.length - step)));
    adjusted[index] = largest;
  }
  return adjusted;
}

/** The values of one row, run by run, so turned that more is worse. */
export interface FamilyRow {
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** Spread that is too small to count: a tiny shift of a row that hardly varies must not outshine the others. */
  readonly leastSpread: number;
}

/** Adjusted one-sided p-values of "the second arm is larger", in the order given. All rows must have the same runs. */
export function stepDownMaxT(rows: readonly FamilyRow[]): number[] {
  if (rows.length === 0) return [];
  const [m, n] = [rows[0]!.first.length, rows[0]!.second.length];
  const deals = dealings(m, n);
  const statistics = rows.map((row) => statisticsOf(row, deals));
  const observed = statistics.map((values) => values[0]!);
  const order = observed
    .map((_, row) => row)
    .sort((one, other) => observed[other]! - observed[one]!);
  // From the smallest statistic up: the largest of this row and those behind it, for each way of dealing.
  const largest = deals.map(() => -Infinity);
  const raw = rows.map(() => 1);
  for (const row of order.toReversed()) {
    let reached = 0;
    for (let deal = 0; deal < deals.length; deal++) {
      largest[deal] = Math.max(largest[deal]!, statistics[row]![deal]!);
      if (largest[deal]! >= observed[row]! - 1e-12) reached++;
    }
    raw[row] = reached / deals.length;
  }
  let before = 0;
  for (const row of order) before = raw[row] = Math.max(before, raw[row]!);
  return raw;
}

/**
 * For each way of dealing, the difference of the means over the spread within the arms. With values centred on their
 * common mean the squares within the arms are all squares less those of the two means, so one pass over the second arm
 * does.
 */
function statisticsOf(row: FamilyRow, deals: readonly Uint16Array[]): Float64Array {
  const [m, n] = [row.first.length, row.second.length];
  const all = [...row.first, ...row.second];
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const values = Float64Array.from(all, (value) => value - mean);
  const total = values.reduce((sum, value) => sum + value * value, 0);
  return Float64Array.from(deals, (second) => {
    let sum = 0;
    for (const index of second) sum += values[index]!;
    const squares = Math.max(0, total - (sum * sum) / m - (sum * sum) / n);
    const spread = Math.sqrt(squares / Math.max(1, m + n - 2));
    return (sum / n + sum / m) / (spread + row.leastSpread);
  });
}

/** More ways than this are sampled. */
const mostDealings = 20_000;

/** Which values are the second arm's, in every way or in many; the one that was observed comes first. */
function dealings(m: number, n: number): Uint16Array[] {
  const observed = Uint16Array.from({ length: n }, (_, index) => m + index);
  return labellings(m, n) > mostDealings ? sampled(observed, m + n) : enumerated(observed, m + n);
}

function enumerated(observed: Uint16Array, total: number): Uint16Array[] {
  const all: Uint16Array[] = [];
  const chosen: number[] = [];
  const choose = (from: number): void => {
    if (chosen.length === observed.length) {
      all.push(Uint16Array.from(chosen));
      return;
    }
    for (let index = from; index < total; index++) {
      chosen.push(index);
      choose(index + 1);
      chosen.pop();
    }
  };
  choose(0);
  // The last one chosen is that of the last values, which is how they were observed.
  return all.toReversed();
}

/** Fixed seed: the same records give the same answer. The observed one among them keeps the test exact. */
function sampled(observed: Uint16Array, total: number): Uint16Array[] {
  const all = [observed];
  const random = mulberry32(0x1a4b);
  const places = Uint16Array.from({ length: total }, (_, index) => index);
  while (all.length < mostDealings) {
    for (let index = 0; index < observed.length; index++) {
      const other = index + Math.floor(random() * (total - index));
      [places[index], places[other]] = [places[other]!, places[index]!];
    }
    all.push(places.slice(0, observed.length));
  }
  return all;
}

/** A small generator of numbers in [0, 1) (Mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

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
  const pooled = rows.map(({ first, second }) => [...first, ...second]);
  const deals = dealings(m, n);
  const statistics = rows.map(({ leastSpread }, row) =>
    deals.map((second) => statistic(pooled[row]!, second, leastSpread)),
  );
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

/** Difference of the means over the spread within the arms. */
function statistic(values: readonly number[], second: Uint8Array, leastSpread: number): number {
  const sums = [0, 0];
  const counts = [0, 0];
  for (const [index, value] of values.entries()) {
    sums[second[index]!]! += value;
    counts[second[index]!]!++;
  }
  const means = [sums[0]! / counts[0]!, sums[1]! / counts[1]!];
  let squares = 0;
  for (const [index, value] of values.entries()) squares += (value - means[second[index]!]!) ** 2;
  const spread = Math.sqrt(squares / Math.max(1, values.length - 2));
  return (means[1]! - means[0]!) / (spread + leastSpread);
}

/** More ways than this are sampled. */
const mostDealings = 20_000;

/** Which values are the second arm's (1), in every way or in many; the one that was observed comes first. */
function dealings(m: number, n: number): Uint8Array[] {
  const total = m + n;
  const observed = Uint8Array.from({ length: total }, (_, index) => (index < m ? 0 : 1));
  let ways = 1;
  for (let k = 1; k <= n; k++) ways = (ways * (m + k)) / k;
  return ways > mostDealings + 0.5 ? sampled(observed) : enumerated(observed, n);
}

function enumerated(observed: Uint8Array, n: number): Uint8Array[] {
  const all = [observed];
  const chosen = observed.slice().fill(0);
  const choose = (from: number, left: number): void => {
    if (left === 0) {
      if (chosen.some((arm, index) => arm !== observed[index])) all.push(chosen.slice());
      return;
    }
    for (let index = from; index <= chosen.length - left; index++) {
      chosen[index] = 1;
      choose(index + 1, left - 1);
      chosen[index] = 0;
    }
  };
  choose(0, n);
  return all;
}

/** Fixed seed: the same records give the same answer. The observed one among them keeps the test exact. */
function sampled(observed: Uint8Array): Uint8Array[] {
  const all = [observed];
  const random = mulberry32(0x1a4b);
  while (all.length < mostDealings) {
    const deal = observed.slice();
    for (let index = deal.length - 1; index > 0; index--) {
      const other = Math.floor(random() * (index + 1));
      [deal[index], deal[other]] = [deal[other]!, deal[index]!];
    }
    all.push(deal);
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

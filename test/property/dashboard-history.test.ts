/** The thinned history of a run: bounded, in order, and with every extreme of every column. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { History, type Row } from "../../src/page/index.ts";

const limits = fc.record({
  recentLimit: fc.integer({ min: 1, max: 40 }),
  bucketLimit: fc.integer({ min: 2, max: 30 }),
});
const value = fc.option(fc.integer({ min: -1_000, max: 1_000 }), { nil: null });
const values = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 600 });

function historyOf(
  given: { readonly recentLimit: number; readonly bucketLimit: number },
  rows: readonly Row[],
): readonly Row[] {
  const history = new History(given);
  for (const row of rows) history.add(row);
  return history.rows();
}

const toRows = (columns: readonly (readonly [number | null, number | null])[]): Row[] =>
  columns.map((pair, second) => [second * 1_000, ...pair]);

const column = (rows: readonly Row[], index: number): number[] =>
  rows.map((row) => row[index] ?? null).filter((each) => each !== null);

describe("History", () => {
  it("keeps no more rows than it says, however many are added", () => {
    fc.assert(
      fc.property(limits, values, (given, columns) => {
        const kept = historyOf(given, toRows(columns));
        assert.ok(kept.length <= given.recentLimit + 2 * given.bucketLimit);
      }),
    );
  });

  it("keeps the smallest and the largest value of every column, exactly", () => {
    fc.assert(
      fc.property(limits, values, (given, columns) => {
        const rows = toRows(columns);
        const kept = historyOf(given, rows);
        for (const index of [0, 1, 2]) {
          const [all, left] = [column(rows, index), column(kept, index)];
          assert.equal(Math.min(...left), Math.min(...all));
          assert.equal(Math.max(...left), Math.max(...all));
          assert.ok(
            left.every((each) => all.includes(each)),
            "only values that there were",
          );
        }
      }),
    );
  });

  it("keeps time in order, and the latest row as it is", () => {
    fc.assert(
      fc.property(limits, values, (given, columns) => {
        const rows = toRows(columns);
        const kept = historyOf(given, rows);
        const times = column(kept, 0);
        assert.deepEqual(
          times,
          times.toSorted((a, b) => a - b),
        );
        assert.deepEqual(kept.at(-1), rows.at(-1));
        assert.equal(times[0], 0);
      }),
    );
  });

  it("changes nothing of what is within the limit", () => {
    fc.assert(
      fc.property(values, (columns) => {
        const rows = toRows(columns);
        assert.deepEqual(historyOf({ recentLimit: 600, bucketLimit: 2 }, rows), rows);
      }),
    );
  });

  it("shows a single bad second of four hours", () => {
    const seconds = 4 * 3_600;
    const rows = Array.from(
      { length: seconds },
      (_, second): Row => [second * 1_000, second === 777 ? 9_999 : 10],
    );
    const history = new History();
    for (const row of rows) history.add(row);
    const kept = history.rows();
    assert.ok(kept.length <= 2_400, String(kept.length));
    const worst = kept.find((row) => row[1] === 9_999);
    assert.ok(worst !== undefined && Math.abs(worst[0]! - 777_000) <= 64_000);
  });
});

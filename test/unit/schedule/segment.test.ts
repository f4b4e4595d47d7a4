import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import type { Share } from "../../../src/schedule/index.ts";
import { createShare, wholeShare, wholeShareSpec } from "../../../src/schedule/index.ts";

function share(segment: string | null, sequence: string | null = null): Share {
  return createShare({ segment, sequence, part: null });
}

function owned(of: Share, count: number): number[] {
  return Array.from({ length: count }, (_, index) => of.globalIndex(index));
}

describe("stripes", () => {
  test("deals 1/2, 1/4, 1/4 as k6 does", () => {
    const sequence = "0,1/2,3/4,1";
    assert.deepEqual(owned(share("0:1/2", sequence), 4), [0, 2, 4, 6]);
    assert.deepEqual(owned(share("1/2:3/4", sequence), 3), [1, 5, 9]);
    assert.deepEqual(owned(share("3/4:1", sequence), 3), [3, 7, 11]);
  });

  test("scales by counting owned elements", () => {
    const sequence = "0,1/3,2/3,1";
    const scaled = (value: number): number[] =>
      ["0:1/3", "1/3:2/3", "2/3:1"].map((segment) => share(segment, sequence).scale(value));
    assert.deepEqual(scaled(10), [4, 3, 3]);
    assert.deepEqual(scaled(2), [1, 1, 0]);
    assert.deepEqual(scaled(0), [0, 0, 0]);
  });

  test("fills the gaps around a segment that has no sequence", () => {
    const middle = share("1/4:1/2");
    assert.equal(middle.length, 0.25);
    assert.equal(middle.scale(4), 1);
    assert.equal(middle.isWhole, false);
  });

  test("owns everything when nothing is cut", () => {
    for (const whole of [createShare(wholeShareSpec), share("0:1"), share("100%", "0,1")]) {
      assert.equal(whole.isWhole, true);
      assert.equal(whole.scale(7), 7);
      assert.equal(whole.globalIndex(7), 7);
    }
  });

  test("reads percentages, decimals and fractions as the same exact share", () => {
    for (const text of ["20%", "0.2", "1/5", "2/10", ".2", "0:20%"]) {
      assert.deepEqual(owned(share(text), 3), owned(share("1/5"), 3), text);
    }
  });

  test("deals iterations in proportion to the VUs each instance has", () => {
    const sequence = "0,1/2,1";
    const [first, second] = [share("0:1/2", sequence), share("1/2:1", sequence)];
    assert.equal(first.forTotal(3)?.scale(300), 200);
    assert.equal(second.forTotal(3)?.scale(300), 100);
    assert.equal(second.forTotal(1), undefined);
    assert.equal(first.forTotal(4), first);
  });

  test("cuts an instance into equal parts that deal its own elements in turn", () => {
    const part = (index: number): Share =>
      createShare({ segment: "0:1/2", sequence: "0,1/2,3/4,1", part: { index, count: 2 } });
    assert.deepEqual(owned(part(0), 3), [0, 4, 8]);
    assert.deepEqual(owned(part(1), 3), [2, 6, 10]);
    assert.deepEqual([part(0).scale(5), part(1).scale(5)], [2, 1]);
    assert.equal(part(0).length, 0.25);
  });
});

describe("errors", () => {
  const cases: readonly [string, string | null, string, number][] = [
    ["2:1", null, "segment start(2.00) must be less than its end(1.00)", 255],
    ["2", null, "segment end value can't be more than 1 but was 2.00", 255],
    ["-1/2:1/2", null, "segment start value must be at least 0 but was -0.50", 255],
    ["x", null, "'x' is not a valid percentage, decimal, fraction or interval value", 255],
    ["0:y", null, "'y' is not a valid percentage, decimal, fraction or interval value", 255],
    ["1/0", null, "'1/0' is not a valid percentage, decimal, fraction or interval value", 255],
    ["0:1:2", null, "'0:1:2' is not a valid percentage, decimal, fraction or interval value", 255],
    ["1/2", "0,1/3,1", "provided segment 0:1/2 can't be found in sequence 0,1/3,1", 104],
    ["1/2", "0,q,1", "'q' is not a valid percentage, decimal, fraction or interval value", 255],
    ["1/2", "1", "at least 2 points are needed for an execution segment sequence, 1 given", 255],
  ];
  for (const [segment, sequence, message, exitCode] of cases) {
    test(`refuses segment ${segment} of ${sequence ?? "no sequence"}`, () => {
      assert.throws(
        () => share(segment, sequence),
        (error: unknown) =>
          error instanceof LakhError &&
          error.message === message &&
          error.exitCode === exitCode &&
          error.hint !== undefined,
      );
    });
  }

  test("refuses cuts that repeat only after billions of elements", () => {
    assert.throws(() => share("33.33333333333%"), { code: "SCHEDULE_SEGMENT_TOO_FINE" });
  });
});

test("the whole share answers every question with the whole", () => {
  assert.equal(wholeShare.forTotal(3), wholeShare);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IntervalRecord } from "../../../src/record/index.ts";
import { Brake } from "../../../src/run/brake.ts";
import { healthyInterval } from "../../support/record.ts";

const latency = [
  { share: 0.95, limitMs: 300 },
  { share: 0.99, limitMs: 500 },
];

/** The second at which the brake was pulled, and why. */
function drive(
  seconds: number,
  change: (second: number) => Partial<IntervalRecord>,
): { second: number; reason: string; hasCollapsed: boolean } | undefined {
  const brake = new Brake({ latency });
  for (let second = 1; second <= seconds; second++) {
    const interval = healthyInterval({ atMs: second * 1_000, requests: 100, ...change(second) });
    const reason = brake.look({ interval });
    if (reason !== undefined) return { second, reason, hasCollapsed: brake.hasCollapsed };
  }
  return undefined;
}

describe("brake", () => {
  it("is not pulled on a healthy target, nor on one that is a little over its limits", () => {
    assert.equal(
      drive(60, () => ({})),
      undefined,
    );
    assert.equal(
      drive(60, () => ({ slowRequests: [30, 20], failedRequests: 30 })),
      undefined,
    );
  });

  it("is pulled after five seconds in which more than half of the requests fail", () => {
    const pulled = drive(60, (second) => ({ failedRequests: second > 10 ? 90 : 0 }));
    // 5 s with 270 of 500: three bad seconds are enough for more than half.
    assert.equal(pulled?.second, 13);
    assert.match(pulled!.reason, /collapsed: 54 % of the requests failed in the last 5 s/u);
    assert.equal(pulled!.hasCollapsed, true);
  });

  it("is pulled when nothing is answered though load is sent, and not when none is", () => {
    const silent = drive(60, (second) => ({ requests: second > 3 ? 0 : 100 }));
    assert.equal(silent?.second, 8);
    assert.match(silent!.reason, /answered nothing/u);
    const idle = { requests: 0, iterationsStarted: 0 };
    assert.equal(
      drive(60, () => idle),
      undefined,
    );
  });

  it("is pulled when the median takes ten times the largest limit", () => {
    const frozen = drive(60, () => ({ p50Ms: 5_100, slowRequests: [0, 0] }));
    assert.equal(frozen?.second, 5);
    assert.match(frozen!.reason, /more than 5s/u);
    assert.equal(
      drive(60, (second) => ({ p50Ms: second % 5 === 0 ? 20 : 5_100 })),
      undefined,
    );
  });

  it("ends an overload that is beyond doubt, which is no collapse", () => {
    const pulled = drive(60, () => ({ slowRequests: [80, 10] }));
    assert.deepEqual([pulled?.second, pulled?.hasCollapsed], [10, false]);
    assert.match(pulled!.reason, /80 % of the requests of the last 10 s were slower than 300ms/u);
  });

  it("needs requests: a few of them say too little", () => {
    assert.equal(
      drive(60, () => ({ requests: 4, failedRequests: 4, slowRequests: [4, 4] })),
      undefined,
    );
  });
});

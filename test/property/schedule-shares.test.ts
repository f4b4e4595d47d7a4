import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Share, ShareSpec } from "../../src/schedule/index.ts";
import {
  createArrivals,
  createShare,
  parseScenario,
  toLoop,
  vuSteps,
  wholeShare,
} from "../../src/schedule/index.ts";
import type { ScenarioPlan } from "../../src/schedule/index.ts";

/** All shares of a random sequence, each cut into a random number of parts. */
const partitions: fc.Arbitrary<Share[]> = fc
  .record({
    lengths: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
    parts: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ lengths, parts }) => specsOf(lengths, parts).map(createShare));

function specsOf(lengths: readonly number[], parts: number): ShareSpec[] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let reached = 0;
  const points = ["0", ...lengths.map((length) => `${(reached += length)}/${total}`)];
  return lengths.flatMap((_, index) =>
    Array.from({ length: parts }, (__, part) => {
      const segment = `${points[index]}:${points[index + 1]}`;
      return { segment, sequence: points.join(","), part: { index: part, count: parts } };
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

test("scaled values of all shares sum to the whole, and never fall as the whole rises", () => {
  fc.assert(
    fc.property(partitions, fc.nat({ max: 5_000 }), (shares, value) => {
      assert.equal(sum(shares.map((share) => share.scale(value))), value);
      for (const share of shares) assert.ok(share.scale(value + 1) - share.scale(value) <= 1);
    }),
    { numRuns: 200 },
  );
});

test("every element belongs to exactly one share, in rising order", () => {
  fc.assert(
    fc.property(partitions, fc.nat({ max: 400 }), (shares, count) => {
      const all = shares.flatMap((share) =>
        Array.from({ length: share.scale(count) }, (_, index) => share.globalIndex(index)),
      );
      assert.deepEqual(
        all.sort((a, b) => a - b),
        Array.from({ length: count }, (_, index) => index),
      );
    }),
    { numRuns: 200 },
  );
});

test("re-dealing for a number of VUs loses and doubles nothing", () => {
  fc.assert(
    fc.property(
      partitions,
      fc.integer({ min: 1, max: 60 }),
      fc.nat({ max: 500 }),
      (shares, vus, iterations) => {
        const owners = shares.flatMap((share) => share.forTotal(vus) ?? []);
        assert.equal(sum(owners.map((owner) => owner.scale(iterations))), iterations);
        for (const share of shares) {
          assert.equal(share.forTotal(vus) === undefined, share.scale(vus) === 0);
          assert.equal(share.forTotal(vus)?.scale(vus) ?? 0, share.scale(vus));
        }
      },
    ),
    { numRuns: 200 },
  );
});

const stages = fc.array(
  fc.record({
    duration: fc.integer({ min: 0, max: 20_000 }),
    target: fc.integer({ min: 0, max: 40 }),
  }),
  { minLength: 1, maxLength: 5 },
);

const openScenarios: fc.Arbitrary<ScenarioPlan> = fc.oneof(
  fc
    .record({
      rate: fc.integer({ min: 1, max: 300 }),
      timeUnit: fc.integer({ min: 1, max: 5_000 }),
      duration: fc.integer({ min: 1_000, max: 3_000 }),
      preAllocatedVUs: fc.integer({ min: 1, max: 30 }),
    })
    .filter(({ rate, timeUnit }) => rate / timeUnit < 0.5)
    .map((raw) => parseScenario("s", { executor: "constant-arrival-rate", ...raw })),
  fc
    .record({
      startRate: fc.integer({ min: 0, max: 40 }),
      stages,
      preAllocatedVUs: fc.integer({ min: 1, max: 30 }),
    })
    .map((raw) => parseScenario("s", { executor: "ramping-arrival-rate", ...raw })),
);

test("due times never fall, stay inside the schedule and agree with countBy", () => {
  fc.assert(
    fc.property(openScenarios, partitions, (plan, shares) => {
      assert.ok("maxVus" in plan);
      for (const share of shares) {
        const arrivals = createArrivals(plan, share);
        let lastMs = 0;
        for (let n = 0; n < arrivals.total; n++) {
          const dueMs = arrivals.dueAtMs(n)!;
          assert.ok(dueMs >= lastMs && dueMs <= arrivals.durationMs);
          assert.ok(arrivals.countBy(dueMs) >= n + 1);
          lastMs = dueMs;
        }
        assert.equal(arrivals.dueAtMs(arrivals.total), undefined);
        assert.equal(arrivals.countBy(arrivals.durationMs), arrivals.total);
      }
    }),
    { numRuns: 60 },
  );
});

test("the integral of a ramping rate reaches n + 1 where its n-th iteration is due", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), stages, (startRate, list) => {
      const plan = parseScenario("s", {
        executor: "ramping-arrival-rate",
        startRate,
        stages: list,
        preAllocatedVUs: 1,
      });
      assert.ok(plan.executor === "ramping-arrival-rate");
      const arrivals = createArrivals(plan, wholeShare);
      for (let n = 0; n < arrivals.total; n++) {
        const reached = integrate(startRate, list, arrivals.dueAtMs(n)!);
        assert.ok(Math.abs(reached - (n + 1)) < 1e-6, `${n}: ${reached}`);
      }
      assert.equal(
        arrivals.total,
        Math.floor(integrate(startRate, list, arrivals.durationMs) + 1e-9),
      );
    }),
    { numRuns: 100 },
  );
});

/** Iterations that fall due by `untilMs`, by trapezoids, for rates per second. */
function integrate(
  startRate: number,
  list: readonly { duration: number; target: number }[],
  untilMs: number,
): number {
  let area = 0;
  let startMs = 0;
  let from = startRate;
  for (const { duration, target } of list) {
    const spanMs = Math.min(duration, Math.max(0, untilMs - startMs));
    const rateAtEnd = duration === 0 ? target : from + ((target - from) * spanMs) / duration;
    area += (spanMs * (from + rateAtEnd)) / 2_000;
    startMs += duration;
    from = target;
  }
  return area;
}

test("all shares together start what the whole test starts, at the same moments", () => {
  fc.assert(
    fc.property(openScenarios, partitions, (plan, shares) => {
      assert.ok("maxVus" in plan);
      const due = (share: Share): [number, number][] => {
        const arrivals = createArrivals(plan, share);
        return Array.from({ length: arrivals.total }, (_, n) => [
          arrivals.globalIndex(n),
          arrivals.dueAtMs(n)!,
        ]);
      };
      const whole = due(wholeShare);
      assert.deepEqual(
        shares.flatMap(due).sort((a, b) => a[0] - b[0]),
        whole,
      );
    }),
    { numRuns: 60 },
  );
});

test("the VU steps of all shares add up to those of the whole test", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), stages, partitions, (startVUs, list, shares) => {
      const plan = parseScenario("s", { executor: "ramping-vus", startVUs, stages: list });
      assert.ok(plan.executor === "ramping-vus");
      const at = (share: Share, atMs: number): number =>
        vuSteps(plan, share).findLast((step) => step.atMs <= atMs)!.vus;
      const whole = wholeShare;
      for (const { atMs } of vuSteps(plan, whole)) {
        assert.equal(sum(shares.map((share) => at(share, atMs))), at(whole, atMs));
      }
    }),
    { numRuns: 60 },
  );
});

test("the loops of all shares have the VUs of the whole", () => {
  fc.assert(
    fc.property(openScenarios, partitions, (plan, shares) => {
      assert.ok("maxVus" in plan);
      const loops = shares.map((share) => toLoop(plan, share));
      const hasWork = loops.some((loop) => loop !== undefined);
      if (!hasWork) return;
      const total = sum(loops.map((loop) => (loop?.kind === "open" ? loop.arrivals.total : 0)));
      assert.equal(total, createArrivals(plan, wholeShare).total);
    }),
    { numRuns: 60 },
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { computeDemand, computeWorkload, dauFor } from "../../src/plan/index.ts";

const share = fc.double({ min: 0.001, max: 1, noNaN: true });
const demands = fc.record({
  dau: fc.integer({ min: 1, max: 1_000_000_000 }),
  requestsPerUserPerDay: fc.double({ min: 0.1, max: 10_000, noNaN: true }),
  peakWindowHours: fc.double({ min: 0.01, max: 24, noNaN: true }),
  peakWindowShare: share,
  peakToAverage: fc.double({ min: 1, max: 20, noNaN: true }),
  concurrencyShare: share,
  growth: fc.double({ min: 0.1, max: 10, noNaN: true }),
});

function isNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual / expected - 1) <= tolerance, `${actual} is not near ${expected}`);
}

test("users to rate and back gives the users", () => {
  fc.assert(
    fc.property(demands, ({ dau, ...rest }) => {
      isNear(dauFor(computeDemand({ dau, ...rest }).ratePerSecond, rest), dau, 1e-9);
    }),
    { numRuns: 300 },
  );
});

test("load rises in proportion to users, and users, rate and pace agree", () => {
  fc.assert(
    fc.property(demands, (input) => {
      const demand = computeDemand(input);
      isNear(
        computeDemand({ ...input, dau: input.dau * 2 }).ratePerSecond,
        demand.ratePerSecond * 2,
        1e-9,
      );
      isNear(demand.peakUsers / demand.secondsPerRequest, demand.ratePerSecond, 1e-9);
      assert.equal(demand.steps.filter(({ value }) => !Number.isFinite(value)).length, 0);
    }),
    { numRuns: 300 },
  );
});

test("every form offers the demand's rate", () => {
  const profiles = fc.record({
    requestsPerIteration: fc.integer({ min: 1, max: 100 }),
    iterationDurationMs: fc.double({ min: 1, max: 100_000, noNaN: true }),
    isMeasured: fc.boolean(),
  });
  fc.assert(
    fc.property(demands, profiles, (input, profile) => {
      const demand = computeDemand(input);
      const { open, openMinimal, pacingMs } = computeWorkload(demand, profile);
      const offered = (open.rate * profile.requestsPerIteration * 1_000) / open.timeUnitMs;
      isNear(offered, demand.ratePerSecond, 0.000_51);
      isNear(
        (open.preAllocatedVus * profile.requestsPerIteration * 1_000) / pacingMs,
        demand.ratePerSecond,
        1e-9,
      );
      const busy =
        (demand.ratePerSecond / profile.requestsPerIteration) *
        (profile.iterationDurationMs / 1_000);
      assert.ok(openMinimal.preAllocatedVus >= busy);
    }),
    { numRuns: 300 },
  );
});

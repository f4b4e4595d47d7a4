import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  computeDemand,
  computeWorkload,
  type JourneyProfile,
  journeySteps,
  meanIteration,
  splitByJourney,
  type OpenForm,
} from "../../../src/plan/index.ts";

const journey = (name: string, weight: number, requestsPerIteration: number): JourneyProfile => ({
  name,
  exec: name,
  weight,
  requestsPerIteration,
  iterationDurationMs: requestsPerIteration * 500,
});

const demand = computeDemand({ dau: 100_000, peakToAverage: 1.8 });

function load(journeys: readonly JourneyProfile[]): ReturnType<typeof splitByJourney> {
  const workload = computeWorkload(demand, { ...meanIteration(journeys), isMeasured: true });
  return splitByJourney(workload, journeys);
}

const perSecond = ({ rate, timeUnitMs }: OpenForm): number => (rate * 1_000) / timeUnitMs;

describe("a load of several journeys", () => {
  const journeys = [journey("browse", 9, 3), journey("buy", 1, 13)];
  // The mean iteration has 0.9 * 3 + 0.1 * 13 = 4 requests: 500 requests/s are 125 iterations a second.
  const loads = load(journeys);

  it("takes weights as shares of the iterations", () => {
    assert.deepEqual(
      loads.map(({ name, share, open }) => [name, share, perSecond(open)]),
      [
        ["browse", 0.9, 112.5],
        ["buy", 0.1, 12.5],
      ],
    );
  });

  it("sends the demand's requests in all", () => {
    assert.deepEqual(
      loads.map(({ ratePerSecond }) => ratePerSecond),
      [337.5, 162.5],
    );
    assert.deepEqual(
      journeySteps(loads).map(({ quantity, value }) => [quantity, value]),
      [
        ["journey browse", 337.5],
        ["journey buy", 162.5],
      ],
    );
  });

  it("gives every journey its part of the users, so that each user has the same pacing", () => {
    assert.deepEqual(
      loads.map(({ open }) => open.preAllocatedVus),
      [4_500, 500],
    );
    for (const { open } of loads) assert.equal(open.preAllocatedVus / perSecond(open), 40);
  });

  it("needs VUs at least as each journey's iterations last", () => {
    // 112.5/s * 1.5 s * 1.2 and 12.5/s * 6.5 s * 1.2
    assert.deepEqual(
      loads.map(({ openMinimal }) => openMinimal.preAllocatedVus),
      [203, 98],
    );
  });
});

it("whatever the weights: all users, all requests, within the rounding of rates", () => {
  const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
  const arbitrary = fc.array(
    fc.record({ weight: positive, requests: fc.integer({ min: 1, max: 50 }) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(arbitrary, (parts) => {
      const loads = load(
        parts.map(({ weight, requests }, index) => journey(`j${index}`, weight, requests)),
      );
      const requests = loads.reduce(
        (sum, { open }, index) => sum + perSecond(open) * parts[index]!.requests,
        0,
      );
      assert.ok(Math.abs(requests / 500 - 1) <= 0.000_6, `${requests} requests/s`);
      const users = loads.reduce((sum, { open }) => sum + open.preAllocatedVus, 0);
      // A journey without a whole user gets one all the same.
      assert.ok(users >= 5_000 && users <= 5_000 + parts.length, `${users} users`);
      for (const { open } of loads) assert.ok(open.preAllocatedVus >= 1);
    }),
  );
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  createArrivals,
  createShare,
  parseScenario,
  plannedAt,
  type ScenarioPlan,
  vuSteps,
  wholeShare,
} from "../../../src/schedule/index.ts";

const scenario = (raw: Record<string, unknown>, name = "s"): ScenarioPlan =>
  parseScenario(name, raw);

const stagesOf = fc.array(
  fc.record({ seconds: fc.integer({ min: 0, max: 60 }), target: fc.integer({ min: 0, max: 40 }) }),
  { minLength: 1, maxLength: 5 },
);

const toStages = (
  stages: readonly { seconds: number; target: number }[],
): { duration: string; target: number }[] =>
  stages.map(({ seconds, target }) => ({ duration: `${seconds}s`, target }));

describe("plannedAt", () => {
  it("tells the rate of scenarios that start iterations by the clock, while they last", () => {
    const plans = [
      scenario({
        executor: "constant-arrival-rate",
        rate: 120,
        timeUnit: "1m",
        duration: "10s",
        preAllocatedVUs: 5,
      }),
      scenario({ executor: "constant-vus", vus: 3, duration: "20s", startTime: "5s" }, "t"),
    ];
    assert.deepEqual(plannedAt(plans, wholeShare, 0), { iterationsPerSecond: 2, vus: 5 });
    assert.deepEqual(plannedAt(plans, wholeShare, 5_000), { iterationsPerSecond: 2, vus: 8 });
    assert.deepEqual(plannedAt(plans, wholeShare, 10_000), { iterationsPerSecond: 0, vus: 3 });
    assert.deepEqual(plannedAt(plans.slice(1), wholeShare, 0), {
      iterationsPerSecond: undefined,
      vus: 0,
    });
  });

  it("gives an instance its part", () => {
    const plan = scenario({
      executor: "constant-arrival-rate",
      rate: 100,
      duration: "10s",
      preAllocatedVUs: 8,
    });
    const share = createShare({ segment: "1/4:1/2", sequence: null, part: null });
    assert.deepEqual(plannedAt([plan], share, 1_000), { iterationsPerSecond: 25, vus: 2 });
  });

  it("follows the schedule of ramping VUs at every moment", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        stagesOf,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (startVUs, stages, at) => {
          const plan = scenario({ executor: "ramping-vus", startVUs, stages: toStages(stages) });
          if (plan.executor !== "ramping-vus") return;
          const totalMs = stages.reduce((sum, { seconds }) => sum + seconds * 1_000, 0);
          // A little beside the steps, which rounding may put on either side.
          const atMs = Math.floor(at * totalMs) + 0.5;
          if (atMs >= totalMs) return;
          const steps = vuSteps(plan, wholeShare);
          const expected = steps.findLast((step) => step.atMs <= atMs)!.vus;
          const isAtStep = steps.some((step) => Math.abs(step.atMs - atMs) < 1e-6);
          if (!isAtStep) assert.equal(plannedAt([plan], wholeShare, atMs).vus, expected);
        },
      ),
    );
  });

  it("adds up to the iterations that are due", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), stagesOf, (startRate, stages) => {
        const plan = scenario({
          executor: "ramping-arrival-rate",
          startRate,
          stages: toStages(stages),
          preAllocatedVUs: 5,
        });
        if (plan.executor !== "ramping-arrival-rate") return;
        const totalMs = stages.reduce((sum, { seconds }) => sum + seconds * 1_000, 0);
        let sum = 0;
        // The line is straight within each of these: its middle is its mean.
        for (let ms = 50; ms < totalMs; ms += 100)
          sum += plannedAt([plan], wholeShare, ms).iterationsPerSecond! / 10;
        const { total } = createArrivals(plan, wholeShare);
        assert.ok(Math.abs(sum - total) <= 1 + 1e-6, `${sum} is not ${total}`);
      }),
    );
  });
});

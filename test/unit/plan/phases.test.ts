import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkPhases,
  compressPhase,
  computeDemand,
  guidePhases,
  phaseDemand,
  phaseTimes,
} from "../../../src/plan/index.ts";

const guide = { dau: 100_000 };

test("the guide's phases, to the letter", () => {
  assert.deepEqual(
    guidePhases.map(({ name, users, durationMs }) => [name, users, durationMs / 60_000]),
    [
      ["smoke", 50, 5],
      ["load", 500, 30],
      ["stress", 2_000, 30],
      ["peak", 5_000, 30],
      ["soak", 1_000, 240],
    ],
  );
});

test("a phase carries its users' share of the load", () => {
  const demand = computeDemand(phaseDemand(guide, 500));
  assert.equal(demand.peakUsers, 500);
  assert.ok(Math.abs(demand.ratePerSecond - 44.444) < 0.001);
  assert.equal(demand.dau, 10_000);
});

test("the share is right, too, where the users follow from their sessions", () => {
  const sessions = { ...guide, requestsPerSession: 20, sessionSeconds: 600 };
  const whole = computeDemand(sessions);
  const part = computeDemand(phaseDemand(sessions, whole.peakUsers / 4));
  assert.ok(Math.abs(part.peakUsers / whole.peakUsers - 0.25) < 1e-12);
  assert.ok(Math.abs(part.ratePerSecond / whole.ratePerSecond - 0.25) < 1e-12);
});

test("warm-up: a tenth of a phase, at most a minute, in whole seconds, unless it is stated", () => {
  const times = (durationMs: number, warmUpMs?: number): object =>
    phaseTimes({ name: "x", users: 1, durationMs, warmUpMs });
  assert.deepEqual(times(300_000), { warmUpMs: 30_000, steadyMs: 270_000 });
  assert.deepEqual(times(1_800_000), { warmUpMs: 60_000, steadyMs: 1_740_000 });
  assert.deepEqual(times(15_000), { warmUpMs: 2_000, steadyMs: 13_000 });
  assert.deepEqual(times(60_000, 20_000), { warmUpMs: 20_000, steadyMs: 40_000 });
});

test("a try-out divides the times and keeps five seconds", () => {
  assert.equal(compressPhase(guidePhases[1]!, 60).durationMs, 30_000);
  assert.equal(compressPhase(guidePhases[0]!, 600).durationMs, 5_000);
  const stated = { name: "x", users: 1, durationMs: 600_000, warmUpMs: 120_000 };
  assert.equal(compressPhase(stated, 60).warmUpMs, 2_000);
});

const refused: readonly (readonly [string, Parameters<typeof checkPhases>[0], RegExp])[] = [
  ["none", [], /at least one phase/u],
  ["a name twice", [guidePhases[0]!, guidePhases[0]!], /two phases are named "smoke"/u],
  ["half a user", [{ name: "x", users: 0.5, durationMs: 60_000 }], /whole number of users/u],
  [
    "nothing but warm-up",
    [{ name: "x", users: 1, durationMs: 60_000, warmUpMs: 60_000 }],
    /leaves nothing to judge/u,
  ],
];

for (const [what, phases, message] of refused) {
  test(`refuses phases: ${what}`, () => {
    assert.throws(() => checkPhases(phases), { code: "PLAN_PHASES_INVALID", message });
  });
}

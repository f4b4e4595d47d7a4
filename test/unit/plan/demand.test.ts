import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DemandInput } from "../../../src/plan/index.ts";
import { computeDemand, dauFor, defaultObjectives } from "../../../src/plan/index.ts";

/** Equal to three significant digits. */
function near(actual: number, expected: number): void {
  assert.equal(Number(actual.toPrecision(3)), Number(expected.toPrecision(3)));
}

test("the guide's 100,000 users: 277.8 on average, 444 at the peak, 5,000 at once, a request every 11.25 s", () => {
  const demand = computeDemand({ dau: 100_000 });
  near(demand.meanRatePerSecond, 277.8);
  near(demand.ratePerSecond, 444.4);
  assert.equal(demand.peakUsers, 5_000);
  near(demand.secondsPerRequest, 11.25);
});

test("the guide's 400 to 500 requests/s are the mean times 1.44 to 1.8", () => {
  near(computeDemand({ dau: 100_000, peakToAverage: 1.44 }).ratePerSecond, 400);
  near(computeDemand({ dau: 100_000, peakToAverage: 1.8 }).ratePerSecond, 500);
});

describe("consistent parameterisations", () => {
  const sessions = { requestsPerSession: 20, sessionSeconds: 600 };
  const rows: readonly [
    string,
    Omit<DemandInput, "dau">,
    { rate: number; users: number; pacingS: number },
  ][] = [
    ["P1 mean", { peakToAverage: 1, ...sessions }, { rate: 278, users: 8_333, pacingS: 120 }],
    ["P2 burst", { peakToAverage: 1.8, ...sessions }, { rate: 500, users: 15_000, pacingS: 120 }],
    ["P3 5,000 and 500", { peakToAverage: 1.8 }, { rate: 500, users: 5_000, pacingS: 40 }],
    ["P4 5,000 and 278", { peakToAverage: 1 }, { rate: 278, users: 5_000, pacingS: 72 }],
    [
      "P5 diurnal",
      { peakWindowHours: 1, peakWindowShare: 0.12, peakToAverage: 1.5, ...sessions },
      { rate: 200, users: 6_000, pacingS: 120 },
    ],
    [
      "P7 event",
      {
        requestsPerUserPerDay: 20,
        peakWindowHours: 1 / 6,
        peakWindowShare: 0.2,
        peakToAverage: 1,
        ...sessions,
      },
      { rate: 667, users: 20_000, pacingS: 120 },
    ],
  ];
  for (const [title, input, expected] of rows) {
    test(title, () => {
      const demand = computeDemand({ dau: 100_000, ...input });
      near(demand.ratePerSecond, expected.rate);
      near(demand.peakUsers, expected.users);
      near(demand.secondsPerRequest * 4, expected.pacingS);
    });
  }
});

test("says of every input whether it was given or assumed", () => {
  const { inputs, steps } = computeDemand({ dau: 50_000, growth: 2 });
  const given = inputs.filter((each) => each.isGiven).map(({ name }) => name);
  assert.deepEqual(given, ["dau", "growth"]);
  assert.equal(steps.find(({ quantity }) => quantity === "growth")?.formula, "given");
  assert.equal(steps.find(({ quantity }) => quantity === "peak over average")?.formula, "assumed");
  near(steps.find(({ quantity }) => quantity === "peak rate")!.value, 444.4);
});

test("does not list a share of concurrent users that the sessions decide", () => {
  const { inputs } = computeDemand({ dau: 1_000, requestsPerSession: 20, sessionSeconds: 600 });
  assert.ok(!inputs.some(({ name }) => name === "concurrencyShare"));
});

test("refuses sessions and a share that differ by more than a tenth, and takes them when they agree", () => {
  const sessions = { dau: 100_000, peakToAverage: 1, requestsPerSession: 20, sessionSeconds: 600 };
  assert.throws(() => computeDemand({ ...sessions, concurrencyShare: 0.05 }), {
    code: "PLAN_DEMAND_INCONSISTENT",
    exitCode: 104,
    message: "concurrencyShare gives 5,000 concurrent users, but the sessions give 8,333",
  });
  near(computeDemand({ ...sessions, concurrencyShare: 0.085 }).peakUsers, 8_333);
});

describe("sessions", () => {
  const base = { dau: 100_000, peakToAverage: 1 };

  test("and their requests give the requests per user and day", () => {
    const demand = computeDemand({ ...base, sessionsPerUserPerDay: 3, requestsPerSession: 20 });
    const perDay = demand.inputs.find(({ name }) => name === "requestsPerUserPerDay");
    assert.equal(perDay?.value, 60);
    assert.equal(perDay.isGiven, true);
    assert.equal(perDay.formula, "sessions per user and day * requests per session");
    near(demand.ratePerSecond, 416.7);
  });

  test("divide the requests of a day when only their number is known", () => {
    const demand = computeDemand({ ...base, sessionsPerUserPerDay: 4 });
    assert.equal(demand.sessions?.requestsPerSession, 10);
    near(demand.sessions.arrivalsPerSecond, 27.78);
  });

  test("that contradict the requests per user and day by more than a tenth are refused", () => {
    const sessions = { ...base, sessionsPerUserPerDay: 2, requestsPerSession: 20 };
    assert.throws(() => computeDemand({ ...sessions, requestsPerUserPerDay: 50 }), {
      code: "PLAN_DEMAND_INCONSISTENT",
      exitCode: 104,
      message: "requestsPerUserPerDay is 50, but sessionsPerUserPerDay * requestsPerSession is 40",
    });
    near(computeDemand({ ...sessions, requestsPerUserPerDay: 43 }).ratePerSecond, 298.6);
  });

  test("last as long as the concurrency says when nobody has timed them", () => {
    const { sessions } = computeDemand({
      dau: 100_000,
      peakToAverage: 1.8,
      requestsPerSession: 20,
    });
    assert.deepEqual(
      { ...sessions, sessionSeconds: Math.round(sessions!.sessionSeconds) },
      { arrivalsPerSecond: 25, requestsPerSession: 20, sessionSeconds: 200 },
    );
  });

  test("are unknown when nothing is said of them", () => {
    assert.equal(computeDemand(base).sessions, null);
  });
});

describe("the time between two requests of a user", () => {
  const base = { dau: 100_000, peakToAverage: 1.8 };

  test("gives the concurrent users by Little's law", () => {
    const demand = computeDemand({ ...base, thinkTimeSeconds: 30 });
    assert.equal(demand.peakUsers, 15_000);
    assert.equal(demand.secondsPerRequest, 30);
    assert.ok(!demand.inputs.some(({ name }) => name === "concurrencyShare"));
  });

  test("must agree with the share and with the sessions", () => {
    assert.throws(() => computeDemand({ ...base, thinkTimeSeconds: 30, concurrencyShare: 0.05 }), {
      code: "PLAN_DEMAND_INCONSISTENT",
      message: "concurrencyShare gives 5,000 concurrent users, but thinkTimeSeconds gives 15,000",
    });
    const sessions = { requestsPerSession: 20, sessionSeconds: 600 };
    assert.throws(() => computeDemand({ ...base, ...sessions, thinkTimeSeconds: 10 }), {
      code: "PLAN_DEMAND_INCONSISTENT",
      message: "thinkTimeSeconds gives 5,000 concurrent users, but the sessions give 15,000",
    });
    near(computeDemand({ ...base, ...sessions, thinkTimeSeconds: 29 }).peakUsers, 15_000);
  });
});

test("says where an input comes from", () => {
  const origins = { dau: "--dau", growth: "lakh.config.ts" };
  const { steps } = computeDemand({ dau: 1_000, growth: 2, peakToAverage: 1.2 }, origins);
  const formulaOf = (quantity: string): string | undefined =>
    steps.find((step) => step.quantity === quantity)?.formula;
  assert.equal(formulaOf("daily users"), "given (--dau)");
  assert.equal(formulaOf("growth"), "given (lakh.config.ts)");
  assert.equal(formulaOf("peak over average"), "given");
  assert.equal(formulaOf("peak window"), "assumed");
});

describe("inputs out of range", () => {
  const cases: readonly [DemandInput, RegExp][] = [
    [{ dau: 0 }, /^dau \(daily users\) must be more than 0 and at most 10000000000, but is 0$/u],
    [{ dau: Number.NaN }, /^dau/u],
    [{ dau: 1, concurrencyShare: 5 }, /^concurrencyShare .* at most 1, but is 5$/u],
    [{ dau: 1, peakToAverage: 0.9 }, /^peakToAverage .* must be at least 1 /u],
    [{ dau: 1, peakWindowHours: 25 }, /^peakWindowHours/u],
    [{ dau: 1, sessionSeconds: 60 }, /^sessionSeconds is given without requestsPerSession$/u],
    [{ dau: 1, sessionsPerUserPerDay: 0 }, /^sessionsPerUserPerDay .* more than 0 /u],
  ];
  for (const [input, message] of cases) {
    test(JSON.stringify(input), () => {
      assert.throws(() => computeDemand(input), {
        code: "PLAN_DEMAND_INVALID",
        exitCode: 104,
        message,
      });
    });
  }
});

test("a measured rate goes back to users", () => {
  near(dauFor(444.4, { sessionsPerUserPerDay: 2, requestsPerSession: 20 }), 100_000);
  near(dauFor(444.4, { thinkTimeSeconds: 5, concurrencyShare: 0.5 }), 100_000);
  near(dauFor(444.4), 100_000);
  near(dauFor(9_091), 2_050_000);
  near(dauFor(9_091, { peakToAverage: 1 }), 3_270_000);
});

test("default objectives are the guide's criteria", () => {
  assert.deepEqual(defaultObjectives(computeDemand({ dau: 100_000 })), {
    peakUsers: 5_000,
    requestsPerSecond: { min: 400, max: 500 },
    latency: [
      { share: 0.95, limitMs: 300 },
      { share: 0.99, limitMs: 500 },
    ],
    errorShare: 0.001,
    cpuShare: 0.7,
    targetCores: null,
    memoryStable: true,
  });
});

test("rounds users to people instead of raising binary dust", () => {
  assert.equal(
    defaultObjectives(computeDemand({ dau: 100_000, concurrencyShare: 0.07 })).peakUsers,
    7_000,
  );
});

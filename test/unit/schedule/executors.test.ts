import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import {
  parseScenario,
  parseScenarios,
  showScenarios,
  regularDurationMs,
} from "../../../src/schedule/index.ts";

function refusal(run: () => unknown): LakhError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof LakhError);
    assert.equal(error.exitCode, 104);
    return error;
  }
  assert.fail("nothing was refused");
}

function problems(raw: Record<string, unknown>): string {
  const error = refusal(() => parseScenario("a", raw));
  const [head, line] = error.message.split("\n");
  assert.equal(head, "There were problems with the specified script configuration:");
  return line!.replace("\t- scenario a has configuration errors: ", "");
}

describe("defaults", () => {
  const common = {
    name: "a",
    startTimeMs: 0,
    gracefulStopMs: 30_000,
    exec: "default",
    env: {},
    tags: {},
  };
  const cases: readonly [Record<string, unknown>, Record<string, unknown>][] = [
    [{ executor: "shared-iterations" }, { vus: 1, iterations: 1, maxDurationMs: 600_000 }],
    [{ executor: "per-vu-iterations" }, { vus: 1, iterations: 1, maxDurationMs: 600_000 }],
    [
      { executor: "constant-vus", duration: "5s" },
      { vus: 1, durationMs: 5_000 },
    ],
    [
      { executor: "ramping-vus", stages: [{ duration: 0, target: "3" }] },
      { startVus: 1, stages: [{ durationMs: 0, target: 3 }], gracefulRampDownMs: 30_000 },
    ],
    [
      { executor: "constant-arrival-rate", rate: 5, duration: 2000, preAllocatedVUs: 2 },
      { rate: 5, timeUnitMs: 1_000, durationMs: 2_000, preAllocatedVus: 2, maxVus: 2 },
    ],
    [
      {
        executor: "ramping-arrival-rate",
        stages: [{ duration: "1m", target: 9 }],
        preAllocatedVUs: 0,
      },
      {
        startRate: 0,
        timeUnitMs: 1_000,
        stages: [{ durationMs: 60_000, target: 9 }],
        preAllocatedVus: 0,
        maxVus: 0,
      },
    ],
  ];
  for (const [raw, expected] of cases) {
    test(String(raw["executor"]), () => {
      const { config, ...plan } = parseScenario("a", raw);
      assert.deepEqual(plan, { ...common, executor: raw["executor"], ...expected });
      assert.equal(config["executor"], raw["executor"]);
      assert.equal(config["exec"], null);
    });
  }
});

test("keeps every common field that is given", () => {
  const raw = {
    executor: "constant-vus",
    vus: "2",
    duration: "1m30s",
    startTime: "10s",
    gracefulStop: "0s",
    exec: "browse",
    env: { A: "1" },
    tags: { b: "2" },
    options: { browser: { type: "chromium" } },
  };
  const plan = parseScenario("s-1_X", raw);
  assert.equal(plan.startTimeMs, 10_000);
  assert.equal(plan.gracefulStopMs, 0);
  assert.equal(plan.exec, "browse");
  assert.deepEqual(plan.env, { A: "1" });
  assert.deepEqual(plan.tags, { b: "2" });
  assert.deepEqual(plan.config, { ...raw, vus: 2 });
  assert.equal(regularDurationMs(plan), 90_000);
});

describe("problems", () => {
  const cases: readonly [string, Record<string, unknown>, string][] = [
    [
      "vus below 1",
      { executor: "per-vu-iterations", vus: 0 },
      "the number of VUs must be more than 0",
    ],
    [
      "fewer iterations than VUs",
      { executor: "shared-iterations", vus: 5, iterations: 2 },
      "the number of iterations (2) can't be less than the number of VUs (5)",
    ],
    [
      "no iterations",
      { executor: "per-vu-iterations", iterations: 0 },
      "the number of iterations must be more than 0",
    ],
    [
      "short maxDuration",
      { executor: "per-vu-iterations", maxDuration: "500ms" },
      "the maxDuration must be at least 1s, but is 500ms",
    ],
    ["no duration", { executor: "constant-vus" }, "the duration is unspecified"],
    [
      "short duration",
      { executor: "constant-vus", duration: "500ms" },
      "the duration must be at least 1s, but is 500ms",
    ],
    ["no stages", { executor: "ramping-vus" }, "at least one stage has to be specified"],
    [
      "empty stages",
      { executor: "ramping-arrival-rate", preAllocatedVUs: 1, stages: [] },
      "at least one stage has to be specified",
    ],
    [
      "nobody ever",
      { executor: "ramping-vus", startVUs: 0, stages: [{ duration: "1s", target: 0 }] },
      "either startVUs or one of the stages' target values must be greater than 0",
    ],
    [
      "incomplete stages",
      {
        executor: "ramping-vus",
        stages: [{ duration: "1s" }, { target: 2 }, { duration: "-1s", target: -2 }],
      },
      "stage 1 doesn't have a target, stage 2 doesn't have a duration, the duration for stage 3 can't be negative, the target for stage 3 can't be negative",
    ],
    [
      "no rate",
      { executor: "constant-arrival-rate", duration: "1s", preAllocatedVUs: 1 },
      "the iteration rate isn't specified",
    ],
    [
      "no rate above 0",
      { executor: "constant-arrival-rate", rate: 0, duration: "1s", preAllocatedVUs: 1 },
      "the iteration rate must be more than 0",
    ],
    [
      "no time unit",
      {
        executor: "constant-arrival-rate",
        rate: 1,
        timeUnit: "0s",
        duration: "1s",
        preAllocatedVUs: 1,
      },
      "the timeUnit must be more than 0",
    ],
    [
      "no VUs planned",
      { executor: "constant-arrival-rate", rate: 1, duration: "1s" },
      "the number of preAllocatedVUs isn't specified",
    ],
    [
      "fewer maxVUs",
      { executor: "constant-arrival-rate", rate: 1, duration: "1s", preAllocatedVUs: 3, maxVUs: 2 },
      "maxVUs can't be less than preAllocatedVUs",
    ],
    [
      "negative startRate",
      {
        executor: "ramping-arrival-rate",
        startRate: -1,
        stages: [{ duration: "1s", target: 1 }],
        preAllocatedVUs: 1,
      },
      "the startRate value can't be negative",
    ],
    [
      "negative times",
      { executor: "per-vu-iterations", startTime: "-1s", gracefulStop: "-1s" },
      "the startTime can't be negative, the gracefulStop timeout can't be negative",
    ],
    ["empty exec", { executor: "per-vu-iterations", exec: "" }, "exec value cannot be empty"],
    [
      "fractions",
      { executor: "per-vu-iterations", vus: 1.5 },
      "vus must be a whole number, but is 1.5",
    ],
    [
      "no durations",
      { executor: "constant-vus", duration: "soon" },
      "duration must be a duration such as '30s', but is \"soon\"",
    ],
    [
      "numbers as tags",
      { executor: "per-vu-iterations", tags: { a: 1 } },
      'tags must be an object with texts as values, but is {"a":1}',
    ],
    [
      "too many VUs",
      { executor: "constant-vus", vus: 100_000_001, duration: "1s" },
      "vus can't be more than 100000000, but is 100000001",
    ],
    [
      "stages that are none",
      { executor: "ramping-vus", stages: ["1s:5", { duration: "1s", target: "x", y: 1 }] },
      'stage 1 can\'t be read: "1s:5", not {duration, target}, stage 2 can\'t be read: {"duration":"1s","target":"x","y":1}',
    ],
    [
      "targets out of range",
      { executor: "ramping-vus", stages: [{ duration: "1s", target: 100_000_001 }] },
      "target for stage 1 exceeds max limit of 100000000",
    ],
    [
      "unknown fields",
      { executor: "constant-vus", duration: "1s", vuss: 1 },
      "unknown field 'vuss'",
    ],
  ];
  for (const [title, raw, expected] of cases) {
    test(title, () => assert.equal(problems(raw), expected));
  }

  test("tells problems in k6's order: exec, times, then the executor's own", () => {
    const raw = {
      executor: "constant-vus",
      duration: "500ms",
      vus: 0,
      startTime: "-1s",
      gracefulStop: "-1s",
      exec: "",
    };
    assert.equal(
      problems(raw),
      "exec value cannot be empty, the startTime can't be negative, the gracefulStop timeout can't be negative, the number of VUs must be more than 0, the duration must be at least 1s, but is 500ms",
    );
    assert.equal(
      problems({
        executor: "constant-arrival-rate",
        rate: 0,
        timeUnit: "0s",
        duration: "0.5s",
        preAllocatedVUs: -1,
        maxVUs: -2,
      }),
      "the iteration rate must be more than 0, the timeUnit must be more than 0, the duration must be at least 1s, but is 500ms, the number of preAllocatedVUs can't be negative, maxVUs can't be less than preAllocatedVUs",
    );
    assert.equal(
      problems({ executor: "ramping-vus", startVUs: -1, stages: [], gracefulRampDown: "-1s" }),
      "the number of start VUs can't be negative, either startVUs or one of the stages' target values must be greater than 0, at least one stage has to be specified",
    );
    assert.equal(
      problems({ executor: "per-vu-iterations", options: { foo: {} } }),
      "unknown field 'foo'",
    );
  });

  test("takes null for an empty text in env and tags, and ignores strange fields of stages", () => {
    const plan = parseScenario("a", {
      executor: "per-vu-iterations",
      env: { A: null },
      tags: { b: null },
    });
    assert.deepEqual([plan.env, plan.tags], [{ A: "" }, { b: "" }]);
    const ramp = parseScenario("a", {
      executor: "ramping-vus",
      stages: [{ duration: "1s", target: 2, x: 1 }],
    });
    assert.ok(ramp.executor === "ramping-vus" && ramp.stages[0]!.target === 2);
  });

  test("shows scenarios as k6 prints them, even those that could not run", () => {
    const shown = showScenarios({
      b: {
        executor: "constant-arrival-rate",
        duration: 5_000,
        maxVUs: "4",
        rate: 3,
        timeUnit: "2s",
        preAllocatedVUs: 1,
      },
      a: { executor: "constant-vus", options: { browser: { type: "chromium" } } },
      c: { executor: "ramping-vus", stages: [{ duration: "90s" }] },
    });
    assert.equal(
      JSON.stringify(shown),
      '{"a":{"executor":"constant-vus","startTime":null,"gracefulStop":null,"env":null,"exec":null,"tags":null,"options":{"browser":{"type":"chromium"}},"vus":null,"duration":null},' +
        '"b":{"executor":"constant-arrival-rate","startTime":null,"gracefulStop":null,"env":null,"exec":null,"tags":null,"rate":3,"timeUnit":"2s","duration":"5s","preAllocatedVUs":1,"maxVUs":4},' +
        '"c":{"executor":"ramping-vus","startTime":null,"gracefulStop":null,"env":null,"exec":null,"tags":null,"startVUs":null,"stages":[{"duration":"1m30s","target":null}],"gracefulRampDown":null}}',
    );
    assert.throws(() => showScenarios({ a: { executor: "constant-vus", vuss: 1 } }), {
      code: "SCHEDULE_SCENARIO_INVALID",
      exitCode: 104,
    });
  });

  test("lists every problem of every scenario at once", () => {
    const error = refusal(() =>
      parseScenarios({
        one: { executor: "constant-vus", vus: 0 },
        fine: { executor: "per-vu-iterations" },
        two: {},
        three: { executor: "constant-vu", duration: "1s" },
      }),
    );
    assert.deepEqual(error.message.split("\n"), [
      "There were problems with the specified script configuration:",
      "\t- scenario one has configuration errors: the number of VUs must be more than 0, the duration is unspecified",
      "\t- scenario 'two' doesn't have a specified executor type",
      "\t- scenario three has configuration errors: unknown executor type 'constant-vu'",
    ]);
  });

  test("takes fields in any case, as k6 does", () => {
    const fields = { executor: "constant-arrival-rate", rate: 5, duration: "2s", timeUnit: "1s" };
    assert.deepEqual(
      parseScenario("a", { ...fields, preAllocatedVUs: 2, maxVUs: 3, gracefulStop: "1s" }),
      parseScenario("a", { ...fields, preAllocatedVus: 2, MAXVUS: 3, gracefulstop: "1s" }),
    );
  });

  test("suggests the nearest executor and the nearest field", () => {
    assert.equal(
      refusal(() => parseScenario("a", { executor: "constant-vu" })).hint,
      "did you mean 'constant-vus'?",
    );
    assert.equal(
      refusal(() => parseScenario("a", { executor: "per-vu-iterations", iteration: 1 })).hint,
      "did you mean 'iterations' instead of 'iteration'?",
    );
    assert.match(
      refusal(() => parseScenario("a", { executor: "externally-controlled" })).hint!,
      /k6 v2 removed it/u,
    );
    assert.match(
      refusal(() => parseScenario("a", { executor: "toString" })).hint!,
      /use one of shared-iterations/u,
    );
  });

  test("refuses names that k6 refuses, and scenarios that are no objects", () => {
    assert.match(
      refusal(() => parseScenario("a b", { executor: "per-vu-iterations" })).message,
      /only numbers, latin letters/u,
    );
    assert.match(
      refusal(() => parseScenario("a", "x")).message,
      /a scenario must be an object, but is "x"/u,
    );
  });
});

test("sorts scenarios by start time, then name", () => {
  const plans = parseScenarios({
    late: { executor: "per-vu-iterations", startTime: "5s" },
    b: { executor: "per-vu-iterations" },
    a: { executor: "per-vu-iterations" },
  });
  assert.deepEqual(
    plans.map(({ name }) => name),
    ["a", "b", "late"],
  );
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { OptionLayer, RunPlan } from "../../../src/plan/index.ts";
import {
  deriveRunPlan,
  mergeOptions,
  optionsForScript,
  recordedOptions,
  writtenBackOptions,
  parseOptions,
} from "../../../src/plan/index.ts";

function planOf(script: unknown, ...higher: readonly OptionLayer[]): RunPlan {
  return deriveRunPlan(mergeOptions(parseOptions(script, "script"), ...higher));
}

/** The executor and its own fields. */
function shape(plan: RunPlan): unknown {
  return plan.scenarios.map(
    ({ startTimeMs: _s, gracefulStopMs: _g, exec: _e, env: _n, tags: _t, config: _c, ...own }) =>
      own,
  );
}

const twoScenarios = { a: { executor: "per-vu-iterations" }, b: { executor: "per-vu-iterations" } };

describe("shortcuts", () => {
  test("iterations: shared among vus, for at most duration", () => {
    assert.deepEqual(shape(planOf({ vus: 2, iterations: 10, duration: "5s" })), [
      {
        name: "default",
        executor: "shared-iterations",
        vus: 2,
        iterations: 10,
        maxDurationMs: 5_000,
      },
    ]);
    assert.deepEqual(shape(planOf({ iterations: 3 })), [
      {
        name: "default",
        executor: "shared-iterations",
        vus: 1,
        iterations: 3,
        maxDurationMs: 600_000,
      },
    ]);
  });

  test("duration: vus that loop", () => {
    assert.deepEqual(shape(planOf({ vus: 2, duration: "5s" })), [
      { name: "default", executor: "constant-vus", vus: 2, durationMs: 5_000 },
    ]);
  });

  test("stages: a ramp that starts at 1 VU unless vus says otherwise", () => {
    const stages = [{ duration: "5s", target: 4 }];
    const ramp = {
      name: "default",
      executor: "ramping-vus",
      stages: [{ durationMs: 5_000, target: 4 }],
      gracefulRampDownMs: 30_000,
    };
    assert.deepEqual(shape(planOf({ stages })), [{ ...ramp, startVus: 1 }]);
    assert.deepEqual(shape(planOf({ stages, vus: 3 })), [{ ...ramp, startVus: 3 }]);
  });

  test("vus alone: one iteration each, whatever the scenarios", () => {
    const plan = planOf({ vus: 3, scenarios: twoScenarios });
    assert.deepEqual(shape(plan), [
      {
        name: "default",
        executor: "shared-iterations",
        vus: 3,
        iterations: 3,
        maxDurationMs: 600_000,
      },
    ]);
    assert.deepEqual(plan.warnings, ["`vus=3` overrides scenarios configuration"]);
    assert.deepEqual(
      planOf({ scenarios: twoScenarios }, parseOptions({ vus: "2" }, "cli")).scenarios.length,
      1,
    );
  });

  test("scenarios as given", () => {
    assert.deepEqual(
      planOf({ scenarios: twoScenarios }).scenarios.map(({ name }) => name),
      ["a", "b"],
    );
  });

  test("nothing: one iteration of one VU, with a warning when something is empty", () => {
    const single = [
      {
        name: "default",
        executor: "per-vu-iterations",
        vus: 1,
        iterations: 1,
        maxDurationMs: 600_000,
      },
    ];
    assert.deepEqual(shape(planOf({})), single);
    assert.deepEqual(planOf({}).warnings, []);
    for (const empty of [{ scenarios: {} }, { stages: [] }, { vus: 2, stages: [] }]) {
      assert.deepEqual(shape(planOf(empty)), single);
      assert.equal(planOf(empty).warnings.length, 1);
    }
  });

  const stages = [{ duration: "5s", target: 4 }];
  const conflicts: readonly [Record<string, unknown>, string, string][] = [
    [{ iterations: 1, stages }, "iterations", "stages"],
    [{ iterations: 1, scenarios: twoScenarios }, "iterations", "scenarios"],
    [{ duration: "5s", stages }, "duration", "stages"],
    [{ duration: "5s", scenarios: twoScenarios }, "duration", "scenarios"],
    [{ stages, scenarios: twoScenarios }, "stages", "scenarios"],
  ];
  for (const [raw, one, other] of conflicts) {
    test(`refuses ${one} beside ${other} in one layer, but not over a lower one`, () => {
      assert.throws(() => planOf(raw), {
        code: "PLAN_OPTIONS_CONFLICT",
        exitCode: 104,
        message: `using \`${one}\` and \`${other}\` options simultaneously is not allowed`,
      });
      assert.doesNotThrow(() =>
        planOf({ [other]: raw[other] }, parseOptions({ [one]: raw[one] }, "plan")),
      );
    });
  }

  test("refuses a duration that is not above 0, and a bad derived scenario, in k6's words", () => {
    assert.throws(() => planOf({ duration: 0 }), { code: "PLAN_OPTION_INVALID", exitCode: 104 });
    assert.throws(() => planOf({ vus: 0, duration: "500ms" }), {
      code: "SCHEDULE_SCENARIO_INVALID",
      message:
        "There were problems with the specified script configuration:\n\t" +
        "- scenario default has configuration errors: the number of VUs must be more than 0, the duration must be at least 1s, but is 500ms",
    });
    assert.throws(() => planOf({ stages: [{ duration: "1s" }] }), {
      message: /stage 1 doesn't have a target/u,
    });
  });
});

describe("the plan", () => {
  test("checks that every exec is exported", () => {
    const merged = mergeOptions(
      parseOptions(
        { scenarios: { a: { executor: "per-vu-iterations", exec: "brows" } } },
        "script",
      ),
    );
    assert.throws(() => deriveRunPlan(merged, ["default", "browse"]), {
      code: "PLAN_EXEC_MISSING",
      exitCode: 104,
      message:
        "There were problems with the specified script configuration:\n\t- executor a: function 'brows' not found in exports",
      hint: "did you mean 'browse'?",
    });
    assert.throws(() => deriveRunPlan(mergeOptions(), []), {
      message:
        "There were problems with the specified script configuration:\n\t- executor default: function 'default' not found in exports",
    });
    assert.doesNotThrow(() => deriveRunPlan(merged, ["brows"]));
  });

  test("checks the execution segment and keeps it as data", () => {
    const segments = { executionSegment: "0:1/2", executionSegmentSequence: "0,1/2,1" };
    assert.deepEqual(planOf(segments).share, { segment: "0:1/2", sequence: "0,1/2,1", part: null });
    assert.throws(() => planOf({ executionSegment: "2:1" }), {
      code: "SCHEDULE_SEGMENT_INVALID",
      exitCode: 104,
    });
    const flagged = mergeOptions(parseOptions({ executionSegment: "2:1" }, "cli"));
    assert.throws(() => deriveRunPlan(flagged), { exitCode: 255 });
  });

  test("wants time for setup(), and no iterations beside scenarios, be they empty", () => {
    assert.throws(() => planOf({ setupTimeout: "0s" }), {
      message: /setupTimeout must be positive/u,
    });
    assert.throws(() => planOf({ iterations: 2, scenarios: {} }), {
      code: "PLAN_OPTIONS_CONFLICT",
    });
    assert.doesNotThrow(() => planOf({ iterations: 2, stages: [] }));
  });

  test("is frozen to the bottom and survives structured cloning", () => {
    const plan = planOf({ scenarios: twoScenarios, tags: { a: "b" }, metricSamplesBufferSize: 5 });
    assert.ok(
      Object.isFrozen(plan) &&
        Object.isFrozen(plan.scenarios[0]) &&
        Object.isFrozen(plan.options.tags),
    );
    assert.deepEqual(structuredClone(plan), plan);
    assert.deepEqual(plan.unsupported, ["metricSamplesBufferSize"]);
  });
});

describe("options as scripts see them", () => {
  test("have k6's keys in k6's order, null for what nobody set, and the derived scenarios", () => {
    const shown = optionsForScript(
      planOf({
        vus: 2,
        duration: "1m30s",
        minIterationDuration: 500,
        thresholds: {
          m: [
            "avg<1",
            { threshold: "p(95)<2", abortOnFail: true, delayAbortEval: "1s" },
            { threshold: "p(95)<3", abortOnFail: true },
            { threshold: "p(95)<4", delayAbortEval: "1s" },
          ],
        },
      }),
    );
    assert.deepEqual(Object.keys(shown).slice(0, 4), [
      "paused",
      "scenarios",
      "executionSegment",
      "executionSegmentSequence",
    ]);
    assert.deepEqual(Object.keys(shown).slice(-3), ["features", "consoleOutput", "localIPs"]);
    assert.ok(!("cloud" in shown) && !("duration" in shown) && !("vus" in shown));
    assert.equal(shown["minIterationDuration"], "500ms");
    assert.equal(shown["setupTimeout"], null);
    assert.deepEqual(shown["dns"], { ttl: null, select: null, policy: null });
    assert.deepEqual(shown["thresholds"], {
      m: [
        "avg<1",
        { threshold: "p(95)<2", abortOnFail: true, delayAbortEval: "1s" },
        { threshold: "p(95)<3", abortOnFail: true, delayAbortEval: null },
        "p(95)<4",
      ],
    });
    assert.equal(
      JSON.stringify(shown["scenarios"]),
      '{"default":{"executor":"constant-vus","startTime":null,"gracefulStop":null,"env":null,"exec":null,"tags":null,"vus":2,"duration":"1m30s"}}',
    );
  });

  test("are written back into the exported options as k6 does it", () => {
    const written = writtenBackOptions(planOf({ vus: 1, batch: "3", setupTimeout: 5_000 }));
    assert.equal(
      JSON.stringify(written),
      '{"vus":1,"iterations":1,"scenarios":{},"setupTimeout":"5s","batch":3,' +
        '"summaryTrendStats":["avg","min","med","max","p(90)","p(95)"],' +
        '"systemTags":["check","error","error_code","expected_response","group","method","name","proto","scenario","service","status","subproto","tls_version","url"]}',
    );
  });

  test("can be read back as options, and mean the same", () => {
    const raw = {
      stages: [{ duration: "1m30s", target: 3 }],
      tags: { a: "b" },
      dns: { ttl: "inf" },
      hosts: { a: "::1" },
    };
    const plan = planOf(raw);
    const { scenarios: _derived, ...shown } = recordedOptions(plan);
    const again = planOf(shown);
    assert.deepEqual({ ...again.options, given: [] }, { ...plan.options, given: [] });
    assert.deepEqual(again.scenarios, plan.scenarios);
  });

  for (const ttl of ["bad", "-5s", "INF"]) {
    test(`refuses dns.ttl ${ttl} with k6's words and its generic exit code`, () => {
      assert.throws(() => planOf({ dns: { ttl } }), {
        code: "PLAN_OPTION_INVALID",
        message: `invalid DNS TTL: ${ttl}`,
        exitCode: 255,
      });
    });
  }
});

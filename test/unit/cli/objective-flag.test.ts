import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toObjectives } from "../../../src/cli/objective-flag.ts";

describe("--objective", () => {
  it("is the guide's when nothing is stated", () => {
    assert.deepEqual(toObjectives([], false), {
      latency: [
        { share: 0.95, limitMs: 300 },
        { share: 0.99, limitMs: 500 },
      ],
      errorShare: 0.001,
      cpuShare: null,
    });
    assert.equal(toObjectives([], true).cpuShare, 0.7);
  });

  it("takes percentiles with and without braces, times with and without a unit, shares with and without %", () => {
    const stated = ["p(99.9) < 2s", "p95<300", "errors<1%", "cpu<=0.8"];
    assert.deepEqual(toObjectives(stated, true), {
      latency: [
        { share: 0.95, limitMs: 300 },
        { share: 0.999, limitMs: 2_000 },
      ],
      errorShare: 0.01,
      cpuShare: 0.8,
    });
  });

  it("keeps the other defaults: whoever states a latency still wants no errors", () => {
    assert.equal(toObjectives(["p(90)<50ms"], false).errorShare, 0.001);
    assert.equal(toObjectives(["errors<0.01"], false).latency.length, 2);
  });

  for (const [text, problem] of [
    ["p(95)>300", /not written as SUBJECT<LIMIT/u],
    ["p(95)<", /not written as SUBJECT<LIMIT/u],
    ["p(100)<300", /neither p\(N\) nor errors nor cpu/u],
    ["p(95)<fast", /no duration above 0/u],
    ["p(95)<0", /no duration above 0/u],
    ["errors<2", /no share between 0 and 1/u],
    ["errors<0%", /no share between 0 and 1/u],
    ["throughput<5", /"throughput" is neither/u],
    ["cpu<70%", /nothing tells of the target's CPU/u],
  ] as const) {
    it(`refuses ${text}`, () => {
      assert.throws(() => toObjectives([text], false), {
        code: "FLAG_OBJECTIVE",
        exitCode: 104,
        message: problem,
      });
    });
  }

  it("refuses what is stated twice", () => {
    assert.throws(() => toObjectives(["p95<300", "p(95)<200"], false), /stated twice/u);
    assert.throws(() => toObjectives(["errors<1%", "errors<2%"], false), /stated twice/u);
  });
});

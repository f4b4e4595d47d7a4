import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { checkOutputs, objectiveFacts } from "../../../src/run/outputs.ts";
import type { RunRequest } from "../../../src/run/index.ts";

const request = (outputs: readonly string[], partOf?: RunRequest["partOf"]): RunRequest =>
  ({ outputs, configPath: undefined, partOf }) as RunRequest;

describe("the outputs of one run of several", () => {
  const campaign = { kind: "campaign", id: "c" } as const;

  it("are none that write a file, which the next run would write anew", () => {
    for (const output of ["json=a.json", "csv=b.csv", "json"])
      assert.throws(
        () => checkOutputs(request(["prometheus=http://p", output], campaign)),
        (error) => {
          assert.ok(error instanceof LakhError);
          assert.equal(error.code, "OUTPUT_MANY_RUNS");
          assert.equal(error.exitCode, 104);
          return true;
        },
      );
  });

  it("may send to what tells runs apart, and a single run may do as it likes", () => {
    checkOutputs(request(["prometheus=http://p"], campaign));
    checkOutputs(request([""], campaign));
    checkOutputs(request(["json=a.json"]));
  });
});

describe("objectiveFacts", () => {
  it("gives each number a name with its unit", () => {
    const facts = objectiveFacts({
      peakUsers: 5_000,
      requestsPerSecond: { min: 400, max: 500 },
      latency: [
        { share: 0.95, limitMs: 300 },
        { share: 0.999, limitMs: 2_000 },
      ],
      errorShare: 0.001,
      cpuShare: null,
      targetCores: null,
      memoryStable: true,
    });
    assert.deepEqual(facts, [
      { name: "p95_seconds", value: 0.3, limitMs: 300 },
      { name: "p99.9_seconds", value: 2, limitMs: 2_000 },
      { name: "error_ratio", value: 0.001 },
      { name: "requests_per_second", value: 400 },
    ]);
  });
});

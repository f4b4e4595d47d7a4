/** What ran out on the generator's own machine: never the target's failure, and named with what to do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../../src/judge/index.ts";
import { healthyIntervals, healthyReadings, healthyRecord } from "../../support/record.ts";

for (const [errno, remedy] of [
  ["EMFILE", /raise ulimit -n/u],
  ["ENFILE", /raise fs\.file-max/u],
  ["EADDRNOTAVAIL", /more source addresses \(--local-ips\)/u],
  ["EADDRINUSE", /more source addresses/u],
  ["ENOBUFS", /no memory for more sockets/u],
  ["EAI_AGAIN", /the resolver of this machine did not answer/u],
] as const) {
  test(`requests that failed with ${errno} make the run INVALID, not FAIL`, () => {
    const failing = { requests: 444, failedRequests: 200 };
    const { sentence } = judge(
      healthyRecord({
        intervals: healthyIntervals(() => failing),
        generatorHealth: healthyReadings(() => ({
          socketFaults: 200,
          socketFaultKinds: { [errno]: 200 },
        })),
      }),
    );
    assert.match(
      sentence,
      new RegExp(`^INVALID: .*local socket faults 12,?000.*12,000 x ${errno} \\(`, "u"),
    );
    assert.match(sentence, remedy);
  });
}

test("a record that does not tell which resource it was is INVALID all the same", () => {
  const generatorHealth = healthyReadings(() => ({ socketFaults: 1 }));
  assert.match(
    judge(healthyRecord({ generatorHealth })).sentence,
    /^INVALID: .*local socket faults 60, limit 0$/u,
  );
});

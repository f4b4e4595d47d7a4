import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatFixedDuration,
  renderLifecycleBlock,
  renderProgressBlock,
  type ScenarioRow,
} from "../../../src/report/index.ts";

/** Blocks recorded from k6 2.2. */
test("a block has the run's line and one a scenario, in columns", () => {
  const scenarios: ScenarioRow[] = [
    { name: "car", status: " ", share: 0.2, columns: ["1/2 VUs", "0.6s/3s", "5.00 iters/s"] },
    {
      name: "sharedlongname_abcdefghijklmnopqrstuvwxyz",
      status: "✓",
      share: 1,
      columns: ["2 VUs", "00m03.8s/10m0s", "30/30 shared iters"],
    },
    { name: "later", status: "•", share: 0, columns: ["waiting", "0.4s"] },
  ];
  const block = {
    elapsedMs: 2_000,
    longestMs: 630_000,
    activeVus: 8,
    initializedVus: 17,
    completed: 10,
    interrupted: 0,
    scenarios,
  };
  assert.equal(
    renderProgressBlock(block),
    [
      "",
      "running (00m02.0s), 08/17 VUs, 10 complete and 0 interrupted iterations",
      "car                              [  20% ] 1/2 VUs  0.6s/3s         5.00 iters/s",
      "sharedlongname_abcdefghijkl... ✓ [ 100% ] 2 VUs    00m03.8s/10m0s  30/30 shared iters",
      "later                          • [   0% ] waiting  0.4s          ",
      "",
    ].join("\n"),
  );
});

test("a block of setup() has its own line above the scenarios", () => {
  const row: ScenarioRow = { name: "default", status: " ", share: 0, columns: [] };
  assert.equal(
    renderLifecycleBlock("setup()", [row]),
    "\nRun       [ 100% ] setup()\ndefault   [   0% ]\n",
  );
});

test("durations take the width of the longest one", () => {
  const shown: readonly (readonly [durationMs: number, longestMs: number, text: string])[] = [
    [600, 3_000, "0.6s"],
    [1_000, 31_000, "01.0s"],
    [1_000, 630_000, "00m01.0s"],
    [61_040, 300_000, "1m01.0s"],
    [59_990, 630_000, "01m00.0s"],
    [61_000, 3_720_000, "0h01m01.0s"],
    [3_661_000, 43_200_000, "01h01m01.0s"],
  ];
  for (const [durationMs, longestMs, text] of shown)
    assert.equal(formatFixedDuration(durationMs, longestMs), text);
});

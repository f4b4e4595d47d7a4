import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { describe, it } from "node:test";
import { generatorCores, median, percentilesOf, readTree } from "../../../bench/measure.ts";

const spends = `while (process.cpuUsage().user + process.cpuUsage().system < 300_000);`;

describe("bench measurements", () => {
  it("counts the CPU time of children, running or ended, and the memory of those that run", {
    skip: existsSync("/proc/self/stat") ? false : "there is no /proc here",
  }, async () => {
    const child = spawn(
      "sh",
      [
        "-c",
        '"$0" -e "$1"; "$0" -e "$1 console.log(1); setInterval(() => {}, 1000)"; :',
        process.execPath,
        spends,
      ],
      { stdio: ["ignore", "pipe", "inherit"], detached: true },
    );
    await once(child.stdout, "data");
    const tree = readTree(child.pid!);
    process.kill(-child.pid!, "SIGKILL"); // the shell and what it started
    assert.ok(tree.cpuSeconds >= 0.58, `${tree.cpuSeconds} s`); // 2 x 0.3, each to a tick of 10 ms
    assert.ok(tree.rssMb > 20 && tree.peakRssMb >= tree.rssMb, JSON.stringify(tree));
    const ended = readTree(2 ** 30);
    assert.deepEqual(ended, { cpuSeconds: 0, rssMb: 0, peakRssMb: 0 });
  });

  it("gives every thread of the generator a core, the target's only when there is no other", () => {
    const cores = availableParallelism();
    for (const threads of [1, 2, 3]) {
      const given = generatorCores(threads);
      assert.equal(new Set(given).size, given.length);
      assert.equal(given.includes(1), threads > Math.max(1, cores - 1), `${threads} threads`);
    }
  });

  it("takes percentiles by nearest rank and the median between two", () => {
    const hundred = Array.from({ length: 100 }, (_, k) => 100 - k);
    assert.deepEqual(percentilesOf(hundred), { p50Ms: 50, p95Ms: 95, p99Ms: 99 });
    assert.equal(percentilesOf([]).p50Ms, undefined);
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
  });
});

/**
 * The guard against regressions of cost that runs everywhere: how much an iteration allocates, which is the same on a
 * slow and on a busy machine (within some 10 %: how early V8 optimises, and timers, have a part in it). CPU time is
 * compared by `npm run bench:check`, on a quiet machine.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { allocatedBytes, bytesPerIteration } from "../../../bench/micro/allocation.ts";
import {
  benchRecordSample,
  benchResponses,
  benchShortIntervals,
} from "../../../bench/micro/record-sample.ts";
import { heapBytesPerVu } from "../../../bench/micro/vu-heap.ts";

/** Twice what it was when this was written (4.3 KB): a regression, not noise. */
const allowedBytesPerIteration = 9_000;
/** Half as much again as when this was written (3.3 KB); four closures more in each VU are 0.2 KB. */
const allowedBytesPerVu = 5_000;

describe("allocation", () => {
  it(`an iteration with a GET and a check allocates less than ${allowedBytesPerIteration} bytes`, async () => {
    const program = resolve(import.meta.dirname, "..", "..", "..", "bench", "target.js");
    const target = spawn(process.execPath, [join(program)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = (await once(target.stdout, "data")) as [Buffer];
      const { url } = JSON.parse(line.toString()) as { url: string };
      const bytes = await bytesPerIteration(url);
      assert.ok(bytes < allowedBytesPerIteration, `${bytes.toFixed(0)} bytes`);
      assert.ok(bytes > 100, `${bytes.toFixed(0)} bytes cannot be true`);
    } finally {
      target.kill();
    }
  });

  it(`a VU of the guide's journey holds less than ${allowedBytesPerVu} bytes before it runs`, () => {
    const bytes = heapBytesPerVu();
    assert.ok(bytes < allowedBytesPerVu, `${bytes.toFixed(0)} bytes`);
    assert.ok(bytes > 100, `${bytes.toFixed(0)} bytes cannot be true`);
  });

  it("recording a sample allocates nothing", () => {
    for (const { bytesPerSample } of [benchRecordSample(), benchResponses(), benchShortIntervals()])
      assert.ok(bytesPerSample < 1, `${bytesPerSample} bytes a sample`); // one boxed number would be 16
  });

  it("adds up what lies between collections, each isolate by itself", () => {
    const bytes = allocatedBytes(`
[7:0xa]       57 ms: Scavenge 4.0 (4.5) -> 3.0 (5.5) MB, 0.76 / 0.01 ms  (average mu = 1.000) task;
[7:0xb]       60 ms: Scavenge 2.0 (4.5) -> 1.0 (5.5) MB, 0.76 / 0.01 ms  (average mu = 1.000) task;
a line of the summary: 1 ms: 3 (4) -> 5
[7:0xa]      518 ms: Mark-Compact (reduce) 14.0 (28.6) -> 11.0 (29.6) MB, 6.50 / 0.03 ms  (+ 7.8 ms in 38 steps)
[7:0xb]      519 ms: Mark-Compact 1.5 (28.6) -> 1.0 (29.6) MB, 6.50 / 0.03 ms
`);
    assert.equal(bytes / 2 ** 20, 4 + 2 + 11 + 0.5);
  });
});

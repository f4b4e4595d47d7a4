import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { createProcessSource } from "../../../src/observe/index.ts";
import { createProcSource } from "../../../src/observe/process-id.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lakh-proc-"));
  mkdirSync(join(root, "4711"));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A process as proc(5) shows it; its command is as unpleasant as one can be. */
function show(parts: { utime: number; stime: number; startTicks: number; rss?: string }): void {
  const { utime, stime, startTicks, rss = "VmRSS:\t  102400 kB\n" } = parts;
  const head = "4711 (node) (a) 1 2 3) S 1 4711 4711 0 -1 4194304 100 0 0 0";
  writeFileSync(
    join(root, "4711", "stat"),
    `${head} ${utime} ${stime} 900 900 20 0 11 0 ${startTicks} 123 456\n`,
  );
  writeFileSync(
    join(root, "4711", "status"),
    `Name:\tnode\nVmPeak:\t  999 kB\n${rss}Threads:\t11\n`,
  );
}

describe("process source", () => {
  it("reads user and system time in seconds, and resident memory in bytes", async () => {
    show({ utime: 250, stime: 50, startTicks: 77 });
    assert.deepEqual(await createProcSource(4711, root).read(), [
      { name: "cpu_cores", unit: "cores", value: 3, isTotal: true },
      { name: "memory_bytes", unit: "bytes", value: 104_857_600, isTotal: false },
    ]);
  });

  it("rejects when the number has come to belong to another process", async () => {
    show({ utime: 250, stime: 50, startTicks: 77 });
    const source = createProcSource(4711, root);
    await source.read();
    show({ utime: 900, stime: 50, startTicks: 78 });
    await assert.rejects(source.read(), /another process/u);
  });

  it("rejects when there is no such process", async () => {
    await assert.rejects(createProcSource(4712, root).read(), /no process 4712/u);
  });

  it("reads no memory of a zombie", async () => {
    show({ utime: 1, stime: 1, startTicks: 77, rss: "" });
    assert.ok(Number.isNaN((await createProcSource(4711, root).read())[1]?.value));
  });

  it("reads this process from the kernel", { skip: process.platform !== "linux" }, async () => {
    const [cpu, memory] = await createProcessSource(process.pid).read();
    assert.ok(cpu!.value > 0);
    // Read a moment apart, so not equal; but of one size.
    const ratio = memory!.value / process.memoryUsage.rss();
    assert.ok(ratio > 0.5 && ratio < 2, `${ratio}`);
  });
});

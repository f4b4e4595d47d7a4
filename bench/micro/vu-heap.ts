/**
 * What one more VU of the guide's journey holds on the JavaScript heap before it runs: the live heap of a worker that has
 * prepared many VUs minus that of one with few, after a collection each. Does not depend on how fast the machine is.
 *
 *     node dist/bench/micro/vu-heap.js
 *
 * lakh is started with this file as an import: in its worker it measures in the moment when the VUs are ready, and ends
 * the process.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { getHeapStatistics } from "node:v8";
import { isMainThread, parentPort } from "node:worker_threads";

const root = resolve(import.meta.dirname, "..", "..", "..");
const ownPath = fileURLToPath(import.meta.url);
const [fewVus, manyVus] = [1_000, 3_000];

/** Live heap bytes of each VU of bench/scripts/journey.js that is ready and has not run. */
export function heapBytesPerVu(): number {
  return (heapBytesWith(manyVus) - heapBytesWith(fewVus)) / (manyVus - fewVus);
}

function heapBytesWith(vus: number): number {
  const options = JSON.stringify({ vus, duration: "1s" });
  const cwd = mkdtempSync(join(tmpdir(), "lakh-vu-heap-"));
  const args = [
    ["--expose-gc", `--import=${pathToFileURL(ownPath).href}`, join(root, "bin", "lakh"), "run"],
    ["--quiet", "--workers", "1", "-e", "BASE_URL=http://127.0.0.1:1", "-e", `OPTIONS=${options}`],
    join(root, "bench", "scripts", "journey.js"),
  ].flat();
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  // Killed in the middle, it leaves a run that has not ended.
  rmSync(cwd, { recursive: true });
  const bytes = /^live heap: (\d+)$/mu.exec(stdout)?.[1];
  if (bytes === undefined) throw new Error(`lakh has told nothing: ${stderr}`);
  return Number(bytes);
}

/** Measures when the worker says that its VUs are ready. */
function watch(port: NonNullable<typeof parentPort>): void {
  const post = port.postMessage.bind(port);
  port.postMessage = (message: { readonly type: string }, ...rest) => {
    if (message.type === "prepared") {
      globalThis.gc?.();
      writeSync(1, `live heap: ${getHeapStatistics().used_heap_size}\n`);
      process.kill(process.pid, "SIGKILL");
    }
    post(message, ...rest);
  };
}

if (!isMainThread && parentPort !== null) watch(parentPort);
else if (process.argv[1] === ownPath)
  console.log(`${heapBytesPerVu().toFixed(0)} bytes a VU that has not run`);

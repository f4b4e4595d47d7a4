/**
 * What an iteration (GET, check, every sample of it) allocates on the JavaScript heap: a measure of the whole way from
 * schedule to sink that does not depend on how fast the machine is, or how busy. V8 tells the heap before and after each
 * collection (`--trace-gc`), for each isolate: what lies between one collection's end and the next one's start was
 * allocated. A long run minus a short one leaves out starting, and the code that still runs unoptimised.
 *
 *     node dist/bench/micro/allocation.js
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(import.meta.dirname, "..", "..", "..");
const [fewIterations, manyIterations] = [5_000, 25_000];

/** Bytes that V8 allocated in all isolates of a process, from the lines of `--trace-gc`. */
export function allocatedBytes(traceGc: string): number {
  const line =
    /^\[\d+:(0x[\da-f]+)\].*? ms: [^\d\n]*?([\d.]+) \([\d.]+\) -> ([\d.]+) \([\d.]+\) MB/gmu;
  const heapAfter = new Map<string, number>();
  let allocatedMb = 0;
  for (const [, isolate, before, after] of traceGc.matchAll(line)) {
    allocatedMb += Math.max(0, Number(before) - (heapAfter.get(isolate!) ?? 0));
    heapAfter.set(isolate!, Number(after));
  }
  return allocatedMb * 2 ** 20;
}

/** Bytes allocated for each iteration of `get` in bench/scripts/requests.js, against a target at this URL. */
export async function bytesPerIteration(baseUrl: string): Promise<number> {
  const few = await allocatedByRun(baseUrl, fewIterations);
  const many = await allocatedByRun(baseUrl, manyIterations);
  return (many - few) / (manyIterations - fewIterations);
}

async function allocatedByRun(baseUrl: string, iterations: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "lakh-allocation-"));
  const load = { executor: "shared-iterations", vus: 10, iterations, exec: "get" };
  const args = [
    ["--trace-gc", join(root, "bin", "lakh"), "run", "--quiet", "--no-report"],
    ["-e", `BASE_URL=${baseUrl}`, "-e", `OPTIONS=${JSON.stringify({ scenarios: { load } })}`],
    join(root, "bench", "scripts", "requests.js"),
  ].flat();
  try {
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        texts[name] += chunk;
      });
    const code = await new Promise<number | null>((ended) => child.once("close", ended));
    const requests = Number(/http_reqs\.*: (\d+)/u.exec(texts.stdout)?.[1]);
    if (code !== 0 || requests !== iterations)
      throw new Error(`lakh ended with ${code} after ${requests} requests: ${texts.stderr}`);
    return allocatedBytes(texts.stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { startStaticTarget } = await import("../target.ts");
  const target = await startStaticTarget({ host: "127.0.0.1", port: 0 });
  console.log(
    `${(await bytesPerIteration(target.url)).toFixed(0)} bytes an iteration (GET, check)`,
  );
  await target.close();
}

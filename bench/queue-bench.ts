/** What the measurements against queue targets share: the queue, its truth, the target's process, a command of lakh. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type QueueModel, trueCapacity } from "./queue.ts";

const root = join(import.meta.dirname, "..", "..");

/** The objective that the truth is about: p95 below this. */
export const latencyLimitMs = 150;

const script =
  "import http from 'k6/http';\nexport default function () { http.get(__ENV.BASE_URL + '/'); }\n";

export interface QueueBench {
  /** Four servers of 20 ms each on average. */
  readonly model: QueueModel;
  /** Requests per second at which exactly 5 % are slower than the limit, by a long simulation. */
  readonly truth: number;
  readonly seeds: readonly number[];
}

/** What the command line asks for: --seeds, --first-seed, --distribution. Prints the truth. */
export function queueBench(): QueueBench {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "10" },
      "first-seed": { type: "string", default: "1" },
      distribution: { type: "string", default: "lognormal" },
    },
  });
  const service = values.distribution as QueueModel["service"];
  const model: QueueModel = { servers: 4, meanServiceMs: 20, service, arrivals: "even" };
  const truth = trueCapacity(model, { limitMs: latencyLimitMs, allowedShare: 0.05 });
  console.log(`truth: ${truth.toFixed(1)} requests/s with p95 < ${latencyLimitMs} ms`);
  const first = Number(values["first-seed"]);
  return { model, truth, seeds: Array.from({ length: Number(values.seeds) }, (_, k) => first + k) };
}

/** Does `work` in a temporary folder with `script.js`, which makes one request. */
export async function inProject(work: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), "lakh-bench-"));
  try {
    writeFileSync(join(cwd, "script.js"), script);
    await work(cwd);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** Starts a queue target in a process of its own, does `work` with its URL, stops it. */
export async function withTarget<T>(
  { servers, meanServiceMs, service }: QueueModel,
  seed: number,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const target = spawn(
    process.execPath,
    [
      join(root, "dist", "bench", "queue-target.js"),
      `--servers=${servers}`,
      `--service-ms=${meanServiceMs}`,
      `--distribution=${service}`,
      `--seed=${seed}`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const [line] = await target.stdout.setEncoding("utf8").take(1).toArray();
    return await work((JSON.parse(String(line)) as { url: string }).url);
  } finally {
    target.kill("SIGTERM");
  }
}

/** Standard output of a command of lakh. */
export function lakh(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "bin", "lakh"), ...args], {
      cwd,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.once("error", reject);
    child.once("close", () => resolve(text));
  });
}

/**
 * `lakh limit` against targets of known capacity, for real: one search a seed, each against a queue target of its own
 * process, compared with the truth, which a long simulation of the same queue gives. Wants a quiet machine.
 *
 *     node dist/bench/limit.js [--seeds 10] [--first-seed 1] [--distribution lognormal]
 *
 * A search takes about two and a half minutes. Ends with 1 unless nine of ten searches lie within 5 % of the truth and
 * none claims more than 5 % above it.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { LimitRecord } from "../src/record/index.ts";
import { type QueueModel, trueCapacity } from "./queue.ts";

const root = join(import.meta.dirname, "..", "..");
const limitMs = 150;
const script =
  "import http from 'k6/http';\nexport default function () { http.get(__ENV.BASE_URL + '/'); }\n";

function run(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.once("error", reject);
    child.once("close", () => resolve(text));
  });
}

/** Starts the target, searches, stops it. */
async function searchOnce(seed: number, model: QueueModel, cwd: string): Promise<LimitRecord> {
  const target = spawn(
    process.execPath,
    [
      join(root, "dist", "bench", "queue-target.js"),
      `--servers=${model.servers}`,
      `--service-ms=${model.meanServiceMs}`,
      `--distribution=${model.service}`,
      `--seed=${seed}`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const [line] = await target.stdout.setEncoding("utf8").take(1).toArray();
    const { url } = JSON.parse(String(line)) as { url: string };
    const flags = ["--trial=8s", "--warm-up=2s", "--start-rate=25", "--quiet", "--json"];
    const objectives = [`--objective=p(95)<${limitMs}`, "--objective=errors<1%"];
    const lakh = join(root, "bin", "lakh");
    const args = [lakh, "limit", ...flags, ...objectives, "-e", `BASE_URL=${url}`, "script.js"];
    return JSON.parse(await run(args, cwd)) as LimitRecord;
  } finally {
    target.kill("SIGTERM");
  }
}

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "10" },
    "first-seed": { type: "string", default: "1" },
    distribution: { type: "string", default: "lognormal" },
  },
});
const model: QueueModel = {
  servers: 4,
  meanServiceMs: 20,
  service: values.distribution as QueueModel["service"],
  arrivals: "even",
};
const truth = trueCapacity(model, { limitMs, allowedShare: 0.05 });
console.log(`truth: ${truth.toFixed(1)} requests/s with p95 < ${limitMs} ms`);
const cwd = mkdtempSync(join(tmpdir(), "lakh-bench-limit-"));
const ratios: number[] = [];
try {
  writeFileSync(join(cwd, "script.js"), script);
  for (let k = 0; k < Number(values.seeds); k++) {
    const seed = Number(values["first-seed"]) + k;
    const limit = await searchOnce(seed, model, cwd);
    const ratio = (limit.sustainable?.requestsPerSecond ?? 0) / truth;
    ratios.push(ratio);
    const searched = limit.trials.filter(({ purpose }) => purpose !== "recovery").length;
    console.log(`seed ${seed}: ${ratio.toFixed(3)} of it, ${searched} trials; ${limit.sentence}`);
  }
} finally {
  rmSync(cwd, { recursive: true, force: true });
}
const hits = ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.05).length;
const over = ratios.filter((ratio) => ratio > 1.05).length;
console.log(`${hits} of ${ratios.length} within 5 %, ${over} more than 5 % above`);
process.exitCode = hits >= 0.9 * ratios.length && over === 0 ? 0 : 1;

/**
 * `lakh limit` against targets of known capacity, for real: one search a seed, each against a queue target of its own
 * process, compared with the truth, which a long simulation of the same queue gives. Wants a quiet machine.
 *
 *     node dist/bench/limit.js [--seeds 10] [--first-seed 1] [--distribution lognormal]
 *
 * A search takes about two and a half minutes. Ends with 1 unless nine of ten searches lie within 5 % of the truth and
 * none claims more than 5 % above it.
 */
import type { LimitRecord } from "../src/record/index.ts";
import { inProject, lakh, latencyLimitMs, queueBench, withTarget } from "./queue-bench.ts";

async function search(url: string, cwd: string): Promise<LimitRecord> {
  const flags = ["--trial=8s", "--warm-up=2s", "--start-rate=25", "--quiet", "--json"];
  const objectives = [`--objective=p(95)<${latencyLimitMs}`, "--objective=errors<1%"];
  const args = ["limit", ...flags, ...objectives, "-e", `BASE_URL=${url}`, "script.js"];
  return JSON.parse(await lakh(args, cwd)) as LimitRecord;
}

const { model, truth, seeds } = queueBench();
const ratios: number[] = [];
await inProject(async (cwd) => {
  for (const seed of seeds) {
    const limit = await withTarget(model, seed, (url) => search(url, cwd));
    const ratio = (limit.sustainable?.requestsPerSecond ?? 0) / truth;
    ratios.push(ratio);
    const searched = limit.trials.filter(({ purpose }) => purpose !== "recovery").length;
    console.log(`seed ${seed}: ${ratio.toFixed(3)} of it, ${searched} trials; ${limit.sentence}`);
  }
});
const hits = ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.05).length;
const over = ratios.filter((ratio) => ratio > 1.05).length;
console.log(`${hits} of ${ratios.length} within 5 %, ${over} more than 5 % above`);
process.exitCode = hits >= 0.9 * ratios.length && over === 0 ? 0 : 1;

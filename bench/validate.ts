/**
 * `lakh validate` against targets of known capacity, for real: 20 % below it a campaign must pass, 20 % above it must
 * fail. Wants a quiet machine.
 *
 *     node dist/bench/validate.js [--seeds 10] [--first-seed 1] [--distribution lognormal]
 *
 * A seed takes about two minutes. Ends with 1 unless every campaign has the right verdict.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inProject, lakh, latencyLimitMs, queueBench, withTarget } from "./queue-bench.ts";

const users = 100;

/** Daily users who make one request each, all of them within an hour: `ratePerSecond` at its peak. */
function configFor(ratePerSecond: number, url: string): object {
  const dau = ratePerSecond * 3_600;
  return {
    script: "script.js",
    target: { url },
    audience: {
      dau,
      requestsPerUserPerDay: 1,
      peakWindowHours: 1,
      peakToAverage: 1,
      concurrencyShare: users / dau,
    },
    objectives: {
      p95: latencyLimitMs,
      errorRate: "1%",
      requestsPerSecond: "not judged",
      cpu: "not judged",
      memory: "not judged",
    },
    phases: [{ name: "peak", users, duration: "45s", warmUp: "5s" }],
  };
}

async function verdictAt(ratePerSecond: number, url: string, cwd: string): Promise<string> {
  writeFileSync(join(cwd, "lakh.config.json"), JSON.stringify(configFor(ratePerSecond, url)));
  const report = JSON.parse(await lakh(["validate", "--quiet", "--json"], cwd)) as {
    readonly verdict: string;
    readonly sentence: string;
  };
  return report.verdict;
}

const { model, truth, seeds } = queueBench();
const cases = [
  { share: 0.8, wanted: "PASS" },
  { share: 1.2, wanted: "FAIL" },
] as const;
let right = 0;
await inProject(async (cwd) => {
  for (const seed of seeds) {
    const verdicts: string[] = [];
    for (const { share, wanted } of cases) {
      // A target of its own each: the queue of an overloaded one is long.
      const verdict = await withTarget(model, seed, (url) => verdictAt(share * truth, url, cwd));
      verdicts.push(`${share} of it ${verdict}`);
      if (verdict === wanted) right++;
    }
    console.log(`seed ${seed}: ${verdicts.join(", ")}`);
  }
});
const all = cases.length * seeds.length;
console.log(`${right} of ${all} right`);
process.exitCode = right === all ? 0 : 1;

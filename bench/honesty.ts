/**
 * When does the generator measure itself, and does the judge see it? A target that answers after a known delay, in a
 * process of its own that tells what its answers truly took; lakh, one worker, driven into saturation step by step: by
 * more load, and by processes that take its processor from it. Each iteration costs about half a millisecond of CPU, as a
 * heavy script does, so that few connections are enough.
 *
 *     node dist/bench/honesty.js [--steady 6s]
 *
 * Prints a row a step. Fails when a reported p95 was off by more than 10 % and 5 ms while the judge called the generator
 * healthy: then a limit in src/judge/generator.ts is too loose. Linux only (taskset); lakh has processor 0, the target 1.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { judge } from "../src/judge/index.ts";
import { ExponentialHistogram } from "../src/metrics/index.ts";
import type { GeneratorHealthRecord, RunRecord } from "../src/record/index.ts";

const root = resolve(import.meta.dirname, "..", "..");
const delayMs = 20;

/** Requests a second, and how many processes share lakh's processor. */
const steps: readonly (readonly [ratePerSecond: number, busyProcesses: number])[] = [
  [200, 0],
  [600, 0],
  [900, 0],
  [1_200, 0],
  [1_400, 0],
  [1_600, 0],
  [1_800, 0],
  [2_200, 0],
  [400, 1],
  [400, 2],
  [400, 3],
  [600, 3],
];

const script = `
  import http from "k6/http";
  export default function () {
    http.get(__ENV.BASE_URL + "/small");
    for (const now = Date.now(); Date.now() === now; );
  }
`;

interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

interface Row {
  readonly step: (typeof steps)[number];
  readonly record: RunRecord;
  readonly truth: Percentiles;
}

/** Off by so much, a latency is no measurement of the target any more. */
const [tolerableShare, tolerableMs] = [0.1, 5];

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { steady: { type: "string", default: "6s" } } });
  console.log(`| ${columns.join(" | ")} |\n|${" --- |".repeat(columns.length)}`);
  let unseen = 0;
  for (const step of steps) {
    const row = await measure(step, values.steady);
    console.log(`| ${cellsOf(row).join(" | ")} |`);
    if (isUnseen(row)) unseen++;
  }
  console.log(
    unseen === 0
      ? "The judge called no generator healthy whose p95 was off."
      : `${unseen} steps were off and called healthy.`,
  );
  return unseen === 0 ? 0 : 1;
}

async function measure(step: Row["step"], steady: string): Promise<Row> {
  const [ratePerSecond, busyProcesses] = step;
  const folder = mkdtempSync(join(tmpdir(), "lakh-honesty-"));
  const started: ChildProcess[] = [];
  try {
    const target = pinned(1, [
      join(root, "dist", "bench", "target.js"),
      "--port=0",
      `--delay-ms=${delayMs}`,
    ]);
    started.push(target);
    const { url } = JSON.parse(await firstLine(target)) as { url: string };
    for (let k = 0; k < busyProcesses; k++) started.push(pinned(0, ["-e", "for (;;);"]));
    writeFileSync(join(folder, "script.js"), script);
    runLakh(folder, { url, ratePerSecond, steady });
    const truth = (await (await fetch(`${url}/__truth`)).json()) as Percentiles;
    return { step, record: readRecord(folder), truth };
  } finally {
    for (const child of started) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** 20,000 daily users with the defaults of `--dau`: one request a second for each 0.45 requests of a user's day. */
function runLakh(
  cwd: string,
  { url, ratePerSecond, steady }: { url: string; ratePerSecond: number; steady: string },
): void {
  const args = [
    [
      "-c",
      "0",
      process.execPath,
      join(root, "bin", "lakh"),
      "run",
      "--quiet",
      "--no-report",
      "--workers",
      "1",
    ],
    ["--dau", "20000", "--requests-per-user", String(ratePerSecond * 0.45)],
    ["--warm-up", "3s", "--steady", steady, "-e", `BASE_URL=${url}`, "script.js"],
  ].flat();
  const { status, stderr } = spawnSync("taskset", args, { cwd, encoding: "utf8" });
  if (![0, 3, 4, 99].includes(status ?? -1))
    throw new Error(`lakh ended with ${status}: ${stderr}`);
}

function readRecord(cwd: string): RunRecord {
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  return JSON.parse(readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8")) as RunRecord;
}

function pinned(processor: number, args: readonly string[]): ChildProcess {
  return spawn("taskset", ["-c", String(processor), process.execPath, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((told) => createInterface({ input: child.stdout! }).once("line", told));
}

const columns = [
  "requests/s",
  "others on the core",
  "started",
  "utilisation",
  "loop delay p99",
  "start lag p99",
  "GC",
  "reported p50 / p95 / p99",
  "from due p95",
  "truth p50 / p95 / p99",
  "p95 off by",
  "judge",
];

function cellsOf(row: Row): string[] {
  const { record, truth, step } = row;
  const reported = percentilesOf(record.steadyLatency);
  const due =
    record.steadyResponse === undefined ? undefined : percentilesOf(record.steadyResponse);
  const { started, dropped } = record.iterations;
  const three = ({ p50Ms, p95Ms, p99Ms }: Percentiles): string =>
    [p50Ms, p95Ms, p99Ms].map(formatMs).join(" / ");
  return [
    ...step.map(String),
    `${((100 * started) / (started + dropped)).toFixed(0)} %`,
    typical(record, (reading) => reading.loopUtilization)?.toFixed(2) ?? "-",
    formatMs(typical(record, (reading) => reading.loopDelayP99Ms)),
    formatMs(typical(record, (reading) => reading.startLagP99Ms)),
    `${(100 * (typical(record, (reading) => reading.gcShare) ?? 0)).toFixed(1)} %`,
    three(reported),
    formatMs(due?.p95Ms),
    three(truth),
    formatMs(reported.p95Ms - truth.p95Ms),
    judge(record).generator.status,
  ];
}

function isUnseen({ record, truth }: Row): boolean {
  const offMs = Math.abs(percentilesOf(record.steadyLatency).p95Ms - truth.p95Ms);
  const isOff = offMs > tolerableMs && offMs > tolerableShare * truth.p95Ms;
  return isOff && judge(record).generator.status === "healthy";
}

function percentilesOf(distribution: RunRecord["steadyLatency"]): Percentiles {
  const histogram = ExponentialHistogram.fromPlain(distribution);
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((share) => histogram.quantile(share));
  return { p50Ms: p50Ms!, p95Ms: p95Ms!, p99Ms: p99Ms! };
}

/** The median of the steady state's seconds. */
function typical(
  { generatorHealth, steadyState: { fromMs, toMs } }: RunRecord,
  of: (reading: GeneratorHealthRecord) => number | null,
): number | undefined {
  const levels = generatorHealth
    .filter(({ atMs }) => atMs >= fromMs - 500 && atMs < toMs - 500)
    .map(of)
    .filter((level) => level !== null)
    .sort((a, b) => a - b);
  return levels[Math.floor(levels.length / 2)];
}

function formatMs(ms: number | undefined): string {
  return ms === undefined ? "-" : ms.toFixed(Math.abs(ms) < 100 ? 1 : 0);
}

process.exitCode = await main();

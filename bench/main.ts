/**
 * `npm run bench`: what the generator costs. The target is a small static server pinned to one core, the generator is
 * pinned to the other; the requests are those that the target counted, the CPU time is the operating system's.
 *
 *     node --expose-gc dist/bench/main.js [--vus 5000] [--seconds 15] [--warm-up 10]
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { benchRecordSample, benchShortIntervals, describeResult } from "./micro/record-sample.ts";

const root = resolve(import.meta.dirname, "..", "..");

/** What issue-independent acceptance asks of the guide's journey at 5,000 VUs on one core. */
const required = { requestsPerCpuSecond: 20_000, peakRssMb: 300 };

interface CpuReading {
  readonly cpuSeconds: number;
  readonly requests: number;
}

/** Prefix that pins a command to one core, where the machine has several and taskset exists. */
function pin(core: number): string[] {
  const canPin = availableParallelism() > 1 && existsSync("/usr/bin/taskset");
  return canPin ? ["taskset", "-c", String(core)] : [];
}

function start(
  command: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): ChildProcess {
  const [program, ...args] = command;
  return spawn(program!, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
}

async function listeningUrl(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const event = JSON.parse(line) as { event?: string; url?: string };
    if (event.event === "listening" && event.url !== undefined) return event.url;
  }
  throw new Error("the bench target did not start");
}

/** User + system CPU seconds of a process, from the kernel. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function peakRssMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1_024;
}

async function readings(pid: number, targetUrl: string): Promise<CpuReading> {
  const response = await fetch(`${targetUrl}/__count`);
  const { count: requests } = (await response.json()) as { count: number };
  return { cpuSeconds: cpuSeconds(pid), requests };
}

async function benchJourney(options: {
  vus: number;
  seconds: number;
  warmUpSeconds: number;
}): Promise<boolean> {
  const target = start([
    ...pin(1),
    process.execPath,
    join(root, "dist", "bench", "target.js"),
    "--port",
    "0",
  ]);
  const scratch = mkdtempSync(join(tmpdir(), "lakh-bench-"));
  try {
    const targetUrl = await listeningUrl(target);
    const script = join(root, "bench", "journey.js");
    const durationSeconds = options.warmUpSeconds + options.seconds + 3;
    const generator = start(
      [
        ...pin(0),
        process.execPath,
        join(root, "bin", "lakh"),
        "run",
        "--quiet",
        "--vus",
        String(options.vus),
        "--duration",
        `${durationSeconds}s`,
        "-e",
        `BASE_URL=${targetUrl}`,
        script,
      ],
      { cwd: scratch },
    );
    generator.stderr?.pipe(process.stderr);
    generator.stdout?.resume();
    await sleep(options.warmUpSeconds * 1_000);
    const before = await readings(generator.pid!, targetUrl);
    const startedAtMs = performance.now();
    await sleep(options.seconds * 1_000);
    const after = await readings(generator.pid!, targetUrl);
    const elapsedSeconds = (performance.now() - startedAtMs) / 1_000;
    const rssMb = peakRssMb(generator.pid!);
    await new Promise((ended) => generator.once("exit", ended));
    return report(before, after, { elapsedSeconds, rssMb, vus: options.vus });
  } finally {
    target.kill();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function report(
  before: CpuReading,
  after: CpuReading,
  run: { elapsedSeconds: number; rssMb: number; vus: number },
): boolean {
  const requests = after.requests - before.requests;
  const cpu = after.cpuSeconds - before.cpuSeconds;
  const perCpuSecond = requests / cpu;
  const lines: [string, string, string][] = [
    ["requests per second", (requests / run.elapsedSeconds).toFixed(0), ""],
    ["generator cores", (cpu / run.elapsedSeconds).toFixed(2), ""],
    [
      "requests per CPU-second",
      perCpuSecond.toFixed(0),
      `${(perCpuSecond / required.requestsPerCpuSecond).toFixed(2)} x the required ${required.requestsPerCpuSecond}`,
    ],
    [
      "peak RSS, MB",
      run.rssMb.toFixed(0),
      `${(run.rssMb / required.peakRssMb).toFixed(2)} x the allowed ${required.peakRssMb}`,
    ],
  ];
  console.log(`\nthe guide's journey, ${run.vus} VUs, generator on one core`);
  for (const [name, value, ratio] of lines)
    console.log(`  ${name.padEnd(26)}${value.padStart(10)}   ${ratio}`);
  return perCpuSecond >= required.requestsPerCpuSecond && run.rssMb <= required.peakRssMb;
}

const { values } = parseArgs({
  options: {
    vus: { type: "string", default: "5000" },
    seconds: { type: "string", default: "15" },
    "warm-up": { type: "string", default: "10" },
  },
});
console.log(`recording: ${describeResult(benchRecordSample())}`);
console.log(`recording in short intervals: ${describeResult(benchShortIntervals())}`);
const met = await benchJourney({
  vus: Number(values.vus),
  seconds: Number(values.seconds),
  warmUpSeconds: Number(values["warm-up"]),
});
console.log(met ? "\nboth limits are met" : "\nA LIMIT IS NOT MET");

/**
 * What a load generator costs, from outside and alike for every tool: the target counts the requests, the kernel tells
 * CPU time and memory of the whole process tree. Everything is read at two instants of a steady load, so starting,
 * warming up and ending are left out. Linux only: it reads /proc, and pins with taskset.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** Percentiles of times to answer; one is missing when the tool does not tell it. */
export interface Percentiles {
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** What measuring needs of a target. */
export interface MeasuredTarget {
  readonly pid: number;
  readonly urls: { readonly http: string };
  /** Requests answered so far, those for this very count left out. */
  requestCount(): Promise<number>;
}

/** When to read: after so much time, or after so many requests. */
export type Window =
  | { readonly warmUpSeconds: number; readonly seconds: number }
  | { readonly fromRequests: number; readonly toRequests: number };

/** What one run of one tool cost between the two instants. */
export interface Cost {
  readonly requests: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly targetCpuSeconds: number;
  /** CPU time that neither generator nor target nor bench had, and that nobody used; over all cores. */
  readonly otherCpuSeconds: number;
  readonly idleCpuSeconds: number;
  /** Resident memory at the second instant, and how much it had grown since the first. */
  readonly rssMb: number;
  readonly rssGrowthMb: number;
  /** The most resident memory that there was until the second instant. */
  readonly peakRssMb: number;
  /** From the start of the process until the target had a request, to 10 ms. */
  readonly firstRequestMs: number;
  /** What requests of the bench's own met beside the load. */
  readonly probe: Percentiles;
  readonly stdout: string;
}

/** The core of the target and of the bench itself; generators begin at core 0. */
export const targetCore: number = 1;
const firstRequestWithinMs = 180_000;
const endWithinMs = 120_000;
const countWithinMs = 30 * 60_000;

const children = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** Ends the bench with what it started when somebody ends it; a signal alone would leave the children running. */
export function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => process.exit(130));
}

/** Read before anything is pinned: afterwards the bench itself sees one core. */
export const coreCount: number = availableParallelism();

/** Whether generator and target can have a core each. */
export const canPin: boolean = coreCount > 1 && existsSync("/usr/bin/taskset");

/**
 * The cores for a generator of so many threads. With more than two cores the target keeps its own; on two cores the
 * second thread shares with it.
 */
export function generatorCores(threads: number): number[] {
  const cores = Array.from({ length: coreCount }, (_, core) => core);
  const own = cores.filter((core) => core !== targetCore).slice(0, threads);
  return own.length < threads ? [...own, targetCore] : own;
}

/** Puts the bench itself beside the target, out of the generator's way. */
export function pinSelf(): void {
  if (canPin) spawnSync("taskset", ["-a", "-pc", String(targetCore), String(process.pid)]);
}

/** Starts a target's process on the target's core, with as many open files as are allowed. */
export function startTargetProcess(argv: readonly string[]): ChildProcess {
  return start(argv, [targetCore], {});
}

function start(
  argv: readonly string[],
  cores: readonly number[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv },
): ChildProcess {
  const pinned = canPin ? ["taskset", "-c", cores.join(",")] : [];
  const limited = ["sh", "-c", 'ulimit -n "$(ulimit -Hn)"; exec "$@"', "sh", ...pinned, ...argv];
  const child = spawn(limited[0]!, limited.slice(1), {
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

/** How a tool is started. */
export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly threads: number;
}

/** Runs a tool against a target and reads both at the window's two instants. Throws when the tool fails. */
export async function measure(
  command: Command,
  target: MeasuredTarget,
  window: Window,
): Promise<Cost> {
  const idleCount = await target.requestCount();
  const startedMs = performance.now();
  const child = start(command.argv, generatorCores(command.threads), { cwd: command.cwd });
  const output = collect(child);
  try {
    const firstRequestMs = await firstRequest(child, target, idleCount, startedMs);
    const between =
      "seconds" in window
        ? await overTime(child.pid!, target, window)
        : await overRequests(child, target, window, idleCount);
    await ended(child);
    return { ...between, firstRequestMs, stdout: output.stdout() };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${output.tail()}`, { cause: error });
  } finally {
    if (children.has(child)) child.kill("SIGKILL");
  }
}

async function firstRequest(
  child: ChildProcess,
  target: MeasuredTarget,
  idleCount: number,
  startedMs: number,
): Promise<number> {
  while ((await target.requestCount()) === idleCount) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}, no request`);
    if (performance.now() - startedMs > firstRequestWithinMs) throw new Error("no request came");
    await sleep(10);
  }
  return performance.now() - startedMs;
}

async function overTime(
  pid: number,
  target: MeasuredTarget,
  window: { warmUpSeconds: number; seconds: number },
): Promise<Omit<Cost, "firstRequestMs" | "stdout">> {
  await sleep(window.warmUpSeconds * 1_000);
  const probe = await startProbe(target);
  const before = await read(pid, target);
  await sleep(window.seconds * 1_000);
  const after = await read(pid, target);
  if (after.rssMb === 0) throw new Error("it ended before the second reading");
  return difference(before, after, probe.stop());
}

/** Memory is the median of the last readings before each count, since a collector makes single readings jump. */
async function overRequests(
  child: ChildProcess,
  target: MeasuredTarget,
  window: { fromRequests: number; toRequests: number },
  idleCount: number,
): Promise<Omit<Cost, "firstRequestMs" | "stdout">> {
  const probe = await startProbe(target);
  const startedMs = performance.now();
  const until = async (requests: number): Promise<Reading> => {
    const lastRssMb: number[] = [];
    for (;;) {
      const reading = await read(child.pid!, target);
      lastRssMb.push(reading.rssMb);
      if (lastRssMb.length > 20) lastRssMb.shift();
      if (reading.requests - idleCount >= requests) return { ...reading, rssMb: median(lastRssMb) };
      if (child.exitCode !== null) throw new Error(`it ended before ${requests} requests`);
      if (performance.now() - startedMs > countWithinMs) throw new Error("it took too long");
      await sleep(50);
    }
  };
  const before = await until(window.fromRequests);
  const after = await until(window.toRequests);
  return difference(before, after, probe.stop());
}

interface Reading extends Tree {
  readonly atMs: number;
  readonly requests: number;
  readonly targetCpuSeconds: number;
  readonly benchCpuSeconds: number;
  readonly machine: { readonly busyCpuSeconds: number; readonly idleCpuSeconds: number };
}

async function read(pid: number, target: MeasuredTarget): Promise<Reading> {
  const requests = await target.requestCount();
  const targetCpuSeconds = readTree(target.pid).cpuSeconds;
  const { user, system } = process.cpuUsage();
  return {
    atMs: performance.now(),
    requests,
    targetCpuSeconds,
    machine: readMachine(),
    benchCpuSeconds: (user + system) / 1e6,
    ...readTree(pid),
  };
}

function difference(
  before: Reading,
  after: Reading,
  probe: Percentiles & { readonly sent: number },
): Omit<Cost, "firstRequestMs" | "stdout"> {
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  const targetCpuSeconds = after.targetCpuSeconds - before.targetCpuSeconds;
  const benchCpuSeconds = after.benchCpuSeconds - before.benchCpuSeconds;
  const busyCpuSeconds = after.machine.busyCpuSeconds - before.machine.busyCpuSeconds;
  const ownCpuSeconds = cpuSeconds + targetCpuSeconds + benchCpuSeconds;
  return {
    requests: after.requests - before.requests - probe.sent,
    seconds: (after.atMs - before.atMs) / 1_000,
    cpuSeconds,
    targetCpuSeconds,
    otherCpuSeconds: Math.max(0, busyCpuSeconds - ownCpuSeconds),
    idleCpuSeconds: after.machine.idleCpuSeconds - before.machine.idleCpuSeconds,
    rssMb: after.rssMb,
    rssGrowthMb: after.rssMb - before.rssMb,
    peakRssMb: after.peakRssMb,
    probe: { p50Ms: probe.p50Ms, p95Ms: probe.p95Ms, p99Ms: probe.p99Ms },
  };
}

interface Tree {
  readonly cpuSeconds: number;
  readonly rssMb: number;
  readonly peakRssMb: number;
}

let knownTicksPerSecond: number | undefined;

function ticksPerSecond(): number {
  knownTicksPerSecond ??= Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return knownTicksPerSecond;
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. What a hypervisor took is busy. */
function readMachine(): Reading["machine"] {
  const fields = readProc("/proc/stat").split("\n", 1)[0]!.split(/ +/u).slice(1, 9).map(Number);
  const sum = (ticks: readonly number[]): number =>
    ticks.reduce((all, one) => all + one, 0) / ticksPerSecond();
  const idle = [fields[3]!, fields[4]!];
  return { busyCpuSeconds: sum(fields) - sum(idle), idleCpuSeconds: sum(idle) };
}

/** CPU time (children that ended included) and memory of a process and all that descend from it. */
export function readTree(root: number): Tree {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/u.test(name) ? readStat(Number(name))?.parent : undefined;
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const descends = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined; at = parents.get(at))
      if (at === root) return true;
    return false;
  };
  let [ticks, rssMb, peakRssMb] = [0, 0, 0];
  for (const pid of [...parents.keys()].filter(descends)) {
    ticks += readStat(pid)?.ticks ?? 0;
    rssMb += readMb(pid, "VmRSS");
    peakRssMb += readMb(pid, "VmHWM");
  }
  return { cpuSeconds: ticks / ticksPerSecond(), rssMb, peakRssMb };
}

/** Undefined when the process has ended meanwhile. */
function readStat(pid: number): { parent: number; ticks: number } | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(") ") + 2).split(" "); // from field 3, the state, on
  if (fields.length < 15) return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), ticks };
}

function readMb(pid: number, field: "VmRSS" | "VmHWM"): number {
  const found = new RegExp(`${field}:\\s+(\\d+) kB`, "u").exec(readProc(`/proc/${pid}/status`));
  return found === null ? 0 : Number(found[1]) / 1_024;
}

function readProc(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // the process has ended
  }
}

/**
 * A second opinion on what the target's answers take: 50 small requests a second over a connection of their own, sent
 * from the target's core. A target that tells its own truth needs none.
 */
async function startProbe(
  target: MeasuredTarget,
): Promise<{ stop(): Percentiles & { readonly sent: number } }> {
  const url = new URL(target.urls.http);
  const socket: Socket = connect(Number(url.port), url.hostname).setNoDelay();
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const durationsMs: number[] = [];
  let sent = 0;
  let sentAtMs: number | undefined;
  socket.on("error", () => socket.destroy()); // the target is at its end; what came until now counts
  socket.on("data", () => {
    if (sentAtMs !== undefined) durationsMs.push(performance.now() - sentAtMs);
    sentAtMs = undefined;
  });
  const timer = setInterval(() => {
    if (sentAtMs !== undefined || socket.destroyed) return;
    sentAtMs = performance.now();
    sent++;
    socket.write("GET /small HTTP/1.1\r\nHost: bench\r\n\r\n");
  }, 20);
  return {
    stop: () => {
      clearInterval(timer);
      socket.destroy();
      return { sent, ...percentilesOf(durationsMs) };
    },
  };
}

/** Percentiles of plain durations, by nearest rank. */
export function percentilesOf(durationsMs: readonly number[]): Percentiles {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const at = (share: number): number | undefined => sorted[Math.ceil(share * sorted.length) - 1];
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

/** The middle value; of an even number the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}

function collect(child: ChildProcess): { stdout(): string; tail(): string } {
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]!.setEncoding("utf8").on("data", (chunk: string) => {
      texts[name] = (texts[name] + chunk).slice(-1_000_000);
    });
  return { stdout: () => texts.stdout, tail: () => `${texts.stdout}${texts.stderr}`.slice(-2_000) };
}

async function ended(child: ChildProcess): Promise<void> {
  const deadline = performance.now() + endWithinMs;
  while (child.exitCode === null && child.signalCode === null) {
    if (performance.now() > deadline) throw new Error("it did not end");
    await sleep(50);
  }
  if (child.exitCode !== 0) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
}

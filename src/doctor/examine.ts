/** `lakh doctor`: reads what there is to know of this machine and of what it will talk to, and judges it. */
import { readFile } from "node:fs/promises";
import type { Clock } from "../base/clock.ts";
import { readClock, readClockFacts } from "./facts/clock.ts";
import { readLimits } from "./facts/limits.ts";
import { readMemory } from "./facts/memory.ts";
import { readPorts } from "./facts/ports.ts";
import { readCpuTimes, readProcessor } from "./facts/processor.ts";
import { readProgram } from "./facts/program.ts";
import { readPrometheus } from "./facts/prometheus.ts";
import { readTarget } from "./facts/target.ts";
import { readKubectl, type ToolFacts } from "./facts/tools.ts";
import type { Finding, PlannedLoad } from "./finding.ts";
import { judgeClock } from "./judge/clock.ts";
import { judgeLimits } from "./judge/limits.ts";
import { judgeMemory } from "./judge/memory.ts";
import { judgePorts } from "./judge/ports.ts";
import { judgeProcessor } from "./judge/processor.ts";
import { judgeProgram } from "./judge/program.ts";
import { judgePrometheus } from "./judge/prometheus.ts";
import { judgeTarget } from "./judge/target.ts";
import { judgeTools } from "./judge/tools.ts";

/** What is to be looked at. */
export interface Examination {
  readonly load: PlannedLoad;
  /** http: or https: URLs. */
  readonly targets: readonly string[];
  readonly prometheus: string | undefined;
  /** Absolute. */
  readonly runsDir: string;
  readonly nodeVersion: string;
  readonly userAgent: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Finds the k6 that lakh would run; rejects with the reason when there is none. */
  readonly findK6: () => Promise<NonNullable<ToolFacts["k6"]>>;
  readonly clock: Clock;
}

/** Findings about one thing, in the order in which they are shown. */
export interface FindingGroup {
  /** "this machine", "https://api.example.com/". */
  readonly about: string;
  readonly findings: readonly Finding[];
}

/** Steal and clock drift are rates: they are read over at least this long. */
const watchMs = 1_000;

export async function examine(examination: Examination): Promise<FindingGroup[]> {
  const { targets, prometheus } = examination;
  const machine = examineMachine(examination);
  const others = await Promise.all([
    ...targets.map((url) => examineTarget(url, examination)),
    ...(prometheus === undefined ? [] : [examinePrometheus(prometheus)]),
    examineTools(examination),
  ]);
  return [await machine, ...others];
}

async function examineMachine(examination: Examination): Promise<FindingGroup> {
  const { load, nodeVersion, runsDir, clock } = examination;
  const clockBefore = readClock(clock);
  const cpuBefore = await readCpuTimes();
  const [limits, ports, memory, program] = await Promise.all([
    readLimits(),
    readPorts(),
    readMemory(),
    readProgram(nodeVersion, runsDir),
  ]);
  const leftMs = watchMs - (clock.nowMs() - clockBefore.nowMs);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, leftMs)));
  const processor = await readProcessor(cpuBefore);
  const clockFacts = await readClockFacts(clock, clockBefore);
  return {
    about: "this machine",
    findings: [
      ...judgeProcessor(processor, load),
      ...judgeMemory(memory, load),
      ...judgeLimits(limits, load),
      ...judgePorts(ports, load),
      ...judgeClock(clockFacts),
      ...judgeProgram(program),
    ],
  };
}

async function examineTarget(url: string, examination: Examination): Promise<FindingGroup> {
  const { clock, env, userAgent } = examination;
  const file = env["SSL_CERT_FILE"];
  const ca = file ? await readFile(file, "utf8").catch(() => undefined) : undefined;
  return { about: url, findings: judgeTarget(await readTarget(url, { clock, userAgent, ca })) };
}

async function examinePrometheus(url: string): Promise<FindingGroup> {
  return { about: `Prometheus at ${url}`, findings: judgePrometheus(await readPrometheus(url)) };
}

async function examineTools({ env, findK6 }: Examination): Promise<FindingGroup> {
  const [found, kubectl] = await Promise.all([
    findK6().then(
      (k6) => ({ k6, k6Problem: undefined }),
      (error: Error) => ({ k6: undefined, k6Problem: error.message }),
    ),
    readKubectl(env),
  ]);
  return { about: "other programs", findings: judgeTools({ ...found, kubectl }) };
}

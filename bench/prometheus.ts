/**
 * What `--out prometheus` costs the generator: 2,000 requests/s into a real Prometheus for a minute, with V8's profiler on
 * every thread. The figure is the sender's share of all CPU time of one run, so neither the machine's speed nor its
 * other work is in it. Whatever is called from `outputs` is the sender's, and the main thread's whole HTTP client.
 *
 *     node dist/bench/prometheus.js [--seconds 60] [--rate 2000] [--endpoints 10]
 *
 * Ends with 1 unless the share is below 3 % and Prometheus has counted what the summary says.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { RunRecord } from "../src/record/index.ts";
import { startPrometheusReceiver } from "../test/support/prometheus-receiver.ts";
import { startTarget } from "./targets.ts";

const allowedShare = 0.03;
const program = resolve(import.meta.dirname, "..", "src", "cli", "main.js");

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    rate: { type: "string", default: "2000" },
    endpoints: { type: "string", default: "10" },
  },
});

const script = `
import http from "k6/http";
import { check } from "k6";
export const options = { scenarios: { steady: {
  executor: "constant-arrival-rate", rate: ${flags.rate}, timeUnit: "1s", duration: "${flags.seconds}s", preAllocatedVUs: 100,
} } };
const names = Array.from({ length: ${flags.endpoints} }, (_, k) => "/endpoint/" + k);
export default function () {
  const answer = http.get(__ENV.BASE_URL + "/small", { tags: { name: names[Math.floor(Math.random() * names.length)] } });
  check(answer, { "status is 200": (r) => r.status === 200 });
}`;

/** A part of what V8 writes. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Microseconds on a CPU. */
interface Times {
  all: number;
  sender: number;
}

function addTimes(times: Times, profile: CpuProfile): void {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const senders = new Set<number>();
  const visit = (id: number, isSenders: boolean): void => {
    const node = byId.get(id)!;
    const { url } = node.callFrame;
    const isOwn = isSenders || url.includes("/dist/src/outputs/") || url.startsWith("node:_http_");
    if (isOwn) senders.add(id);
    for (const child of node.children ?? []) visit(child, isOwn);
  };
  visit(profile.nodes[0]!.id, false);
  for (const [at, id] of profile.samples.entries()) {
    if (byId.get(id)!.callFrame.functionName === "(idle)") continue;
    times.all += profile.timeDeltas[at]!;
    if (senders.has(id)) times.sender += profile.timeDeltas[at]!;
  }
}

async function runLakh(cwd: string, args: readonly string[]): Promise<RunRecord> {
  const profiling = ["--cpu-prof", `--cpu-prof-dir=${join(cwd, "profiles")}`];
  const child = spawn(process.execPath, [...profiling, program, ...args], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise<number | null>((done) => void child.once("close", done));
  if (code !== 0) throw new Error(`lakh ended with ${code}`);
  const [run] = readdirSync(join(cwd, "lakh-runs")).filter((name) => /^\d/u.test(name));
  return JSON.parse(readFileSync(join(cwd, "lakh-runs", run!, "record.json"), "utf8")) as RunRecord;
}

const closing: (() => Promise<void> | void)[] = [];
const scope = { after: (close: () => Promise<void> | void): void => void closing.unshift(close) };
try {
  const cwd = mkdtempSync(join(tmpdir(), "lakh-bench-prometheus-"));
  scope.after(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(join(cwd, "script.js"), script);
  const target = await startTarget({});
  scope.after(() => target.close());
  const prometheus = await startPrometheusReceiver(scope);
  const record = await runLakh(cwd, [
    "run",
    "--quiet",
    "-e",
    `BASE_URL=${target.urls.http}`,
    `--out=prometheus=${prometheus.url}`,
    "script.js",
  ]);
  const times: Times = { all: 0, sender: 0 };
  const profiles = readdirSync(join(cwd, "profiles"));
  for (const name of profiles)
    addTimes(times, JSON.parse(readFileSync(join(cwd, "profiles", name), "utf8")) as CpuProfile);
  const all = `{testid="${record.id}"}`;
  const [counted] = await prometheus.query(`sum(last_over_time(k6_http_reqs_total${all}[1h]))`);
  const [series] = await prometheus.query(`count(last_over_time({testid="${record.id}"}[1h]))`);
  const requests = record.metrics.find(({ name }) => name === "http_reqs")!.values["count"]!;
  const share = times.sender / times.all;
  const seconds = (micros: number): string => `${(micros / 1e6).toFixed(2)} s`;
  console.log(
    `${requests} requests, ${counted!.value![1]} in Prometheus, ${series!.value![1]} series; ` +
      `${profiles.length} threads took ${seconds(times.all)} of CPU, the sender ${seconds(times.sender)}: ${(100 * share).toFixed(2)} %`,
  );
  process.exitCode = share < allowedShare && Number(counted!.value![1]) === requests ? 0 : 1;
} finally {
  for (const close of closing) await close();
}

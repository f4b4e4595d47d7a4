/**
 * What `--out prometheus` costs the generator, as a share of its CPU time: the CPU of a run at 2,000 requests/s that writes
 * to a real Prometheus, and that of the output alone, fed for as long with samples of the same kind in a process that has
 * done what the main thread of a run does anyway. Both are the kernel's accounts, which know nothing of what else the
 * machine does. Four endpoints are those of load-tests/omgtv.
 *
 *     node dist/bench/prometheus.js [--seconds 60] [--rate 2000] [--endpoints 4]
 *
 * Ends with 1 unless the share is below 3 % and Prometheus has counted what the summary says.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  createTagInterner,
  MetricAggregate,
  type MetricDelta,
  MetricRegistry,
  SampleStore,
  withTags,
} from "../src/metrics/index.ts";
import { createPrometheusOutput } from "../src/outputs/prometheus/prometheus.ts";
import type { RunRecord } from "../src/record/index.ts";
import { lakhBinary } from "../test/support/cli.ts";
import { outputBench } from "../test/support/outputs.ts";
import { startPrometheusReceiver } from "../test/support/prometheus-receiver.ts";
import { startTarget } from "./targets.ts";

const allowedShare = 0.03;

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    rate: { type: "string", default: "2000" },
    endpoints: { type: "string", default: "4" },
  },
});
const [seconds, rate, endpoints] = [flags.seconds, flags.rate, flags.endpoints].map(Number) as [
  number,
  number,
  number,
];

const script = `
import http from "k6/http";
import { check } from "k6";
export const options = { scenarios: { steady: {
  executor: "constant-arrival-rate", rate: ${rate}, timeUnit: "1s", duration: "${seconds}s", preAllocatedVUs: 200,
} } };
const names = Array.from({ length: ${endpoints} }, (_, k) => "/endpoint/" + k);
export default function () {
  const answer = http.get(__ENV.BASE_URL + "/small", { tags: { name: names[Math.floor(Math.random() * names.length)] } });
  check(answer, { "status is 200": (r) => r.status === 200 });
}`;

async function runLakh(cwd: string, args: readonly string[]): Promise<RunRecord> {
  const child = spawn(
    process.execPath,
    [lakhBinary, "run", "--quiet", "--no-report", ...args, "script.js"],
    {
      cwd,
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const code = await new Promise<number | null>((done) => void child.once("close", done));
  if (code !== 0) throw new Error(`lakh ended with ${code}`);
  const [run] = readdirSync(join(cwd, "lakh-runs")).filter((name) => /^\d/u.test(name));
  return JSON.parse(readFileSync(join(cwd, "lakh-runs", run!, "record.json"), "utf8")) as RunRecord;
}

/** CPU seconds of the whole process while load was sent. */
function cpuOf({ generatorHealth, durationMs }: RunRecord): number {
  const ends = [...generatorHealth.slice(1).map(({ atMs }) => atMs), durationMs];
  return generatorHealth.reduce(
    (sum, { cpuCores, atMs }, k) => sum + ((cpuCores ?? 0) * (ends[k]! - atMs)) / 1_000,
    0,
  );
}

/** What a worker sends in each second of such a run: nine samples a request, three an iteration. */
function makeDeltas(): MetricDelta[] {
  const registry = new MetricRegistry();
  const store = new SampleStore(registry);
  const scenario = withTags(createTagInterner(), { scenario: "steady" });
  const tagSets = Array.from({ length: endpoints }, (_, k) =>
    withTags(scenario, {
      method: "GET",
      status: "200",
      proto: "HTTP/1.1",
      expected_response: "true",
      url: `/endpoint/${k}`,
      name: `/endpoint/${k}`,
    }),
  );
  const add = (name: string, value: number, tags = scenario): void =>
    store.series(registry.get(name)!, tags).add(value);
  const spread = (ms: number): number => ms * Math.exp(Math.random() + Math.random() - 1);
  return Array.from({ length: seconds }, () => {
    for (let n = 0; n < rate; n++) {
      const tags = tagSets[n % endpoints]!;
      const [sending, waiting, receiving] = [spread(0.02), spread(0.4), spread(0.03)];
      add("http_reqs", 1, tags);
      add("http_req_duration", sending + waiting + receiving, tags);
      add("http_req_blocked", spread(0.005), tags);
      add("http_req_connecting", 0, tags);
      add("http_req_tls_handshaking", 0, tags);
      add("http_req_sending", sending, tags);
      add("http_req_waiting", waiting, tags);
      add("http_req_receiving", receiving, tags);
      add("http_req_failed", 0, tags);
      add("checks", 1, scenario);
      add("iteration_duration", waiting + 0.3);
      add("iterations", 1);
      add("data_sent", 90);
    }
    return store.drain();
  });
}

/** What a run does with each second's samples whatever its outputs: sums, and percentiles of the second. */
function collect(deltas: readonly MetricDelta[]): void {
  const aggregate = new MetricAggregate(new MetricRegistry());
  for (const delta of deltas) {
    aggregate.merge(delta, 0);
    const latency = aggregate.takeInterval().trend("http_req_duration")!;
    for (const share of [0.5, 0.95, 0.99]) latency.quantile(share);
  }
}

/** CPU seconds of the output alone, as long as load is sent and until it has stopped: it is opened before, as in a run. */
async function cpuOfOutput(url: string): Promise<number> {
  const deltas = makeDeltas();
  collect(deltas);
  // What making the samples has left behind is not the output's to collect.
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  await sleep(1_000);
  const { context, lines } = outputBench();
  const output = createPrometheusOutput(url, context);
  await output.start();
  const before = process.cpuUsage();
  const totals = new MetricAggregate(new MetricRegistry());
  // The run does this whatever its outputs.
  let merging = 0;
  for (const delta of deltas) {
    await sleep(1_000);
    merging += cpuSecondsOf(() => totals.merge(delta, 0));
    output.addInterval!({ endWallMs: Date.now(), totals });
  }
  await output.stop();
  const { user, system } = process.cpuUsage(before);
  if (lines.length > 0) throw new Error(lines.join("\n"));
  return (user + system) / 1e6 - merging;
}

function cpuSecondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
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
  const [base, out] = [`BASE_URL=${target.urls.http}`, `prometheus=${prometheus.url}`];
  const record = await runLakh(cwd, ["-e", base, "--out", out]);
  const all = `{testid="${record.id}"}`;
  const [counted] = await prometheus.query(`sum(last_over_time(k6_http_reqs_total${all}[1h]))`);
  const [series] = await prometheus.query(`count(last_over_time(${all}[1h]))`);
  const requests = record.metrics.find(({ name }) => name === "http_reqs")!.values["count"]!;
  const [own, generator] = [await cpuOfOutput(prometheus.url), cpuOf(record)];
  const share = own / generator;
  console.log(
    `${requests} requests, ${counted!.value![1]} of them in Prometheus, in ${series!.value![1]} series; ` +
      `the generator took ${generator.toFixed(2)} s of CPU, the output ${own.toFixed(2)} s: ${(100 * share).toFixed(1)} %`,
  );
  process.exitCode = share < allowedShare && Number(counted!.value![1]) === requests ? 0 : 1;
} finally {
  for (const close of closing) await close();
}

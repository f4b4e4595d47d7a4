/**
 * The load generators that the bench knows, one entry each: where it is, how to install it, its command line for a job,
 * and where it tells its percentiles. A tool that cannot do a scenario says so by giving no command, and is left out.
 * Each is told to do its least: no progress, no colours, one thread unless the entry says otherwise.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { orderBody } from "./answers.ts";
import type { Percentiles } from "./measure.ts";
import type { Protocol } from "./targets.ts";

/** How much load, and for how long. */
export type Shape =
  | { readonly kind: "closed"; readonly vus: number }
  | { readonly kind: "ramped"; readonly vus: number; readonly rampSeconds: number }
  | { readonly kind: "open"; readonly ratePerSecond: number; readonly vus: number }
  | { readonly kind: "counted"; readonly iterations: number; readonly vus: number };

/** What a scenario sends. */
export interface Load {
  readonly script: "requests" | "journey" | "layers";
  /** The function of requests.js or layers.js; `default` of journey.js. */
  readonly exec: string;
  readonly shape: Shape;
  readonly protocol: Protocol;
  /** The same for tools that repeat one request; undefined when only scripts can do it. */
  readonly request?: { readonly method: "GET" | "POST"; readonly path: string };
  readonly discardResponseBodies?: boolean;
}

/** A load against a running target. */
export interface Job {
  readonly load: Load;
  readonly url: string;
  readonly seconds: number;
  /** An empty folder of this run alone: the tool's working directory. */
  readonly folder: string;
}

/** How an open load was kept to; only of tools that run scripts, which tell it themselves. */
export interface ScheduleFacts {
  readonly due: number;
  readonly started: number;
  /** The 99th percentile of started - due over the whole run. */
  readonly latenessP99Ms: number;
}

/** A load generator. */
export interface Peer {
  readonly name: string;
  readonly install: string;
  readonly threads: number;
  /** Arguments that print the version. */
  readonly version: readonly string[];
  /** The program and what stands before its arguments; undefined when it is not installed. */
  find(): readonly string[] | undefined;
  /** Writes what the tool needs into the job's folder; its arguments, or undefined when it cannot do this load. */
  prepare(job: Job): readonly string[] | undefined;
  percentiles(job: Job, stdout: string): Percentiles;
  schedule?(job: Job): ScheduleFacts | undefined;
}

const root = resolve(import.meta.dirname, "..", "..");

/** Every tool of the bench, by name. */
export const peers: ReadonlyMap<string, Peer> = new Map(
  [
    lakh("lakh", 1),
    lakh("lakh --workers 2", 2),
    k6(),
    wrk(),
    vegeta(),
    oha(),
    autocannon(),
    artillery(),
    locust(),
  ].map((peer) => [peer.name, peer]),
);

/** The version that a tool tells, in one line. */
export function versionOf(peer: Peer, program: readonly string[]): string {
  const { stdout, stderr } = spawnSync(program[0]!, [...program.slice(1), ...peer.version], {
    encoding: "utf8",
  });
  const line = `${stdout}\n${stderr}`.split("\n").find((text) => /\d+\.\d+/u.test(text));
  return line?.trim() ?? "of unknown version";
}

function lakh(name: string, threads: number): Peer {
  return {
    ...scripted(
      name,
      threads > 1 ? ["--no-report", "--workers", String(threads)] : ["--no-report"],
    ),
    install: "npm ci (this repository)",
    threads,
    version: ["--version"],
    find: () => [process.execPath, join(root, "bin", "lakh")],
  };
}

function k6(): Peer {
  return {
    ...scripted("k6", ["--no-usage-report"]),
    install: "go install go.k6.io/k6/v2@latest",
    threads: 1,
    version: ["version"],
    find: () => onPath("k6"),
  };
}

/** lakh and k6 run the same scripts with the same options. */
function scripted(
  name: string,
  extra: readonly string[],
): Pick<Peer, "name" | "prepare" | "percentiles" | "schedule"> {
  return {
    name,
    prepare: ({ load, url, seconds }) =>
      [
        ["run", "--quiet", ...extra, "--summary-export", "summary.json"],
        ["-e", `BASE_URL=${url}`, "-e", `BODY=${orderBody}`],
        ["-e", `RATE=${load.shape.kind === "open" ? load.shape.ratePerSecond : 1}`],
        ["-e", `OPTIONS=${JSON.stringify(scriptOptions(load, seconds))}`],
        join(root, "bench", "scripts", `${load.script}.js`),
      ].flat(),
    percentiles: ({ folder }) => {
      const duration = exportedMetrics(folder)["http_req_duration"]!;
      return { p50Ms: duration["med"], p95Ms: duration["p(95)"], p99Ms: duration["p(99)"] };
    },
    schedule: ({ load: { shape }, seconds, folder }) => {
      const { iterations, start_lateness: lateness } = exportedMetrics(folder);
      if (shape.kind !== "open" || lateness === undefined) return undefined;
      return {
        due: shape.ratePerSecond * seconds,
        started: iterations!["count"]!,
        latenessP99Ms: lateness["p(99)"]!,
      };
    },
  };
}

function scriptOptions(load: Load, seconds: number): object {
  return {
    scenarios: {
      load: { ...executorOptions(load.shape, seconds), exec: load.exec, gracefulStop: "1s" },
    },
    insecureSkipTLSVerify: true,
    discardResponseBodies: load.discardResponseBodies ?? false,
    summaryTrendStats: ["avg", "med", "p(95)", "p(99)", "max"],
  };
}

function executorOptions(shape: Shape, seconds: number): object {
  const { vus } = shape;
  const duration = `${seconds}s`;
  switch (shape.kind) {
    case "closed":
      return { executor: "constant-vus", vus, duration };
    case "ramped":
      return {
        executor: "ramping-vus",
        stages: [
          { duration: `${shape.rampSeconds}s`, target: vus },
          { duration: `${seconds - shape.rampSeconds}s`, target: vus },
        ],
      };
    case "open":
      return {
        executor: "constant-arrival-rate",
        rate: shape.ratePerSecond,
        timeUnit: "1s",
        duration,
        preAllocatedVUs: vus,
        maxVUs: vus,
      };
    case "counted": {
      const { iterations } = shape;
      return { executor: "shared-iterations", vus, iterations, maxDuration: "1h" };
    }
  }
}

/** What --summary-export wrote, by k6's names. */
function exportedMetrics(folder: string): Record<string, Record<string, number>> {
  const summary = readJson(folder, "summary.json") as {
    metrics: Record<string, Record<string, number>>;
  };
  return summary.metrics;
}

function wrk(): Peer {
  return {
    name: "wrk",
    install: "apt-get install wrk",
    threads: 1,
    version: ["--version"],
    find: () => onPath("wrk"),
    prepare: ({ load, url, seconds, folder }) => {
      if (load.request === undefined || load.shape.kind !== "closed" || load.protocol === "http2")
        return undefined;
      const { method, path } = load.request;
      const body = method === "POST" ? `wrk.body = '${orderBody}'` : "";
      writeFileSync(
        join(folder, "bench.lua"),
        `wrk.method = "${method}"\nwrk.headers["Content-Type"] = "application/json"\n${body}
function done(summary, latency)
  io.write(string.format('\\n{"p50":%d,"p95":%d,"p99":%d}\\n',
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end\n`,
      );
      const { vus } = load.shape;
      return ["-t1", `-c${vus}`, `-d${seconds}s`, "-s", "bench.lua", url + path];
    },
    percentiles: (_job, stdout) =>
      inMs(JSON.parse(/^\{.*\}$/mu.exec(stdout)![0]) as Record<string, number>, 1e-3),
  };
}

function vegeta(): Peer {
  return {
    name: "vegeta",
    install: "go install github.com/tsenart/vegeta/v12@latest",
    threads: 1,
    version: ["--version"],
    find: () => onPath("vegeta"),
    prepare: ({ load, url, seconds, folder }) => {
      if (load.request === undefined || !isSteady(load.shape)) return undefined;
      const { method, path } = load.request;
      writeFileSync(join(folder, "body.json"), orderBody);
      const body = method === "POST" ? "Content-Type: application/json\n@body.json\n" : "";
      writeFileSync(join(folder, "targets.txt"), `${method} ${url}${path}\n${body}`);
      const { shape } = load;
      const rate = shape.kind === "open" ? `${shape.ratePerSecond}/s` : "0";
      return [
        ["attack", "-targets=targets.txt", "-output=results.bin", `-rate=${rate}`],
        [`-workers=${Math.min(shape.vus, 50)}`, `-max-workers=${shape.vus}`],
        [`-duration=${seconds}s`, "-insecure", `-http2=${load.protocol === "http2"}`],
      ].flat();
    },
    percentiles: ({ folder }) => {
      const args = ["report", "-type=json", "results.bin"];
      const { stdout } = spawnSync("vegeta", args, { cwd: folder, encoding: "utf8" });
      const { latencies } = JSON.parse(stdout) as { latencies: Record<string, number> };
      const { "50th": p50, "95th": p95, "99th": p99 } = latencies;
      return inMs({ p50, p95, p99 }, 1e-6);
    },
  };
}

function oha(): Peer {
  return {
    name: "oha",
    install: "cargo install oha",
    threads: 1,
    version: ["--version"],
    find: () => onPath("oha"),
    prepare: ({ load, url, seconds }) => {
      if (load.request === undefined || !isSteady(load.shape)) return undefined;
      const { method, path } = load.request;
      const { shape } = load;
      return [
        ["--no-tui", "--output-format", "json", "--insecure", "-z", `${seconds}s`],
        ["-c", String(shape.vus), "-m", method],
        shape.kind === "open" ? ["-q", String(shape.ratePerSecond)] : [],
        load.protocol === "http2" ? ["--http2", "-p", "1"] : [],
        method === "POST" ? ["-d", orderBody, "-T", "application/json"] : [],
        url + path,
      ].flat();
    },
    percentiles: (_job, stdout) => {
      const { latencyPercentiles } = JSON.parse(stdout) as {
        latencyPercentiles: Record<string, number>;
      };
      return inMs(latencyPercentiles, 1e3);
    },
  };
}

function autocannon(): Peer {
  return {
    name: "autocannon",
    install: "npm install --global autocannon",
    threads: 1,
    version: ["--version"],
    find: () => onPath("autocannon"),
    prepare: ({ load, url, seconds }) => {
      if (load.request === undefined || load.protocol === "http2") return undefined;
      const { shape } = load;
      if (!isSteady(shape)) return undefined;
      const { method, path } = load.request;
      return [
        ["--json", "--no-progress", "-c", String(shape.vus), "-d", String(seconds)],
        shape.kind === "open" ? ["-R", String(shape.ratePerSecond)] : [],
        ["-m", method],
        method === "POST" ? ["-b", orderBody, "-H", "Content-Type=application/json"] : [],
        url + path,
      ].flat();
    },
    // It tells p97.5 and no p95.
    percentiles: (_job, stdout) =>
      inMs((JSON.parse(stdout) as { latency: Record<string, number> }).latency, 1),
  };
}

/** Artillery's VUs are started, not kept: those of a closed load loop until a deadline. */
function artillery(): Peer {
  return {
    name: "artillery",
    install: "npm install --global artillery",
    threads: 1,
    version: ["version"],
    find: () => onPath("artillery"),
    prepare: ({ load, url, seconds, folder }) => {
      const { shape } = load;
      if (!isSteady(shape) || load.protocol === "http2") return undefined;
      const steps = artillerySteps(load);
      if (steps === undefined) return undefined;
      const closed = shape.kind === "closed";
      writeFileSync(
        join(folder, "bench.cjs"),
        `exports.beforeEnd = (context, next) => {
  context.vars.endMs ??= Date.now() + ${seconds * 1_000};
  next(Date.now() < context.vars.endMs);
};\n`,
      );
      // JSON is YAML
      writeFileSync(
        join(folder, "bench.yml"),
        JSON.stringify({
          config: {
            target: url,
            tls: { rejectUnauthorized: false },
            processor: "./bench.cjs",
            phases: [
              closed
                ? { duration: 1, arrivalCount: shape.vus }
                : { duration: seconds, arrivalRate: shape.ratePerSecond, maxVusers: shape.vus },
            ],
          },
          scenarios: [{ flow: closed ? [{ loop: steps, whileTrue: "beforeEnd" }] : steps }],
        }),
      );
      return ["run", "--quiet", "--output", "report.json", "bench.yml"];
    },
    percentiles: ({ folder }) => {
      const report = readJson(folder, "report.json") as {
        aggregate: { summaries: Record<string, Record<string, number>> };
      };
      return inMs(report.aggregate.summaries["http.response_time"] ?? {}, 1);
    },
  };
}

const journeyRequests = [
  { method: "POST", path: "/api/v1/auth/guest/init" },
  { method: "GET", path: "/api/v1/content/mobile/home" },
  { method: "GET", path: "/api/v1/search?q=drama" },
  { method: "GET", path: "/api/v1/engagement/series/saved" },
] as const;

function artillerySteps(load: Load): object[] | undefined {
  const step = (method: string, path: string, body: object): object => ({
    [method.toLowerCase()]: { url: path, ...(method === "POST" ? { json: body } : {}) },
  });
  if (load.script === "journey")
    return journeyRequests.flatMap(({ method, path }, k) => [
      step(method, path, { deviceId: "bench" }),
      // constant times, so the mean of the journey's last one; it would read a fraction as milliseconds
      { think: k < 3 ? "100ms" : "1500ms" },
    ]);
  if (load.request === undefined) return undefined;
  return [step(load.request.method, load.request.path, JSON.parse(orderBody) as object)];
}

function locust(): Peer {
  return {
    name: "locust",
    install: "pip install locust",
    threads: 1,
    version: ["--version"],
    find: () => onPath("locust"),
    prepare: ({ load, url, seconds, folder }) => {
      if (load.shape.kind !== "closed" || load.protocol === "http2") return undefined;
      const body = locustTask(load);
      if (body === undefined) return undefined;
      writeFileSync(join(folder, "body.json"), orderBody);
      writeFileSync(
        join(folder, "locustfile.py"),
        `import random, time
from locust import FastHttpUser, task

body = open("body.json").read()
json = {"Content-Type": "application/json"}

class User(FastHttpUser):
    insecure = True

    @task
    def iteration(self):
${body.map((line) => `        ${line}\n`).join("")}`,
      );
      const vus = String(load.shape.vus);
      return [
        ["--headless", "--only-summary", "--csv", "out", "--host", url],
        ["-u", vus, "-r", vus, "-t", `${seconds}s`, "--stop-timeout", "0"],
      ].flat();
    },
    percentiles: ({ folder }) => {
      const rows = readFileSync(join(folder, "out_stats.csv"), "utf8").trim().split(/\r?\n/u);
      const names = rows[0]!.split(",");
      const all = rows.find((row) => row.startsWith(",Aggregated"))!.split(",");
      const at = (name: string): number => Number(all[names.indexOf(name)]);
      return { p50Ms: at("50%"), p95Ms: at("95%"), p99Ms: at("99%") };
    },
  };
}

/** The lines of one iteration. */
function locustTask(load: Load): string[] | undefined {
  const send = (method: string, path: string): string =>
    method === "POST"
      ? `self.client.post("${path}", data=body, headers=json)`
      : `self.client.get("${path}")`;
  if (load.script === "journey")
    return journeyRequests.flatMap(({ method, path }, k) => [
      send(method, path),
      k < 3 ? "time.sleep(0.1)" : "time.sleep(random.random() * 2 + 0.5)",
    ]);
  return load.request === undefined ? undefined : [send(load.request.method, load.request.path)];
}

/** The shapes that tools know which only repeat. */
function isSteady(shape: Shape): shape is Extract<Shape, { kind: "closed" | "open" }> {
  return shape.kind === "closed" || shape.kind === "open";
}

/** p50, p95 and p99 of an object of them, in its unit. */
function inMs(of: Readonly<Record<string, number | undefined>>, msPerUnit: number): Percentiles {
  const at = (name: string): number | undefined =>
    of[name] === undefined ? undefined : of[name] * msPerUnit;
  return { p50Ms: at("p50"), p95Ms: at("p95"), p99Ms: at("p99") };
}

function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), "utf8"));
}

function onPath(program: string): readonly string[] | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const path = folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
  return path === undefined ? undefined : [path];
}

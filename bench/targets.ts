/**
 * The two targets of the bench behind one contract, each one process on one core: nginx (native, costs far less than any
 * generator, also TLS and HTTP/2), and `target.ts` where nginx is missing or the answers must take a known time.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { localhostCertificate } from "../test/support/http-certificates.ts";
import { answers } from "./answers.ts";
import { type MeasuredTarget, type Percentiles, startTargetProcess } from "./measure.ts";
import { freePorts } from "../test/support/free-port.ts";

/** How a scenario reaches its target. */
export type Protocol = "http" | "tls" | "http2";

/** A running target. */
export interface BenchTarget extends MeasuredTarget {
  readonly name: string;
  /** What it does not offer is undefined. */
  readonly urls: { readonly http: string } & { readonly [P in Protocol]?: string };
  /** What its answers truly took since the start; undefined where it cannot tell. */
  truth(): Promise<Percentiles | undefined>;
  close(): Promise<void>;
}

/** What a scenario asks of its target. */
export interface TargetNeeds {
  /** Every answer takes so long. */
  readonly delayMs?: number;
  /** After how much idleness connections are closed; never within a run when left out. */
  readonly idleSeconds?: number;
}

const nginx = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].find((path) =>
  existsSync(path),
);

const nginxWithinMs = 10_000;

/** Starts the target that fits. */
export async function startTarget(needs: TargetNeeds): Promise<BenchTarget> {
  return needs.delayMs === undefined && nginx !== undefined
    ? await startNginxTarget(nginx, needs)
    : await startOwnTarget(needs.delayMs ?? 0);
}

async function startOwnTarget(delayMs: number): Promise<BenchTarget> {
  const program = join(import.meta.dirname, "target.js");
  const child = startTargetProcess([process.execPath, program, "--delay-ms", String(delayMs)]);
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await new Promise((resolve) => {
    lines.once("line", (...all) => resolve(all));
    lines.once("close", () => resolve([]));
  })) as [string?];
  if (line === undefined) throw new Error("the bench's own target did not start");
  const { url } = JSON.parse(line) as { url: string };
  const get = async (path: string): Promise<unknown> => await (await fetch(url + path)).json();
  return {
    name: delayMs > 0 ? `our own, every answer after ${delayMs} ms` : "our own (nginx is missing)",
    pid: child.pid!,
    urls: { http: url },
    requestCount: async () => ((await get("/__count")) as { count: number }).count,
    truth: async () => (delayMs > 0 ? ((await get("/__truth")) as Percentiles) : undefined),
    close: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.kill()) await ended;
    },
  };
}

async function startNginxTarget(binary: string, needs: TargetNeeds): Promise<BenchTarget> {
  const folder = mkdtempSync(join(tmpdir(), "lakh-bench-nginx-"));
  const [http, tls, http2] = await freePorts(3);
  writeFileSync(join(folder, "cert.pem"), localhostCertificate.cert);
  writeFileSync(join(folder, "key.pem"), localhostCertificate.key);
  writeFileSync(join(folder, "large"), answers.get("GET /large")!);
  writeFileSync(join(folder, "nginx.conf"), nginxConf(folder, { http, tls, http2 }, needs));
  const child = startTargetProcess([binary, "-c", join(folder, "nginx.conf"), "-p", folder]);
  const url = `http://127.0.0.1:${http}`;
  let asked = 0;
  /** nginx counts the request for its status too. */
  const requestCount = async (): Promise<number> => {
    const text = await (await fetch(`${url}/__status`)).text();
    asked++;
    return Number(/^ \d+ \d+ (\d+) $/mu.exec(text)![1]) - asked;
  };
  const startedMs = performance.now();
  while (!(await requestCount().then(Number.isFinite, () => false))) {
    if (child.exitCode !== null || performance.now() - startedMs > nginxWithinMs) {
      const log = join(folder, "error.log");
      child.kill();
      throw new Error(
        `nginx does not answer: ${existsSync(log) ? readFileSync(log, "utf8") : "no log"}`,
      );
    }
    await sleep(10);
  }
  return {
    name: /nginx\/[\d.]+/u.exec(spawnSync(binary, ["-v"], { encoding: "utf8" }).stderr)?.[0] ?? "",
    pid: child.pid!,
    urls: { http: url, tls: `https://127.0.0.1:${tls}`, http2: `https://127.0.0.1:${http2}` },
    requestCount,
    truth: async () => undefined,
    close: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.kill()) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function nginxConf(
  folder: string,
  ports: { http: number; tls: number; http2: number },
  needs: TargetNeeds,
): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const locations = [...answers]
    .map(([line, body]) => [line.split(" ")[1]!, body] as const)
    .filter(([path]) => path !== "/large")
    .map(([path, body]) => `location = ${path} { return 200 '${body}'; }`);
  const server = (listen: string): string =>
    `server { listen ${listen}; location = /large { } ${locations.join("\n")} }`;
  return `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 65536; multi_accept on; }
    http {
      access_log off; ${temporary.join(" ")} root ${folder}; default_type application/json;
      sendfile on; tcp_nopush on; open_file_cache max=10 inactive=1h; client_body_buffer_size 16k;
      keepalive_requests 1000000000; keepalive_timeout ${needs.idleSeconds ?? 3_600}s;
      ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
      ${server(`127.0.0.1:${ports.http} backlog=16384`).replace("location", "location = /__status { stub_status; } location")}
      ${server(`127.0.0.1:${ports.tls} ssl`)}
      ${server(`127.0.0.1:${ports.http2} ssl http2`)}
    }`;
}

/** A real Prometheus for tests: on a free loopback port, in a folder of its own, with a password, ended with the test. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

export const prometheusBinary: string | undefined = [
  "/usr/bin/prometheus",
  "/usr/local/bin/prometheus",
].find((path) => existsSync(path));

/** Why tests with Prometheus are skipped here; false when they are not, or must not be. */
export const prometheusIsMissing: string | false =
  prometheusBinary === undefined && process.env["LAKH_NO_SKIPS"] !== "1"
    ? "Prometheus is not installed (apt-get install prometheus)"
    : false;

export const prometheusUser = "lakh";
export const prometheusPassword = "s3cret";
/** bcrypt of the password, at the lowest cost. */
export const prometheusPasswordHash =
  "$2b$04$abcdefghijklmnopqrstuuLZYjhNQAOdpbzt4WxWlUHjv1wsyH5DG";

type Scope = { after(close: () => Promise<void> | void): unknown };

/** What a job's target exposes at a time; undefined is a target that does not answer. */
export type Exposition = (wallMs: number) => string | undefined;

/** Flags of a Prometheus that may be written to, native histograms included. */
export const receiverFlags = [
  "--web.enable-remote-write-receiver",
  "--enable-feature=native-histograms",
] as const;

/**
 * Serves `jobs` on a loopback port and starts a Prometheus that scrapes each of them every second, with further `flags`;
 * resolves with its port once it is ready.
 */
export async function startPrometheus(
  t: Scope,
  jobs: Readonly<Record<string, Exposition>>,
  flags: readonly string[] = [],
): Promise<number> {
  const exporters = await serveExporters(t, jobs);
  const folder = await mkdtemp(join(tmpdir(), "lakh-prometheus-"));
  const port = await freePort();
  const scrapes = Object.keys(jobs).map(
    (job) =>
      `  - { job_name: ${job}, honor_labels: true, metrics_path: /${job}, static_configs: [{ targets: ["127.0.0.1:${exporters}"] }] }`,
  );
  await writeFile(
    join(folder, "prometheus.yml"),
    `global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs:\n${scrapes.join("\n")}\n`,
  );
  await writeFile(
    join(folder, "web.yml"),
    `basic_auth_users: { ${prometheusUser}: "${prometheusPasswordHash}" }\n`,
  );
  const child = spawn(
    prometheusBinary!,
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--web.config.file=${join(folder, "web.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
      ...flags,
    ],
    { stdio: "ignore" },
  );
  t.after(async () => {
    const ended = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    if (child.exitCode === null && child.kill()) await ended;
    await rm(folder, { recursive: true, force: true });
  });
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended with code ${child.exitCode}`);
  }
  return port;
}

async function serveExporters(
  t: Scope,
  jobs: Readonly<Record<string, Exposition>>,
): Promise<number> {
  const server = createServer((request, response) => {
    const text = jobs[request.url!.slice(1)]?.(Date.now());
    response.statusCode = text === undefined ? 503 : 200;
    response.end(text);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

async function isReady(port: number): Promise<boolean> {
  const login = Buffer.from(`${prometheusUser}:${prometheusPassword}`).toString("base64");
  const response = await fetch(`http://127.0.0.1:${port}/-/ready`, {
    headers: { authorization: `Basic ${login}` },
  }).catch(() => undefined);
  await response?.body?.cancel();
  if (response?.ok !== true) await new Promise((resolve) => setTimeout(resolve, 50));
  return response?.ok === true;
}

/**
 * A real Prometheus with the configuration of deploy/k8s relabels what discovery finds, scrapes it, and has what the
 * preset `kubernetes` asks for. Only addresses, intervals and the way of discovery are changed.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { stringify } from "yaml";
import { prometheusPresets } from "../../src/observe/index.ts";
import { repoRoot } from "../support/cli.ts";
import { freePort } from "../support/free-port.ts";
import { authorityPem, localhostCertificate } from "../support/http-certificates.ts";
import {
  nodeTarget,
  type Pod,
  podTargets,
  startDiscovery,
} from "../support/kubernetes-discovery.ts";
import { prometheusIsMissing } from "../support/prometheus.ts";
import { type PrometheusConfig, forDebian } from "../support/prometheus-config.ts";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { parse } from "yaml";

interface Target {
  readonly scrapeUrl: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

const closers: (() => Promise<void> | void)[] = [];
const scope = { after: (close: () => Promise<void> | void) => closers.push(close) };
/** What was asked of the application's page and of the kubelet. */
const asked = new Set<string>();
let prometheusUrl = "";

// The limit ends a test whose series never come.
describe("the Prometheus of deploy/k8s", { skip: prometheusIsMissing, timeout: 120_000 }, () => {
  before(async () => {
    const app = await listen(createHttpServer(applicationPage));
    const kubelet = await listen(createHttpsServer(localhostCertificate, kubeletPage));
    const discovery = await startDiscovery(scope, {
      pod: pods(app).flatMap(podTargets),
      node: [nodeTarget("node-1", `127.0.0.1:${kubelet}`)],
    });
    const folder = await settings({ discovery, exporter: `127.0.0.1:${app}` });
    prometheusUrl = await startPrometheus(folder);
  });

  after(async () => {
    for (const close of closers.reverse()) await close();
  });

  it("scrapes the pods that say so, once each, where they say", async () => {
    const found = await targetsOf("pods");
    const port = new URL(found.find(({ labels }) => labels["pod"] === "api-1")!.scrapeUrl).port;
    assert.deepEqual(
      found.map(({ scrapeUrl, labels: { job: _job, ...labels } }) => ({ scrapeUrl, ...labels })),
      [
        {
          scrapeUrl: `http://127.0.0.1:${port}/internal/metrics?format=text`,
          instance: `127.0.0.1:${port}`,
          namespace: "shop",
          pod: "api-1",
          node: "node-1",
          app: "api",
        },
        {
          scrapeUrl: "http://127.0.0.2:8080/metrics",
          instance: "127.0.0.2:8080",
          namespace: "shop",
          pod: "declared",
          node: "node-1",
          app: "by-label-app",
        },
        {
          scrapeUrl: "http://127.0.0.2:8081/metrics",
          instance: "127.0.0.2:8081",
          namespace: "shop",
          pod: "declared",
          node: "node-1",
          app: "by-label-app",
        },
        {
          scrapeUrl: "https://[::1]:9443/metrics",
          instance: "[::1]:9443",
          namespace: "other",
          pod: "ipv6",
          node: "node-1",
        },
        {
          scrapeUrl: "http://127.0.0.3:9102/metrics",
          instance: "127.0.0.3:9102",
          namespace: "shop",
          pod: "undeclared",
          node: "node-1",
        },
      ],
    );
  });

  it("has the pod's series with its namespace and name", async () => {
    const [series] = await seriesOf('process_cpu_seconds_total{job="pods"}');
    assert.equal(series!.metric["namespace"], "shop");
    assert.equal(series!.metric["pod"], "api-1");
    assert.ok(asked.has("/internal/metrics?format=text"));
  });

  it("scrapes each node's kubelet over TLS with its token, and keeps what is of pods", async () => {
    const [target] = await targetsOf("cadvisor");
    assert.equal(new URL(target!.scrapeUrl).pathname, "/metrics/cadvisor");
    assert.deepEqual(target!.labels, { job: "cadvisor", instance: "node-1", node: "node-1" });
    await seriesOf('container_cpu_usage_seconds_total{job="cadvisor"}');
    const kept = await seriesOf('{job="cadvisor",__name__=~"container_.*"}');
    assert.deepEqual(new Set(kept.map(({ metric }) => metric["pod"])), new Set(["api-1"]));
    const names = kept.map(({ metric }) => metric["__name__"]);
    assert.ok(names.includes("container_memory_working_set_bytes"));
    assert.ok(!names.includes("container_fs_reads_total"));
    assert.ok(asked.has("kubelet with the token"));
    assert.ok(!asked.has("kubelet without the token"));
  });

  it("answers every reading of the preset kubernetes, with the one container there is", async () => {
    for (const { name, query } of prometheusPresets["kubernetes"]!.readings) {
      const filled = query
        .replaceAll("$selector", 'namespace="shop",pod=~"api-.*"')
        .replaceAll("$window", "5s");
      const series = await seriesOf(filled);
      assert.deepEqual(
        series.map(({ metric }) => metric),
        [{ namespace: "shop", pod: "api-1", container: "api" }],
        name,
      );
    }
  });
});

/** The configuration as the base has it, with the test's addresses, paths and a second's interval. */
async function settings(at: { discovery: string; exporter: string }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lakh-kubernetes-"));
  scope.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "token"), "secret-of-the-account");
  await writeFile(join(folder, "ca.crt"), authorityPem);
  const files = join(repoRoot, "deploy", "k8s", "base", "prometheus", "config");
  const read = async (name: string): Promise<PrometheusConfig> =>
    parse(await readFile(join(files, name), "utf8")) as PrometheusConfig;
  const parts = await Promise.all(
    ["monitoring", "kubelet", "pods"].map((name) => read(`scrape-${name}.yml`)),
  );
  const jobs = parts.flatMap(({ scrape_configs = [] }) => scrape_configs);
  const main = await read("prometheus.yml");
  const config = forDebian(
    {
      ...main,
      global: { ...main.global, scrape_interval: "1s", scrape_timeout: "1s" },
      scrape_configs: jobs
        .filter(({ job_name }) => job_name !== "prometheus")
        .map((job) =>
          job["static_configs"] === undefined
            ? job
            : { ...job, static_configs: [{ targets: [at.exporter] }] },
        )
        .map((job) => ({ ...job, scrape_interval: "1s", scrape_timeout: "1s" })),
    },
    at.discovery,
  );
  const text = stringify({ ...config, rule_files: [] }).replaceAll(
    "/var/run/secrets/kubernetes.io/serviceaccount",
    folder,
  );
  await writeFile(join(folder, "prometheus.yml"), text);
  return folder;
}

async function startPrometheus(folder: string): Promise<string> {
  const port = await freePort();
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  scope.after(async () => {
    const ended = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    if (child.exitCode === null && child.kill()) await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended with code ${child.exitCode}`);
    const response = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (response?.ok === true) return url;
    await pause();
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  scope.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Between two questions: discovery takes the seconds that it takes. */
async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(`${prometheusUrl}/api/v1/${path}`);
  const { data } = (await response.json()) as { data: T };
  assert.ok(response.ok, `${path}: ${response.status}`);
  return data;
}

/** The targets of a job by pod and URL, once it has some: discovery brings them all at once. */
async function targetsOf(job: string): Promise<Target[]> {
  for (;;) {
    const { activeTargets } = await ask<{ activeTargets: Target[] }>("targets?state=active");
    const found = activeTargets.filter(({ labels }) => labels["job"] === job);
    const key = ({ labels, scrapeUrl }: Target): string => `${labels["pod"]} ${scrapeUrl}`;
    if (found.length > 0) return found.sort((a, b) => (key(a) < key(b) ? -1 : 1));
    await pause();
  }
}

/** The series that `query` gives, once there are some. */
async function seriesOf(query: string): Promise<Series[]> {
  for (;;) {
    const { result } = await ask<{ result: Series[] }>(`query?query=${encodeURIComponent(query)}`);
    if (result.length > 0) return result;
    await pause();
  }
}

/** Metrics of an application and, below another path, those of kube-state-metrics. */
const applicationPage: RequestListener = (request, response) => {
  asked.add(request.url!);
  response.setHeader("content-type", "text/plain; version=0.0.4");
  const container = 'namespace="shop",pod="api-1",container="api"';
  response.end(
    request.url === "/metrics"
      ? [
          `kube_pod_container_resource_limits{${container},resource="cpu",unit="core"} 2`,
          `kube_pod_container_resource_limits{${container},resource="memory",unit="byte"} 1e9`,
          `kube_pod_container_status_restarts_total{${container}} 1`,
          "",
        ].join("\n")
      : `process_cpu_seconds_total ${Date.now() / 1000}\n`,
  );
};

const kubeletPage: RequestListener = (request, response) => {
  const known = request.headers.authorization === "Bearer secret-of-the-account";
  asked.add(known ? "kubelet with the token" : "kubelet without the token");
  response.setHeader("content-type", "text/plain; version=0.0.4");
  const seconds = Date.now() / 1000;
  const row = (labels: string): string =>
    [
      `container_cpu_usage_seconds_total{${labels}} ${seconds}`,
      `container_cpu_cfs_periods_total{${labels}} ${seconds * 10}`,
      `container_cpu_cfs_throttled_periods_total{${labels}} ${seconds}`,
      `container_memory_working_set_bytes{${labels}} 5e8`,
      `container_fs_reads_total{${labels}} 7`,
      "",
    ].join("\n");
  response.end(
    row('container="api",pod="api-1",namespace="shop",id="/kubepods/a/b",image="shop/api:1.0.0"') +
      row('container="",pod="api-1",namespace="shop",id="/kubepods/a",image=""') +
      row('container="",pod="",namespace="",id="/system.slice",image=""'),
  );
};

/** All on loopback, so that nothing is asked of anybody else. */
function pods(appPort: number): Pod[] {
  const scrape = { "prometheus.io/scrape": "true" };
  const at = (number: number): Readonly<Record<string, string>> => ({
    ...scrape,
    "prometheus.io/port": String(number),
  });
  return [
    {
      name: "api-1",
      ip: "127.0.0.1",
      labels: { app: "old-name", "app.kubernetes.io/name": "api" },
      annotations: {
        ...at(appPort),
        "prometheus.io/path": "/internal/metrics",
        "prometheus.io/param_format": "text",
      },
      // Three containers and four ports: still one target.
      containers: [[{ number: appPort }, { number: 8080 }], [{ number: 15090 }]],
      initContainers: [[{ number: 7777 }]],
    },
    {
      name: "declared",
      ip: "127.0.0.2",
      labels: { app: "by-label-app" },
      annotations: scrape,
      containers: [[{ number: 8080 }, { number: 8081 }, { number: 53, protocol: "UDP" }]],
      initContainers: [[{ number: 7777 }]],
    },
    { name: "undeclared", ip: "127.0.0.3", annotations: at(9102), containers: [[]] },
    {
      name: "ipv6",
      ip: "::1",
      namespace: "other",
      annotations: { ...at(9443), "prometheus.io/scheme": "https" },
      containers: [[{ number: 9443 }]],
    },
    { name: "without-port", ip: "127.0.0.4", annotations: scrape, containers: [[]] },
    {
      name: "finished",
      ip: "127.0.0.5",
      phase: "Succeeded",
      annotations: at(9102),
      containers: [[]],
    },
    { name: "silent", ip: "127.0.0.6", containers: [[{ number: 8080 }]] },
    {
      name: "refusing",
      ip: "127.0.0.7",
      annotations: { ...at(9102), "prometheus.io/scrape": "false" },
      containers: [[]],
    },
  ];
}

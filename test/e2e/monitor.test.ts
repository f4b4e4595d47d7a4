/** `lakh monitor` with a real Prometheus: up, status, a write, a crash, down. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import protobuf from "protobufjs";
import { findMonitor } from "../../src/monitor/index.ts";
import { identityOf } from "../../src/monitor/processes.ts";
import { type CliResult, runLakh, startLakh } from "../support/cli.ts";
import { freePort } from "../support/free-port.ts";
import {
  monitorScene,
  type MonitorScene,
  portFlags,
  programs,
  runMonitor,
  statusOf,
} from "../support/monitor-programs.ts";
import { prometheusIsMissing } from "../support/prometheus.ts";

async function up(scene: MonitorScene, ...flags: readonly string[]): Promise<CliResult> {
  const result = await runMonitor(scene, "up", "--no-grafana", ...(await portFlags()), ...flags);
  assert.equal(result.code, 0, result.stderr);
  return result;
}

/** `data` of an answer of Prometheus's API. */
async function dataAt<T>(url: string): Promise<T> {
  const answer = (await (await fetch(url)).json()) as { data: T };
  return answer.data;
}

/** The value of the only series that a query finds; undefined when it finds none. */
async function valueOf(url: string, query: string): Promise<string | undefined> {
  const { result } = await dataAt<{ result: { value: [number, string] }[] }>(
    `${url}/api/v1/query?query=${query}`,
  );
  return result[0]?.value[1];
}

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await what())) await wait(20);
}

async function listen(t: TestContext, port: number): Promise<void> {
  const server = createServer();
  t.after(() => server.close());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
}

const { root } = protobuf.parse(`syntax = "proto3";
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
  message Series { repeated Label labels = 1; repeated Sample samples = 2; }
  message Write { repeated Series timeseries = 1; }`);

/** A Snappy block of one literal, which is shorter than 61 bytes. */
function literal(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  assert.ok(bytes.length <= 60);
  return Uint8Array.from(
    bytes.length === 0 ? [0] : [bytes.length, (bytes.length - 1) << 2, ...bytes],
  );
}

async function write(url: string, timeseries: readonly object[]): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-protobuf",
      "content-encoding": "snappy",
      "x-prometheus-remote-write-version": "0.1.0",
    },
    body: literal(root.lookupType("Write").encode({ timeseries }).finish()),
  });
  await response.body?.cancel();
  return response.status;
}

describe("lakh monitor with a real Prometheus", { skip: prometheusIsMissing }, () => {
  it("is up, takes what is written, survives its starter, and is down again", async (t) => {
    const scene = monitorScene(t, { prometheus: programs.prometheus });
    const first = await up(scene);
    const status = await statusOf(scene);
    const { url, pid, remoteWriteUrl, version } = status.prometheus!;
    assert.deepEqual([status.code, status.state, status.kind], [0, "up", "programs"]);
    assert.match(version!, /^\d+\.\d+\.\d+/u);
    assert.ok(first.stdout.includes(`Prometheus  ${url}  ${version}`), first.stdout);
    assert.match(first.stdout, /^next: lakh run script.js --out prometheus$/mu);
    assert.equal(statSync(scene.paths.stateFile).mode & 0o777, 0o600);
    assert.equal(existsSync(scene.paths.lockFile), false);
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    assert.equal(Number(fields[3]), pid, "a session of its own");

    assert.deepEqual(await findMonitor(scene.env), {
      prometheusUrl: url,
      remoteWriteUrl,
      grafanaUrl: undefined,
    });
    assert.equal(await write(remoteWriteUrl, []), 204);
    const series = {
      labels: [{ name: "__name__", value: "lakh_answer" }],
      samples: [{ value: 42, timestamp: Date.now() }],
    };
    assert.equal(await write(remoteWriteUrl, [series]), 204);
    assert.equal(await valueOf(url, "lakh_answer"), "42");

    writeFileSync(
      join(scene.folder, "script.js"),
      "export const options = { iterations: 7 }; export default function () {}",
    );
    const run = await runLakh(
      ["run", "--out", "prometheus", "--tag", "testid=found", "script.js"],
      {
        cwd: scene.folder,
        env: scene.env,
      },
    );
    assert.equal(run.code, 0, run.stderr);
    assert.ok(run.stdout.includes(`output: prometheus (${remoteWriteUrl})`), run.stdout);
    const counted = 'max_over_time(k6_iterations_total{testid="found"}[5m])';
    assert.equal(await valueOf(url, encodeURIComponent(counted)), "7");

    const again = await up(scene);
    assert.match(again.stdout, /^the monitor is up already/u);
    assert.equal((await statusOf(scene)).prometheus!.pid, pid);

    const down = await runMonitor(scene, "down");
    assert.equal(down.code, 0, down.stderr);
    assert.match(down.stdout, new RegExp(`Prometheus \\(process ${pid}\\): stopped`, "u"));
    assert.equal(await identityOf(pid!), undefined);
    assert.equal(await findMonitor(scene.env), undefined);
    await listen(t, Number(new URL(url).port));
    const after = await statusOf(scene);
    assert.deepEqual([after.code, after.state, after.prometheus], [1, "down", null]);
    assert.equal((await runMonitor(scene, "down")).code, 0);
  });

  it("keeps its data from one start to the next, until they are purged", async (t) => {
    const scene = monitorScene(t, { prometheus: programs.prometheus });
    await up(scene);
    const before = (await statusOf(scene)).prometheus!;
    const labels = [{ name: "__name__", value: "lakh_kept" }];
    const samples = [{ value: 7, timestamp: Date.now() }];
    assert.equal(await write(before.remoteWriteUrl, [{ labels, samples }]), 204);
    await runMonitor(scene, "down");
    await up(scene);
    const { url } = (await statusOf(scene)).prometheus!;
    assert.equal(await valueOf(url, "lakh_kept"), "7");
    writeFileSync(join(scene.paths.targets, "own.yml"), "[]\n");
    const { code, stdout } = await runMonitor(scene, "down", "--purge");
    assert.equal(code, 0);
    assert.match(stdout, /data, logs and password are removed; your own files .* are kept/u);
    assert.equal(existsSync(scene.paths.prometheusData), false);
    assert.ok(existsSync(join(scene.paths.targets, "own.yml")));
  });

  it("has the settings that a run needs, and is closed to other pages", async (t) => {
    const scene = monitorScene(t, { prometheus: programs.prometheus });
    await up(scene, "--retention", "12h", "--retention-size", "500MB");
    const { url, version } = (await statusOf(scene)).prometheus!;
    const flags = await dataAt<Record<string, string>>(`${url}/api/v1/status/flags`);
    assert.equal(flags["web.listen-address"], url.replace("http://", ""));
    assert.equal(flags["storage.tsdb.retention.time"], "12h");
    assert.match(flags["storage.tsdb.retention.size"]!, /^5\d\dMi?B$/u);
    if (/^2\.4\d\./u.test(version!)) assert.equal(flags["enable-feature"], "native-histograms");

    const originOf = async (origin: string): Promise<string | null> => {
      const response = await fetch(`${url}/api/v1/query?query=1`, { headers: { origin } });
      await response.body?.cancel();
      return response.headers.get("access-control-allow-origin");
    };
    assert.equal(await originOf("https://evil.example"), null);
    assert.equal(await originOf("http://localhost:3000"), "http://localhost:3000");

    const addresses = async (job: string): Promise<string[]> => {
      const { activeTargets } = await dataAt<{
        activeTargets: { labels: { job: string; instance: string } }[];
      }>(`${url}/api/v1/targets`);
      return activeTargets
        .filter(({ labels }) => labels.job === job)
        .map((each) => each.labels.instance);
    };
    await until(async () => (await addresses("prometheus")).length > 0);
    assert.deepEqual(await addresses("prometheus"), [url.replace("http://", "")]);
    const target = '- targets: ["127.0.0.1:1"]\n  labels: { job: api }\n';
    writeFileSync(join(scene.paths.targets, "api.yml"), target);
    await until(async () => (await addresses("api")).length > 0);
    await runMonitor(scene, "down");
  });

  it("that has crashed is told, not found, and started anew", async (t) => {
    const scene = monitorScene(t, { prometheus: programs.prometheus });
    await up(scene);
    const { pid } = (await statusOf(scene)).prometheus!;
    process.kill(pid!, "SIGKILL");
    await until(async () => (await identityOf(pid!)) === undefined);
    const status = await statusOf(scene);
    assert.deepEqual([status.code, status.state], [1, "down"]);
    assert.equal(status.prometheus!.problem, `process ${pid} has ended`);
    assert.equal(await findMonitor(scene.env), undefined);
    const text = await runMonitor(scene, "status");
    assert.equal(text.code, 1);
    assert.match(text.stdout, /down, although it was started/u);
    const anew = await up(scene);
    assert.match(anew.stderr, /not all of it is any more/u);
    assert.notEqual((await statusOf(scene)).prometheus!.pid, pid);
    await runMonitor(scene, "down");
  });

  it("takes another port than the one that is taken, or says whose it is", async (t) => {
    const scene = monitorScene(t, { prometheus: programs.prometheus });
    const taken = await freePort();
    await listen(t, taken);
    const { code, stderr } = await runMonitor(scene, "up", "--prometheus-port", String(taken));
    assert.equal(code, 255);
    assert.match(
      stderr,
      new RegExp(`port ${taken} .* taken\n.*--prometheus-port.*\n.*MONITOR_PORT`, "u"),
    );
    assert.equal(existsSync(scene.paths.stateFile), false);
    // Somebody has 9090: this test, or whoever had it before.
    await listen(t, 9_090).catch(() => undefined);
    const second = await runMonitor(scene, "up", "--no-grafana");
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stderr, /^port 9090 is taken: Prometheus gets 90\d\d$/mu);
    await runMonitor(scene, "down");
  });

  it("starts although an earlier start was killed, and stops what that one left", async (t) => {
    const scene = monitorScene(t, { prometheus: programs.muteProgram });
    const ports = await portFlags();
    const killed = startLakh(["monitor", "up", "--no-grafana", ...ports], {
      cwd: scene.folder,
      env: scene.env,
    });
    await until(() => existsSync(scene.paths.stateFile));
    const second = await runMonitor(scene, "up");
    assert.equal(second.code, 255);
    assert.match(second.stderr, /code: MONITOR_BUSY/u);
    const waiting = await statusOf(scene);
    const { pid, problem } = waiting.prometheus!;
    assert.deepEqual([waiting.code, problem], [1, `process ${pid} runs, but does not answer`]);
    killed.kill("SIGKILL");
    await until(async () => (await identityOf(killed.pid!)) === undefined);
    assert.notEqual(await identityOf(pid!), undefined);

    writeFileSync(join(scene.folder, "home/bin/prometheus"), programs.prometheus);
    const { stderr } = await up(scene);
    assert.match(stderr, /an earlier start was cut short; what it left is stopped first/u);
    assert.match(stderr, new RegExp(`process ${pid}\\): stopped`, "u"));
    assert.equal(await identityOf(pid!), undefined);
    await runMonitor(scene, "down");
  });

  it("says that another Prometheus works on its data", async (t) => {
    const scene = monitorScene(t, { prometheus: programs.prometheus });
    await up(scene);
    const state = readFileSync(scene.paths.stateFile, "utf8");
    writeFileSync(scene.paths.stateFile, "");
    const lost = await runMonitor(scene, "up", "--no-grafana");
    assert.equal(lost.code, 255);
    assert.match(
      lost.stderr,
      /is not a file of this version of lakh\n.*remove it.*\n.*MONITOR_STATE/u,
    );
    rmSync(scene.paths.stateFile);
    const { code, stderr } = await runMonitor(scene, "up", "--no-grafana", ...(await portFlags()));
    assert.equal(code, 255);
    assert.match(stderr, /another Prometheus works on .*prometheus-data.*pgrep -af/u);
    assert.match(stderr, /code: MONITOR_START/u);
    writeFileSync(scene.paths.stateFile, state);
    assert.equal((await runMonitor(scene, "down")).code, 0);
  });
});

/** `lakh monitor` with programs that stand in for Grafana and Docker, which are in none of the registries, and with programs that fail. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { findMonitor } from "../../src/monitor/index.ts";
import { composeProject } from "../../src/monitor/paths.ts";
import { identityOf } from "../../src/monitor/processes.ts";
import { type CliResult, finished, startLakh } from "../support/cli.ts";
import {
  monitorScene,
  type MonitorScene,
  portFlags,
  programs,
  runMonitor,
  statusOf,
} from "../support/monitor-programs.ts";
import { prometheusIsMissing } from "../support/prometheus.ts";

async function upWell(scene: MonitorScene, ...flags: readonly string[]): Promise<CliResult> {
  const result = await runMonitor(scene, "up", ...(await portFlags()), ...flags);
  assert.equal(result.code, 0, result.stderr);
  return result;
}

async function untilEnded(pid: number): Promise<void> {
  while ((await identityOf(pid)) !== undefined) await wait(20);
}

const passwordIn = (text: string): string | undefined =>
  /log in as admin with (\S+)/u.exec(text)?.[1];

describe("Grafana beside Prometheus", { skip: prometheusIsMissing }, () => {
  const both = { prometheus: programs.prometheus, grafana: programs.grafana };

  it("is provisioned, and its password is shown once and kept for its owner alone", async (t) => {
    const scene = monitorScene(t, both, { GF_SERVER_PROTOCOL: "https" });
    const { stdout, stderr } = await upWell(scene);
    const status = await statusOf(scene);
    const { prometheus, grafana } = status;
    assert.deepEqual([status.code, status.state, grafana!.version], [0, "up", "13.2.3"]);
    assert.match(stdout, new RegExp(`^Grafana {5}${grafana!.url}  13.2.3$`, "mu"));
    assert.equal((await findMonitor(scene.env))?.grafanaUrl, grafana!.url);

    const startFile = join(scene.paths.grafanaData, "start.json");
    const { args, env } = JSON.parse(readFileSync(startFile, "utf8")) as {
      args: string[];
      env: Record<string, string>;
    };
    assert.deepEqual(args, ["server", "--homepath", join(scene.folder, "home")]);
    assert.equal(env["LAKH_PROMETHEUS_URL"], prometheus!.url);
    assert.equal(env["LAKH_PROMETHEUS_VERSION"], prometheus!.version);
    assert.equal(env["GF_SERVER_PROTOCOL"], "http");
    assert.ok(existsSync(env["LAKH_DASHBOARDS"]!));
    const kinds = ["alerting", "dashboards", "datasources", "plugins"];
    assert.deepEqual(readdirSync(env["GF_PATHS_PROVISIONING"]!).toSorted(), kinds);

    const password = passwordIn(stdout)!;
    assert.equal(env["GF_SECURITY_ADMIN_PASSWORD"], password);
    assert.ok(!stderr.includes(password));
    assert.ok(!readFileSync(scene.paths.stateFile, "utf8").includes(password));
    const again = await upWell(scene);
    assert.ok(!again.stdout.includes(password));

    await runMonitor(scene, "down");
    await untilEnded(grafana!.pid!);
    const later = await upWell(scene);
    assert.match(
      later.stdout,
      /the password is the one of the first start, kept in .*grafana.env/u,
    );
    assert.ok(!later.stdout.includes(password));
    await runMonitor(scene, "down");
    rmSync(scene.paths.grafanaSecrets);
    const lost = await upWell(scene);
    assert.equal(passwordIn(lost.stdout), undefined);
    assert.match(lost.stdout, /its password is not the one in .*down --purge forgets it/u);
    await runMonitor(scene, "down", "--purge");
    assert.equal(existsSync(scene.paths.folder), false);
  });

  it("that has ended makes the monitor up in part, and the next start makes it whole", async (t) => {
    const scene = monitorScene(t, both);
    await upWell(scene);
    const { grafana } = await statusOf(scene);
    process.kill(grafana!.pid!, "SIGKILL");
    await untilEnded(grafana!.pid!);
    const status = await statusOf(scene);
    assert.deepEqual([status.code, status.state, status.prometheus!.isUp], [1, "partly", true]);
    assert.notEqual(await findMonitor(scene.env), undefined, "a run can write all the same");
    await upWell(scene);
    assert.deepEqual((await statusOf(scene)).state, "up");
    await runMonitor(scene, "down");
  });

  it("is left out on demand", async (t) => {
    const scene = monitorScene(t, both);
    const { stdout } = await upWell(scene, "--no-grafana");
    assert.match(stdout, /^Grafana {5}none/mu);
    assert.equal((await statusOf(scene)).grafana, null);
    await runMonitor(scene, "down");
  });

  it("that does not start takes Prometheus down with it", async (t) => {
    const broken =
      '#!/bin/sh\n[ "$1" = -v ] || echo \'logger=settings level=error error="no home"\'\nexit 1\n';
    const scene = monitorScene(t, { ...both, grafana: broken });
    const { code, stderr } = await runMonitor(scene, "up", ...(await portFlags()));
    assert.equal(code, 255);
    assert.match(
      stderr,
      /error: Grafana ended at once: no home\n.*logs\/grafana.log\n.*MONITOR_START/u,
    );
    const pid = Number(/Prometheus \(process (\d+)\): stopped/u.exec(stderr)?.[1]);
    assert.equal(await identityOf(pid), undefined);
    assert.equal(existsSync(scene.paths.stateFile), false);
  });
});

describe("a start that fails", () => {
  it("for want of programs says what to install", async (t) => {
    const { code, stderr } = await runMonitor(monitorScene(t, {}), "up");
    assert.equal(code, 255);
    assert.match(
      stderr,
      /Docker is not installed, and there is no prometheus on the PATH\n.*apt-get install prometheus.*\n.*MONITOR_NOTHING/u,
    );
  });

  it("because Prometheus ends shows its last words and leaves nothing", async (t) => {
    const scene = monitorScene(t, { prometheus: programs.brokenProgram });
    const { code, stderr } = await runMonitor(scene, "up", "--no-grafana");
    assert.equal(code, 255);
    assert.match(stderr, /Prometheus ended at once: bad setting "x"\n.*logs\/prometheus.log\n/u);
    assert.equal(existsSync(scene.paths.stateFile), false);
    assert.equal(existsSync(scene.paths.lockFile), false);
  });

  it("because it is interrupted stops what it had started", async (t) => {
    const scene = monitorScene(t, { prometheus: programs.muteProgram });
    const up = startLakh(["monitor", "up", "--no-grafana"], { cwd: scene.folder, env: scene.env });
    const result = finished(up);
    while (!existsSync(scene.paths.stateFile)) await wait(20);
    const { prometheus } = await statusOf(scene);
    up.kill("SIGINT");
    const { code, stderr } = await result;
    assert.equal(code, 105, stderr);
    assert.match(stderr, /code: MONITOR_INTERRUPTED/u);
    assert.equal(await identityOf(prometheus!.pid!), undefined);
    assert.equal(existsSync(scene.paths.stateFile), false);
  });

  it("because of a flag says what a right one is", async (t) => {
    const scene = monitorScene(t, {});
    for (const [flag, value, words] of [
      ["--prometheus-port", "0", "from 1 to 65535"],
      ["--grafana-port", "x", "from 1 to 65535"],
      ["--retention", "30", "12h, 30d"],
      ["--retention", "0d", "12h, 30d"],
      ["--retention-size", "5", "500MB"],
      ["--using", "podman", "docker"],
    ] as const) {
      const { code, stderr } = await runMonitor(scene, "up", flag, value);
      assert.equal(code, 255, flag);
      assert.ok(stderr.includes(words), `${flag} ${value}: ${stderr}`);
    }
  });
});

describe("the monitor in containers", () => {
  interface Call {
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  }
  const callsOf = ({ folder }: MonitorScene): Call[] =>
    readFileSync(join(folder, "calls"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Call);

  /** A Prometheus of the machine that must not be started. */
  const withDocker = { docker: programs.docker, prometheus: programs.brokenProgram };

  it("is started, asked and stopped through Compose, when Docker is here", async (t) => {
    const scene = monitorScene(t, withDocker);
    const { stdout, stderr } = await upWell(scene, "--retention", "7d", "--retention-size", "1GB");
    const status = await statusOf(scene);
    const { prometheus, grafana } = status;
    assert.deepEqual([status.code, status.state, status.kind], [0, "up", "docker"]);
    assert.deepEqual(
      [prometheus!.version, prometheus!.pid, prometheus!.series],
      ["3.13.3", null, 7],
    );
    assert.equal(grafana!.version, "13.2.3");
    assert.ok(passwordIn(stdout) !== undefined, stdout);
    assert.match(stderr, /Container prometheus {2}Healthy/u);
    assert.equal((await findMonitor(scene.env))?.prometheusUrl, prometheus!.url);

    const project = composeProject(scene.paths);
    const head = ["compose", "--project-name", project, "--file", scene.paths.composeFile];
    const [up] = callsOf(scene);
    assert.deepEqual(up!.args, [
      ...head,
      ..."up --detach --remove-orphans --wait --wait-timeout 180".split(" "),
    ]);
    assert.deepEqual(up!.env, {
      LAKH_PROMETHEUS_PORT: String(prometheus!.port),
      LAKH_GRAFANA_PORT: String(grafana!.port),
      LAKH_RETENTION_TIME: "7d",
      LAKH_RETENTION_SIZE: "1GB",
      COMPOSE_PROGRESS: "plain",
      COMPOSE_ANSI: "never",
    });

    assert.match((await upWell(scene)).stdout, /up already/u);
    const text = await runMonitor(scene, "status");
    assert.match(text.stdout, /^the monitor is up: in containers, /u);
    const down = await runMonitor(scene, "down");
    assert.equal(down.code, 0, down.stderr);
    assert.match(down.stdout, /data are kept in Docker's volumes/u);
    assert.equal(await findMonitor(scene.env), undefined);
    assert.equal((await runMonitor(scene, "down", "--purge")).code, 0);
    assert.deepEqual(
      callsOf(scene)
        .slice(1)
        .map(({ args }) => args),
      [
        [...head, "down"],
        [...head, "down", "--volumes"],
      ],
    );
    assert.equal(existsSync(scene.paths.folder), false);
  });

  it("can be Prometheus alone", async (t) => {
    const scene = monitorScene(t, withDocker);
    await upWell(scene, "--no-grafana");
    assert.equal(callsOf(scene)[0]!.args.at(-1), "prometheus");
    assert.equal((await statusOf(scene)).grafana, null);
    await runMonitor(scene, "down");
  });

  it("that does not come up is told in Docker's words, and taken away again", async (t) => {
    const scene = monitorScene(t, withDocker, { STAND_IN_DOCKER: "sick" });
    const { code, stderr } = await runMonitor(scene, "up", ...(await portFlags()));
    assert.equal(code, 255);
    assert.match(
      stderr,
      /docker compose up ended with code 1: Error response from daemon: no space left on device\n.*--using programs/u,
    );
    assert.equal(callsOf(scene).at(-1)!.args.at(-1), "down");
    assert.equal(existsSync(scene.paths.stateFile), false);
  });

  for (const [how, problem] of [
    ["silent", /Docker is installed, but does not answer: Cannot connect to the Docker daemon/u],
    ["bare", /Docker is installed without its Compose plugin/u],
  ] as const) {
    it(`is refused when Docker is ${how} and was asked for`, async (t) => {
      const scene = monitorScene(t, withDocker, { STAND_IN_DOCKER: how });
      const { code, stderr } = await runMonitor(scene, "up", "--using", "docker");
      assert.equal(code, 255);
      assert.match(stderr, problem);
      assert.match(stderr, /code: MONITOR_NOTHING/u);
    });

    it(`is left for the programs of the machine when Docker is ${how}`, {
      skip: prometheusIsMissing,
    }, async (t) => {
      const found = { docker: programs.docker, prometheus: programs.prometheus };
      const scene = monitorScene(t, found, { STAND_IN_DOCKER: how });
      const { stderr } = await upWell(scene, "--no-grafana");
      assert.match(stderr, problem);
      assert.match(stderr, /taking the programs of this machine/u);
      assert.equal((await statusOf(scene)).kind, "programs");
      await runMonitor(scene, "down");
    });
  }

  it("cannot be stopped while Docker does not answer, and is not forgotten", async (t) => {
    const scene = monitorScene(t, withDocker);
    await upWell(scene);
    const silent = { ...scene, env: { ...scene.env, STAND_IN_DOCKER: "silent" } };
    const { code, stderr } = await runMonitor(silent, "down");
    assert.equal(code, 255);
    assert.match(
      stderr,
      /cannot be stopped: Docker is installed, but does not answer.*\n.*\n.*MONITOR_STOP/u,
    );
    assert.equal((await statusOf(scene)).state, "up");
    assert.equal((await runMonitor(scene, "down")).code, 0);
  });
});

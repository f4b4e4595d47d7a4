import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { LakhError } from "../../../src/base/errors.ts";
import { type MonitorPaths, monitorPaths } from "../../../src/monitor/paths.ts";
import { layOutSettings, purgeFolder, writeOwnAddress } from "../../../src/monitor/settings.ts";
import { scratchFolder } from "../../support/cli.ts";

const deploy = {
  "compose/compose.yml": "name: x\n",
  "prometheus/prometheus.yml": "global: {}\n",
  "prometheus/self.yml": '- targets: ["localhost:9090"]\n',
  "prometheus/rules/lakh.yml": "groups: []\n",
  "prometheus/rules/lakh.test.yml": "tests: []\n",
  "prometheus/targets/README.md": "how\n",
  "grafana/provisioning/datasources/lakh.yml": "apiVersion: 1\n",
  "grafana/provisioning/dashboards/lakh.yml": "apiVersion: 1\n",
  "grafana/dashboards/load-test.json": "{}\n",
  "grafana/dashboards/notes.txt": "not a dashboard\n",
  "k8s/secret.yml": "not of the monitor\n",
};

async function laidOut(t: TestContext): Promise<{ paths: MonitorPaths; source: string }> {
  const source = scratchFolder(t, deploy);
  const paths = monitorPaths({ XDG_STATE_HOME: scratchFolder(t) });
  await layOutSettings(source, paths);
  return { paths, source };
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .toSorted();

const copied = Object.keys(deploy)
  .filter((name) => !/test\.yml$|notes|k8s/u.test(name))
  .toSorted();

describe("the monitor's settings", () => {
  it("are those of deploy/, laid out alike, and nothing else of it", async (t) => {
    const { paths } = await laidOut(t);
    assert.deepEqual(filesIn(paths.folder), copied);
    assert.equal(readFileSync(paths.composeFile, "utf8"), deploy["compose/compose.yml"]);
  });

  it("can be read by the users of containers whatever the umask is, data by their owner alone", async (t) => {
    const before = process.umask(0o077);
    t.after(() => process.umask(before));
    const { paths } = await laidOut(t);
    const modeOf = (path: string): number => statSync(path).mode & 0o777;
    for (const name of copied) assert.equal(modeOf(join(paths.folder, name)), 0o644, name);
    for (const folder of [paths.provisioning, paths.dashboards, paths.targets])
      assert.equal(modeOf(folder), 0o755, folder);
    for (const folder of [paths.folder, paths.prometheusData, paths.grafanaData, paths.logs])
      assert.equal(modeOf(folder), 0o700, folder);
  });

  it("are replaced by those of a newer package, but for the user's own files", async (t) => {
    const { paths } = await laidOut(t);
    writeFileSync(join(paths.targets, "api.yml"), "- targets: [x]\n");
    writeFileSync(join(paths.prometheusData, "block"), "data");
    const newer = scratchFolder(t, {
      "prometheus/prometheus.yml": "global: { scrape_interval: 1s }\n",
      "grafana/dashboards/soak.json": "{}\n",
    });
    await layOutSettings(newer, paths);
    assert.deepEqual(readdirSync(paths.dashboards), ["soak.json"]);
    assert.match(readFileSync(join(paths.prometheusSettings, "prometheus.yml"), "utf8"), /1s/u);
    assert.deepEqual(readdirSync(join(paths.prometheusSettings, "rules")), []);
    assert.deepEqual(readdirSync(paths.targets), ["README.md", "api.yml"]);
    assert.ok(existsSync(join(paths.prometheusData, "block")));
  });

  it("name the address of the Prometheus itself", async (t) => {
    const { paths } = await laidOut(t);
    await writeOwnAddress(paths, "127.0.0.1:9091");
    const text = readFileSync(join(paths.prometheusSettings, "self.yml"), "utf8");
    assert.equal(text, '- targets: ["127.0.0.1:9091"]\n');
  });

  it("are an error where they cannot be written", async (t) => {
    const folder = scratchFolder(t, { lakh: "a file" });
    await assert.rejects(
      layOutSettings(scratchFolder(t, deploy), monitorPaths({ XDG_STATE_HOME: folder })),
      (error: LakhError) => error.code === "MONITOR_STATE" && error.message.includes(folder),
    );
  });
});

describe("purging", () => {
  it("leaves nothing", async (t) => {
    const { paths } = await laidOut(t);
    assert.deepEqual(await purgeFolder(paths), { keptTargets: false });
    assert.equal(existsSync(paths.folder), false);
    assert.deepEqual(await purgeFolder(paths), { keptTargets: false });
  });

  it("leaves the user's own files of targets", async (t) => {
    const { paths } = await laidOut(t);
    mkdirSync(join(paths.prometheusData, "block"));
    writeFileSync(join(paths.targets, "api.yml"), "- targets: [x]\n");
    assert.deepEqual(await purgeFolder(paths), { keptTargets: true });
    assert.deepEqual(filesIn(paths.folder), [
      "prometheus/targets/README.md",
      "prometheus/targets/api.yml",
    ]);
  });
});

import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { LakhError } from "../../../src/base/errors.ts";
import {
  findPrometheus,
  parsePrometheusVersion,
  prometheusFlags,
} from "../../../src/monitor/prometheus.ts";
import { scratchFolder } from "../../support/cli.ts";

const said = (version: string): string =>
  `prometheus, version ${version} (branch: HEAD, revision: 1)`;

const flagsOf = (version: string): string[] =>
  prometheusFlags(parsePrometheusVersion(said(version))!, {
    configFile: "/c.yml",
    dataFolder: "/d",
    port: 9_091,
    retention: { time: "30d", size: "5GB" },
  }).filter((flag) => /receiver|feature/u.test(flag));

const receiver = "--web.enable-remote-write-receiver";

describe("the flags of a Prometheus", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["2.40.0", [receiver, "--enable-feature=native-histograms"]],
    ["2.42.0+ds", [receiver, "--enable-feature=native-histograms"]],
    ["3.0.0-rc.1", [receiver, "--enable-feature=native-histograms"]],
    ["3.7.3", [receiver, "--enable-feature=native-histograms"]],
    ["3.8.0", [receiver]],
    ["3.15.1", [receiver]],
    ["4.0.0", [receiver]],
  ];
  for (const [version, expected] of cases)
    it(`${version}: ${expected.join(" ")}`, () => assert.deepEqual(flagsOf(version), expected));

  it("keep it on loopback and bound what it stores by time and size", () => {
    const flags = prometheusFlags(parsePrometheusVersion(said("3.13.3"))!, {
      configFile: "/c.yml",
      dataFolder: "/d",
      port: 9_091,
      retention: { time: "12h", size: "500MB" },
    });
    for (const flag of [
      "--web.listen-address=127.0.0.1:9091",
      "--storage.tsdb.retention.time=12h",
      "--storage.tsdb.retention.size=500MB",
      "--storage.tsdb.path=/d",
      "--config.file=/c.yml",
    ])
      assert.ok(flags.includes(flag), flag);
  });

  it("let no page of another origin read", () => {
    const flag = flagsOfCors();
    const allows = (origin: string): boolean => new RegExp(`^(?:${flag})$`, "u").test(origin);
    for (const origin of ["http://127.0.0.1:3000", "http://localhost", "https://localhost:8443"])
      assert.ok(allows(origin), origin);
    for (const origin of [
      "https://evil.example",
      "http://127.0.0.1.evil.example",
      "http://127x0.0.1",
      "http://localhost:3000.evil.example",
      "null",
    ])
      assert.ok(!allows(origin), origin);
  });
});

function flagsOfCors(): string {
  const all = prometheusFlags(parsePrometheusVersion(said("3.13.3"))!, {
    configFile: "/c.yml",
    dataFolder: "/d",
    port: 1,
    retention: { time: "1d", size: "1GB" },
  });
  return all.find((flag) => flag.startsWith("--web.cors.origin="))!.split("=")[1]!;
}

describe("the Prometheus of the machine", () => {
  const withProgram = async (script: string, folder: string) => {
    chmodSync(join(folder, "prometheus"), 0o755);
    assert.ok(script.startsWith("#!"));
    return findPrometheus({ PATH: `relative:/nowhere:${folder}` });
  };

  it("is the first one on the PATH, with its version", async (t) => {
    const script = `#!/bin/sh\necho "${said("2.42.0+ds")}"\n`;
    const folder = scratchFolder(t, { prometheus: script });
    assert.deepEqual(await withProgram(script, folder), {
      path: join(folder, "prometheus"),
      version: { major: 2, minor: 42, text: "2.42.0+ds" },
      buildFlags: [],
    });
  });

  it("is told to lock its data where it does not by itself", async (t) => {
    const help = `--help) echo "  --storage.tsdb.use-lockfile  Create a lockfile";;`;
    const script = `#!/bin/sh\ncase "$1" in ${help} *) echo "${said("2.42.0")}";; esac\n`;
    const found = await withProgram(script, scratchFolder(t, { prometheus: script }));
    assert.deepEqual(found?.buildFlags, ["--storage.tsdb.use-lockfile"]);
  });

  it("tells its version on standard error, too, as old ones do", async (t) => {
    const script = `#!/bin/sh\necho "${said("2.41.2")}" >&2\n`;
    const found = await withProgram(script, scratchFolder(t, { prometheus: script }));
    assert.equal(found?.version.minor, 41);
  });

  it("is refused when it has no native histograms", async (t) => {
    const script = `#!/bin/sh\necho "${said("2.39.2")}"\n`;
    await assert.rejects(
      withProgram(script, scratchFolder(t, { prometheus: script })),
      (error: LakhError) => error.code === "MONITOR_PROMETHEUS_OLD",
    );
  });

  it("is refused when it does not say what it is", async (t) => {
    const script = "#!/bin/sh\necho no such library >&2\nexit 127\n";
    await assert.rejects(
      withProgram(script, scratchFolder(t, { prometheus: script })),
      (error: LakhError) =>
        error.code === "MONITOR_START" && error.message.includes("no such library"),
    );
  });

  it("is none where a file of that name cannot be executed", async (t) => {
    const folder = scratchFolder(t, { prometheus: "", "bin/prometheus/file": "" });
    assert.equal(await findPrometheus({ PATH: `${folder}:${join(folder, "bin")}` }), undefined);
    assert.equal(await findPrometheus({}), undefined);
  });
});

import assert from "node:assert/strict";
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { LakhError } from "../../../src/base/errors.ts";
import {
  ensurePassword,
  findGrafana,
  grafanaEnvironment,
  type GrafanaProgram,
} from "../../../src/monitor/grafana.ts";
import { monitorPaths } from "../../../src/monitor/paths.ts";
import { scratchFolder } from "../../support/cli.ts";

const saysVersion = "#!/bin/sh\necho 'grafana version 13.2.3'\n";

/** A folder with these executable files and, where `home` says, the file that marks Grafana's home. */
function installed(t: TestContext, programs: readonly string[], home: string): string {
  const files = programs.map((path) => [path, saysVersion]);
  const folder = scratchFolder(t, {
    ...Object.fromEntries(files),
    [join(home, "conf", "defaults.ini")]: "",
  });
  for (const path of programs) chmodSync(join(folder, path), 0o755);
  return folder;
}

describe("the Grafana of the machine", () => {
  it("is found where a tarball is unpacked", async (t) => {
    const folder = installed(t, ["g/bin/grafana"], "g");
    assert.deepEqual(await findGrafana({ PATH: join(folder, "g/bin") }), {
      path: join(folder, "g/bin/grafana"),
      command: ["server"],
      home: join(folder, "g"),
      version: "13.2.3",
    } satisfies GrafanaProgram);
  });

  it("is found through a link, as Homebrew makes it", async (t) => {
    const folder = installed(t, ["cellar/bin/grafana", "bin/other"], "cellar/share/grafana");
    symlinkSync(join(folder, "cellar/bin/grafana"), join(folder, "bin/grafana"));
    const found = await findGrafana({ PATH: join(folder, "bin") });
    assert.equal(found?.home, join(folder, "cellar/share/grafana"));
    assert.equal(found.path, join(folder, "bin/grafana"));
  });

  it("is the program in its home and not the package's script on the PATH, which brings other settings", async (t) => {
    const folder = installed(t, ["sbin/grafana", "home/bin/grafana"], "home");
    const env = { PATH: join(folder, "sbin"), GF_PATHS_HOME: join(folder, "home") };
    assert.equal((await findGrafana(env))?.path, join(folder, "home/bin/grafana"));
  });

  it("may be the older program, which takes no command", async (t) => {
    const folder = installed(t, ["g/bin/grafana-server"], "g");
    assert.deepEqual((await findGrafana({ PATH: join(folder, "g/bin") }))?.command, []);
  });

  it("is an error when its home is not there", async (t) => {
    const folder = installed(t, ["bin/grafana"], "elsewhere");
    await assert.rejects(
      findGrafana({ PATH: join(folder, "bin") }),
      (error: LakhError) => error.code === "MONITOR_START" && /GF_PATHS_HOME/u.test(error.hint!),
    );
  });
});

describe("Grafana's password", () => {
  it("is random, made once, and for its owner alone", async (t) => {
    const secrets = [scratchFolder(t), scratchFolder(t)].map((folder) => ({
      ...monitorPaths({}),
      grafanaSecrets: join(folder, "grafana.env"),
    }));
    const [one, other] = await Promise.all(secrets.map(ensurePassword));
    assert.match(one!.text, /^[\w-]{24}$/u);
    assert.notEqual(one!.text, other!.text);
    assert.equal(one!.isNew, true);
    assert.deepEqual(await ensurePassword(secrets[0]!), { text: one!.text, isNew: false });
    const path = secrets[0]!.grafanaSecrets;
    assert.equal(readFileSync(path, "utf8"), `GF_SECURITY_ADMIN_PASSWORD=${one!.text}\n`);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("is for its owner alone even where a file of that name was for all", async (t) => {
    const grafanaSecrets = join(scratchFolder(t, { "grafana.env": "" }), "grafana.env");
    chmodSync(grafanaSecrets, 0o644);
    await ensurePassword({ ...monitorPaths({}), grafanaSecrets });
    assert.equal(statSync(grafanaSecrets).mode & 0o777, 0o600);
  });

  it("is an error where it cannot be kept", async (t) => {
    const folder = scratchFolder(t);
    writeFileSync(join(folder, "file"), "");
    const grafanaSecrets = join(folder, "file", "grafana.env");
    await assert.rejects(
      ensurePassword({ ...monitorPaths({}), grafanaSecrets }),
      (error: LakhError) => error.code === "MONITOR_STATE",
    );
  });
});

describe("Grafana's environment", () => {
  const paths = monitorPaths({ XDG_STATE_HOME: "/s" });
  const env = grafanaEnvironment(
    { PATH: "/bin", GF_SERVER_PROTOCOL: "https", GF_AUTH_ANONYMOUS_ENABLED: "true" },
    {
      paths,
      port: 3_001,
      prometheusUrl: "http://127.0.0.1:9091",
      prometheusVersion: "2.42.0",
      password: "secret",
    },
  );
  it("keeps it on loopback, on its port, with its own data", () => {
    assert.equal(env["GF_SERVER_HTTP_ADDR"], "127.0.0.1");
    assert.equal(env["GF_SERVER_HTTP_PORT"], "3001");
    assert.equal(env["GF_PATHS_DATA"], "/s/lakh/monitor/grafana-data");
    assert.equal(env["GF_SECURITY_ADMIN_PASSWORD"], "secret");
    assert.equal(env["PATH"], "/bin");
  });
  it("has nothing of the user's settings for another Grafana", () => {
    assert.equal(env["GF_SERVER_PROTOCOL"], "http");
    assert.equal(env["GF_AUTH_ANONYMOUS_ENABLED"], undefined);
  });
});

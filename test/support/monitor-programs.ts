/** Folders with programs for `lakh monitor` to find, and a state folder of their own. */
import { chmodSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import * as z from "zod";
import type { MonitorStatus } from "../../src/monitor/index.ts";
import { monitorPaths } from "../../src/monitor/paths.ts";
import { parseState } from "../../src/monitor/state.ts";
import { type CliResult, repoRoot, runLakh, scratchFolder } from "./cli.ts";
import { freePorts } from "./free-port.ts";

/** A program that runs a module beside this one. */
function standIn(module: string): string {
  const path = join(import.meta.dirname, module);
  return `#!/bin/sh\nexec "${process.execPath}" "${path}" "$@"\n`;
}

const versionOnly = `case "$1" in
  --version) echo "prometheus, version 2.42.0 (branch: x)"; exit;;
  --help) exit;;
esac`;

const installed = ["/usr/bin/prometheus", "/usr/local/bin/prometheus"].find((path) =>
  existsSync(path),
);

type ProgramName = "prometheus" | "grafana" | "docker" | "muteProgram" | "brokenProgram";

export const programs: Readonly<Record<ProgramName, string>> = {
  /** The real one, when it is installed. */
  prometheus: `#!/bin/sh\nexec ${installed} "$@"\n`,
  grafana: standIn("stand-in-grafana.js"),
  docker: standIn("stand-in-docker.js"),
  /** Starts, and never answers. */
  muteProgram: `#!/bin/sh\n${versionOnly}\nexec sleep 1000\n`,
  /** Ends at once, as with a setting that is wrong. */
  brokenProgram: `#!/bin/sh\n${versionOnly}\necho 'ts=1 level=error err="bad setting \\"x\\""' >&2\nexit 1\n`,
};

const published = join(repoRoot, "docs/reference/schemas/monitor-status.schema.json");

/** What `lakh monitor status --json` prints, held against the published schema. */
export function parseStatus(json: string): MonitorStatus {
  const status = JSON.parse(json) as MonitorStatus;
  z.fromJSONSchema(JSON.parse(readFileSync(published, "utf8"))).parse(status);
  return status;
}

/** Flags of `up`: tests that run at the same time must not choose the same port between a look and a start. */
export async function portFlags(): Promise<string[]> {
  const [prometheus, grafana] = await freePorts(2);
  return ["--prometheus-port", String(prometheus), "--grafana-port", String(grafana)];
}

export interface MonitorScene {
  /** For `lakh`: PATH, XDG_STATE_HOME and what the stand-ins want. */
  readonly env: NodeJS.ProcessEnv;
  readonly paths: ReturnType<typeof monitorPaths>;
  /** A folder of the test's own. */
  readonly folder: string;
}

/**
 * A scene with just these programs on the PATH. What the state file still names at the end of the test, and the
 * stand-in's containers, are killed.
 */
export function monitorScene(
  t: TestContext,
  found: Readonly<Record<string, string>>,
  more: NodeJS.ProcessEnv = {},
): MonitorScene {
  // Registered before the folder's own clean-up, which takes the state file away.
  const scenes: MonitorScene[] = [];
  t.after(() => scenes.forEach(killLeft));
  const files = Object.entries(found).map(([name, text]) => [`home/bin/${name}`, text]);
  const folder = scratchFolder(t, {
    ...Object.fromEntries(files),
    "home/conf/defaults.ini": "",
    "tools/empty": "",
  });
  for (const name of Object.keys(found)) chmodSync(join(folder, "home/bin", name), 0o755);
  // What the programs that are scripts use: the system's own folders may have a Docker or a Grafana.
  symlinkSync("/bin/sleep", join(folder, "tools", "sleep"));
  const env = {
    PATH: `${join(folder, "home/bin")}:${join(folder, "tools")}`,
    XDG_STATE_HOME: join(folder, "state"),
    STAND_IN_FOLDER: folder,
    ...more,
  };
  const scene = { env, paths: monitorPaths(env), folder };
  scenes.push(scene);
  return scene;
}

function killLeft({ paths, folder }: MonitorScene): void {
  const text = existsSync(paths.stateFile) ? readFileSync(paths.stateFile, "utf8") : "";
  const state = parseState(text);
  const containers = join(folder, "containers.pid");
  const pids = [
    state?.prometheus.process?.pid,
    state?.grafana?.process?.pid,
    existsSync(containers) ? Number(readFileSync(containers, "utf8")) : undefined,
  ];
  for (const pid of pids)
    if (pid !== undefined && isOfScene(pid, folder)) process.kill(pid, "SIGKILL");
}

/** Only what was started with the test's own environment. */
function isOfScene(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").includes(`STAND_IN_FOLDER=${folder}`);
  } catch {
    return false;
  }
}

/** `lakh monitor …` in a scene. */
export function runMonitor(scene: MonitorScene, ...args: readonly string[]): Promise<CliResult> {
  return runLakh(["monitor", ...args], { cwd: scene.folder, env: scene.env });
}

/** What `lakh monitor status --json` says, and its exit code. */
export async function statusOf(
  scene: MonitorScene,
): Promise<MonitorStatus & { code: number | null }> {
  const { code, stdout } = await runMonitor(scene, "status", "--json");
  return { ...parseStatus(stdout), code };
}

/** The monitor in containers: which Docker there is, and Compose's commands for the file in the monitor's folder. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { LakhError } from "../base/errors.ts";
import type { MonitorErrorCode } from "./errors.ts";
import { askProgram, findProgram } from "./path-programs.ts";
import { composeProject, type Environment, type MonitorPaths } from "./paths.ts";
import type { Retention } from "./state.ts";

export interface DockerFacts {
  /** Undefined: no such program. */
  readonly path: string | undefined;
  /** Why it cannot be used; undefined when it can. */
  readonly problem: string | undefined;
}

/** Is Docker here, with Compose, and does its daemon answer? */
export async function findDocker(env: Environment): Promise<DockerFacts> {
  const path = await findProgram("docker", env);
  if (path === undefined) return { path, problem: "Docker is not installed" };
  const compose = await askProgram(path, ["compose", "version", "--short"], env);
  if (!compose.endedWell || !/^v?\d/u.test(compose.text.trim()))
    return { path, problem: "Docker is installed without its Compose plugin (docker compose)" };
  const daemon = await askProgram(path, ["info", "--format", "{{.ServerVersion}}"], env);
  const problem = daemon.endedWell
    ? undefined
    : `Docker is installed, but does not answer: ${daemon.text.trim().split("\n").at(-1)}`;
  return { path, problem };
}

export interface ComposeUse {
  readonly docker: string;
  readonly paths: MonitorPaths;
  readonly env: Environment;
  /** What Compose says meanwhile, line by line. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface ComposeSettings {
  readonly prometheusPort: number;
  /** Undefined: without Grafana. */
  readonly grafanaPort: number | undefined;
  readonly retention: Retention;
}

/** How long Compose may wait for the containers to be healthy, once it has their images. */
const healthLimitSeconds = 180;

/** @throws LakhError MONITOR_START with what Compose said last */
export async function composeUp(use: ComposeUse, settings: ComposeSettings): Promise<void> {
  const { prometheusPort, grafanaPort, retention } = settings;
  const services = grafanaPort === undefined ? ["prometheus"] : [];
  const flags = ["--detach", "--remove-orphans", "--wait"];
  const limit = ["--wait-timeout", String(healthLimitSeconds)];
  const { code, last } = await compose(use, ["up", ...flags, ...limit, ...services], {
    LAKH_PROMETHEUS_PORT: String(prometheusPort),
    LAKH_GRAFANA_PORT: String(grafanaPort ?? 3_000),
    LAKH_RETENTION_TIME: retention.time,
    LAKH_RETENTION_SIZE: retention.size,
  });
  if (code === 0) return;
  throw new LakhError(
    "MONITOR_START" satisfies MonitorErrorCode,
    `docker compose up ended with code ${code}: ${last}`,
    { hint: "what it said stands above; --using programs does without Docker" },
  );
}

/** @throws LakhError MONITOR_STOP */
export async function composeDown(
  use: ComposeUse,
  { withVolumes }: { readonly withVolumes: boolean },
): Promise<void> {
  const { code, last } = await compose(use, ["down", ...(withVolumes ? ["--volumes"] : [])], {});
  if (code === 0) return;
  const project = composeProject(use.paths);
  throw new LakhError(
    "MONITOR_STOP" satisfies MonitorErrorCode,
    `docker compose down ended with code ${code}: ${last}`,
    { hint: `is Docker running? By hand: docker compose --project-name ${project} down` },
  );
}

interface ComposeEnd {
  readonly code: number | string;
  /** The last line that was said. */
  readonly last: string;
}

async function compose(
  { docker, paths, env, say, signal }: ComposeUse,
  args: readonly string[],
  settings: Environment,
): Promise<ComposeEnd> {
  const project = ["--project-name", composeProject(paths), "--file", paths.composeFile];
  const child = spawn(docker, ["compose", ...project, ...args], {
    cwd: paths.folder,
    env: { ...env, ...settings, COMPOSE_PROGRESS: "plain", COMPOSE_ANSI: "never" },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, name) => resolve(code ?? name ?? "unknown"));
  });
  let last = "it said nothing";
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      if (line.trim() !== "") last = line.trim();
      say(line);
    });
  return { code: await ended, last };
}

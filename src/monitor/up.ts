/** `lakh monitor up`: in containers where Docker is, else from the programs of this machine. */
import type { Clock } from "../base/clock.ts";
import { LakhError } from "../base/errors.ts";
import { startContainers } from "./containers.ts";
import { findDocker } from "./docker.ts";
import type { MonitorErrorCode } from "./errors.ts";
import {
  ensurePassword,
  findGrafana,
  type GrafanaPassword,
  type GrafanaProgram,
  isPasswordRight,
} from "./grafana.ts";
import { withLock } from "./lock.ts";
import { choosePort, type PortWish } from "./network.ts";
import { type Environment, type MonitorPaths, monitorPaths } from "./paths.ts";
import { identityOf } from "./processes.ts";
import { startPrograms } from "./programs.ts";
import { findPrometheus, type PrometheusProgram } from "./prometheus.ts";
import { throwIfInterrupted } from "./ready.ts";
import { layOutSettings } from "./settings.ts";
import { isWhollyUp } from "./status.ts";
import { type MonitorState, readState, removeState, type Retention } from "./state.ts";
import { stopState } from "./stop.ts";

export interface UpRequest {
  readonly env: Environment;
  /** `deploy/` of the package. */
  readonly deployFolder: string;
  readonly using: "auto" | "docker" | "programs";
  readonly prometheusPort: number | undefined;
  readonly grafanaPort: number | undefined;
  readonly withGrafana: boolean;
  readonly retention: Retention;
}

export interface UpDeps {
  readonly clock: Clock;
  /** What happens, line by line. */
  readonly say: (line: string) => void;
  /** Aborted when the user has had enough. */
  readonly signal?: AbortSignal | undefined;
}

export interface UpResult {
  readonly state: MonitorState;
  /** True when it was up before, and nothing was done. */
  readonly wasUp: boolean;
  /** Grafana's, to be shown this once; undefined when it is of an earlier start, or Grafana has another one. */
  readonly password: string | undefined;
  /** False when Grafana refuses the password of the file. */
  readonly isPasswordRight: boolean;
  readonly paths: MonitorPaths;
}

/**
 * Starts the monitor, unless it is up.
 * @throws LakhError MONITOR_BUSY, MONITOR_INTERRUPTED, MONITOR_NOTHING, MONITOR_PORT, MONITOR_PROMETHEUS_OLD,
 * MONITOR_START, MONITOR_STATE, MONITOR_STOP
 */
export async function monitorUp(request: UpRequest, deps: UpDeps): Promise<UpResult> {
  const paths = monitorPaths(request.env);
  return withLock(paths.lockFile, async () => {
    const earlier = await readState(paths.stateFile);
    if (earlier !== undefined && (await isWhollyUp(earlier)))
      return { ...unchanged, state: earlier, paths };
    const start: Start = { request, deps, paths };
    if (earlier !== undefined) await clearAway(earlier, start);
    const way = await chooseWay(start);
    await layOutSettings(request.deployFolder, paths);
    throwIfInterrupted(deps.signal);
    return way.kind === "docker"
      ? upInContainers(way.docker, start)
      : upFromPrograms(way.prometheus, way.grafana, start);
  });
}

const unchanged = {
  wasUp: true,
  password: undefined,
  isPasswordRight: true,
} as const;

interface Start {
  readonly request: UpRequest;
  readonly deps: UpDeps;
  readonly paths: MonitorPaths;
}

/** What an earlier start has left: one that was cut short, or one of which a part has ended since. */
async function clearAway(state: MonitorState, { request, deps, paths }: Start): Promise<void> {
  const { say } = deps;
  say(
    state.phase === "starting"
      ? "an earlier start was cut short; what it left is stopped first"
      : "the monitor was up, but not all of it is any more; what is left is stopped first",
  );
  await stopState(state, { paths, env: request.env, say });
  await removeState(paths.stateFile);
}

type Way =
  | { readonly kind: "docker"; readonly docker: string }
  | {
      readonly kind: "programs";
      readonly prometheus: PrometheusProgram;
      readonly grafana: GrafanaProgram | undefined;
    };

async function chooseWay({ request, deps }: Start): Promise<Way> {
  const { using, env, withGrafana } = request;
  const docker = using === "programs" ? undefined : await findDocker(env);
  if (docker?.path !== undefined && docker.problem === undefined)
    return { kind: "docker", docker: docker.path };
  if (using === "docker")
    throw nothing(`${docker?.problem}`, "install or start Docker, or try --using programs");
  const prometheus = await findPrometheus(env);
  if (prometheus === undefined)
    throw nothing(
      `${docker === undefined ? "" : `${docker.problem}, and `}there is no prometheus on the PATH`,
      "install Prometheus (Debian and Ubuntu: apt-get install prometheus; macOS: brew install prometheus), or Docker with Compose",
    );
  if ((await identityOf(globalThis.process.pid)) === undefined)
    throw nothing(
      "this system does not tell one process from a later one (no /proc, no ps): none could be stopped safely",
      "use Docker",
    );
  if (docker?.path !== undefined)
    deps.say(`${docker.problem}: taking the programs of this machine`);
  return {
    kind: "programs",
    prometheus,
    grafana: withGrafana ? await findGrafana(env) : undefined,
  };
}

function nothing(message: string, hint: string): LakhError {
  return new LakhError("MONITOR_NOTHING" satisfies MonitorErrorCode, message, { hint });
}

async function upFromPrograms(
  prometheus: PrometheusProgram,
  program: GrafanaProgram | undefined,
  start: Start,
): Promise<UpResult> {
  const { request, deps, paths } = start;
  const { env, retention } = request;
  const prometheusPort = await prometheusPortOf(start);
  const secret = program === undefined ? undefined : await ensurePassword(paths);
  const grafana =
    program === undefined || secret === undefined
      ? undefined
      : { program, port: await grafanaPortOf(start, prometheusPort), password: secret.text };
  const use = { ...deps, paths, env, retention };
  const state = await startPrograms({ ...use, prometheus, prometheusPort, grafana });
  const login = await checkLogin(state, secret);
  return { state, wasUp: false, ...login, paths };
}

async function upInContainers(docker: string, start: Start): Promise<UpResult> {
  const { request, deps, paths } = start;
  const { env, retention, withGrafana } = request;
  const prometheusPort = await prometheusPortOf(start);
  const grafanaPort = withGrafana ? await grafanaPortOf(start, prometheusPort) : undefined;
  // Compose wants the file to be there even when it is to start Prometheus alone.
  const secret = await ensurePassword(paths);
  const use = { ...deps, docker, paths, env, retention };
  const state = await startContainers({ ...use, prometheusPort, grafanaPort });
  const login = await checkLogin(state, secret);
  return { state, wasUp: false, ...login, paths };
}

function prometheusPortOf({ request, deps }: Start): Promise<number> {
  const asked = request.prometheusPort;
  const wish = { of: "Prometheus", usual: 9_090, flag: "--prometheus-port", asked };
  return chooseAndTell(wish, [], deps);
}

function grafanaPortOf({ request, deps }: Start, prometheusPort: number): Promise<number> {
  const asked = request.grafanaPort;
  const wish = { of: "Grafana", usual: 3_000, flag: "--grafana-port", asked };
  return chooseAndTell(wish, [prometheusPort], deps);
}

async function chooseAndTell(
  wish: PortWish,
  taken: readonly number[],
  { say }: UpDeps,
): Promise<number> {
  const port = await choosePort(wish, taken);
  if (wish.asked === undefined && port !== wish.usual)
    say(`port ${wish.usual} is taken: ${wish.of} gets ${port}`);
  return port;
}

/** Is the password that is told the one that Grafana has? It keeps the one of its first start. */
async function checkLogin(
  { grafana }: MonitorState,
  secret: GrafanaPassword | undefined,
): Promise<Pick<UpResult, "password" | "isPasswordRight">> {
  if (grafana === null || secret === undefined)
    return { password: undefined, isPasswordRight: true };
  const isRight = await isPasswordRight(grafana.url, secret.text);
  const password = isRight && secret.isNew ? secret.text : undefined;
  return { password, isPasswordRight: isRight };
}

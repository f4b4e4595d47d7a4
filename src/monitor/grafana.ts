/** A Grafana of the machine: where it is, its settings as environment variables, and its password. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LakhError, reasonOf } from "../base/errors.ts";
import type { MonitorErrorCode } from "./errors.ts";
import { ask, fieldOf, loopback } from "./network.ts";
import { askProgram, findProgram } from "./path-programs.ts";
import type { Environment, MonitorPaths } from "./paths.ts";

export interface GrafanaProgram {
  readonly path: string;
  /** Before the flags: "server", but for the older program of that name. */
  readonly command: readonly string[];
  /** Has conf/defaults.ini and the pages. */
  readonly home: string;
  readonly version: string | null;
}

/** Undefined when it is not installed. @throws LakhError MONITOR_START when it is, but not whole */
export async function findGrafana(env: Environment): Promise<GrafanaProgram | undefined> {
  const current = await findProgram("grafana", env);
  const found = current ?? (await findProgram("grafana-server", env));
  if (found === undefined) return undefined;
  const home = homeCandidates(await realpath(found), env).find((folder) =>
    existsSync(join(folder, "conf", "defaults.ini")),
  );
  if (home === undefined)
    throw new LakhError(
      "MONITOR_START" satisfies MonitorErrorCode,
      `${found} is there, but not its home folder, which has conf/defaults.ini`,
      { hint: "set GF_PATHS_HOME to that folder, or leave Grafana out with --no-grafana" },
    );
  // What is on the PATH may be a script of the package that brings settings of its own.
  const inner = join(home, "bin", current === undefined ? "grafana-server" : "grafana");
  const path = existsSync(inner) ? inner : found;
  const command = current === undefined ? [] : ["server"];
  const { text } = await askProgram(path, ["-v"], env);
  return { path, command, home, version: /version v?(\d+\.\d+\S*)/iu.exec(text)?.[1] ?? null };
}

function homeCandidates(program: string, env: Environment): string[] {
  const prefix = dirname(dirname(program));
  const given = env["GF_PATHS_HOME"];
  return [
    ...(given === undefined ? [] : [given]),
    prefix,
    join(prefix, "share", "grafana"),
    "/usr/share/grafana",
  ];
}

export interface GrafanaSettings {
  readonly paths: MonitorPaths;
  readonly port: number;
  readonly prometheusUrl: string;
  readonly prometheusVersion: string;
  readonly password: string;
}

/** The user's own GF_ variables are for another Grafana. */
export function grafanaEnvironment(env: Environment, settings: GrafanaSettings): Environment {
  const { paths, port, prometheusUrl, prometheusVersion, password } = settings;
  const inherited = Object.entries(env).filter(([name]) => !name.startsWith("GF_"));
  return {
    ...Object.fromEntries(inherited),
    GF_SERVER_PROTOCOL: "http",
    GF_SERVER_HTTP_ADDR: loopback,
    GF_SERVER_HTTP_PORT: String(port),
    GF_PATHS_DATA: paths.grafanaData,
    GF_PATHS_LOGS: join(paths.grafanaData, "log"),
    GF_PATHS_PLUGINS: join(paths.grafanaData, "plugins"),
    GF_PATHS_PROVISIONING: paths.provisioning,
    GF_LOG_MODE: "console",
    GF_SECURITY_ADMIN_USER: grafanaUser,
    GF_SECURITY_ADMIN_PASSWORD: password,
    GF_USERS_ALLOW_SIGN_UP: "false",
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_NEWS_NEWS_FEED_ENABLED: "false",
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
    LAKH_PROMETHEUS_URL: prometheusUrl,
    LAKH_PROMETHEUS_VERSION: prometheusVersion,
    LAKH_DASHBOARDS: paths.dashboards,
  };
}

export const grafanaUser = "admin";

export interface GrafanaPassword {
  readonly text: string;
  /** True when it was made now: Grafana keeps the one of its first start. */
  readonly isNew: boolean;
}

const passwordLine = /^GF_SECURITY_ADMIN_PASSWORD=(\S+)$/mu;

/**
 * The password of the file, which is made with a random one when it is missing. Nobody but its owner may read it.
 * @throws LakhError MONITOR_STATE
 */
export async function ensurePassword({ grafanaSecrets }: MonitorPaths): Promise<GrafanaPassword> {
  try {
    const known = existsSync(grafanaSecrets)
      ? passwordLine.exec(await readFile(grafanaSecrets, "utf8"))?.[1]
      : undefined;
    if (known !== undefined) return { text: known, isNew: false };
    const text = randomBytes(18).toString("base64url");
    await writeFile(grafanaSecrets, `GF_SECURITY_ADMIN_PASSWORD=${text}\n`, { mode: 0o600 });
    await chmod(grafanaSecrets, 0o600); // a file that was there keeps its mode when it is written
    return { text, isNew: true };
  } catch (cause) {
    throw new LakhError(
      "MONITOR_STATE" satisfies MonitorErrorCode,
      `${grafanaSecrets} cannot be read or written: ${reasonOf(cause)}`,
      { hint: "remove it, or make its folder writable", cause },
    );
  }
}

export async function isGrafanaReady(url: string): Promise<boolean> {
  return fieldOf(await ask(`${url}/api/health`), ["database"]) === "ok";
}

export async function grafanaVersionAt(url: string): Promise<string | undefined> {
  const version = fieldOf(await ask(`${url}/api/health`), ["version"]);
  return typeof version === "string" && version !== "" ? version : undefined;
}

/** False when Grafana has another password: that of an earlier start, whose file is gone, or a changed one. */
export async function isPasswordRight(url: string, password: string): Promise<boolean> {
  const login = Buffer.from(`${grafanaUser}:${password}`).toString("base64");
  const reply = await ask(`${url}/api/org`, { headers: { authorization: `Basic ${login}` } });
  return reply?.status !== 401;
}

/**
 * A Prometheus of the machine: which flags its version wants, and what it tells of itself.
 * Native histograms, without which there are neither heat maps nor percentiles over a window, are stored since 2.40
 * behind a feature flag, since 3.8 always; the receiver's flag is older than both.
 */
import { LakhError } from "../base/errors.ts";
import type { MonitorErrorCode } from "./errors.ts";
import { ask, fieldOf, loopback } from "./network.ts";
import { askProgram, findProgram } from "./path-programs.ts";
import type { Environment } from "./paths.ts";
import type { Retention } from "./state.ts";

export interface PrometheusVersion {
  readonly major: number;
  readonly minor: number;
  /** "2.42.0+ds" */
  readonly text: string;
}

export interface PrometheusProgram {
  readonly path: string;
  readonly version: PrometheusVersion;
  /** Flags that this build wants, whatever its version is. */
  readonly buildFlags: readonly string[];
}

/** Undefined when it is not installed. @throws LakhError MONITOR_PROMETHEUS_OLD, MONITOR_START */
export async function findPrometheus(env: Environment): Promise<PrometheusProgram | undefined> {
  const path = await findProgram("prometheus", env);
  if (path === undefined) return undefined;
  const { text } = await askProgram(path, ["--version"], env);
  const version = parsePrometheusVersion(text);
  if (version === undefined)
    throw new LakhError(
      "MONITOR_START" satisfies MonitorErrorCode,
      `${path} --version does not say which Prometheus it is: ${text.trim().split("\n", 1)[0]}`,
      { hint: "is it the program that you mean? The first prometheus on the PATH is taken" },
    );
  if (!isAtLeast(version, 2, 40))
    throw new LakhError(
      "MONITOR_PROMETHEUS_OLD" satisfies MonitorErrorCode,
      `${path} is Prometheus ${version.text}, which has no native histograms`,
      { hint: "install Prometheus 2.40 or later, or Docker with Compose" },
    );
  return { path, version, buildFlags: await buildFlagsOf(path, env) };
}

/** Debian's build locks its data only when it is told to; two on one folder would spoil them. */
async function buildFlagsOf(path: string, env: Environment): Promise<string[]> {
  const { text } = await askProgram(path, ["--help"], env);
  const lock = "--storage.tsdb.use-lockfile";
  return text.includes(lock) ? [lock] : [];
}

/** Of "prometheus, version 2.42.0+ds (branch: …". */
export function parsePrometheusVersion(said: string): PrometheusVersion | undefined {
  const [, text, major, minor] = /\bversion v?((\d+)\.(\d+)\S*)/u.exec(said) ?? [];
  if (text === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), text };
}

export interface PrometheusSettings {
  readonly configFile: string;
  readonly dataFolder: string;
  readonly port: number;
  readonly retention: Retention;
}

/** Pages of other origins in the user's browser may not read what is stored; those of this machine may. */
const allowedOrigins = "https?://(127\\.0\\.0\\.1|localhost)(:[0-9]+)?";

export function prometheusFlags(
  version: PrometheusVersion,
  { configFile, dataFolder, port, retention }: PrometheusSettings,
): string[] {
  return [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${dataFolder}`,
    `--storage.tsdb.retention.time=${retention.time}`,
    `--storage.tsdb.retention.size=${retention.size}`,
    `--web.listen-address=${loopback}:${port}`,
    `--web.cors.origin=${allowedOrigins}`,
    "--web.enable-remote-write-receiver",
    ...(isAtLeast(version, 3, 8) ? [] : ["--enable-feature=native-histograms"]),
  ];
}

function isAtLeast({ major, minor }: PrometheusVersion, wanted: number, andMinor: number): boolean {
  return major > wanted || (major === wanted && minor >= andMinor);
}

/** Does a Prometheus at `url` answer queries? While it reads what it had stored, it does not yet. */
export async function isPrometheusReady(url: string): Promise<boolean> {
  const reply = await ask(`${url}/-/ready`);
  return reply?.status === 200 && reply.text.includes("Prometheus");
}

/** The folder that the Prometheus at `url` keeps its data in: which of several it is. */
export async function prometheusDataFolder(url: string): Promise<string | undefined> {
  const folder = fieldOf(await ask(`${url}/api/v1/status/flags`), ["data", "storage.tsdb.path"]);
  return typeof folder === "string" ? folder : undefined;
}

export async function prometheusVersionAt(url: string): Promise<string | undefined> {
  const version = fieldOf(await ask(`${url}/api/v1/status/buildinfo`), ["data", "version"]);
  return typeof version === "string" ? version : undefined;
}

/** Series that have had samples in the last hours. */
export async function countSeries(url: string): Promise<number | undefined> {
  const reply = await ask(`${url}/api/v1/status/tsdb`);
  const count = fieldOf(reply, ["data", "headStats", "numSeries"]);
  return typeof count === "number" ? count : undefined;
}

/** Where the Prometheus at `url` takes what outputs write. */
export function toRemoteWriteUrl(url: string): string {
  return `${url}/api/v1/write`;
}

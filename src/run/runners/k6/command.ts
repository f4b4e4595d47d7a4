/**
 * The command lines for k6. The user's own flags go to k6 as they were given; lakh adds what it reads from
 * (samples through a named pipe, logs as JSON, the summary as a file), and takes out what would contradict that.
 */
import { parseWriteUrl } from "../../../outputs/index.ts";
import type { RunRequest } from "../../request.ts";

/** Flags that lakh answers itself, or sets to values that it can read. */
const ownFlags: ReadonlySet<string> = new Set([
  "--quiet",
  "--out",
  "--log-output",
  "--log-format",
  "--env",
  "--summary-export",
  "--no-color",
]);

/** k6's name of the output that is `prometheus` here. */
const k6PrometheusName = "experimental-prometheus-rw";

/**
 * Outputs as k6 takes them. It knows the Prometheus output by another name and ignores the address after it, which goes
 * into a variable.
 * @throws LakhError OUTPUT_ARGUMENT
 */
export function outputsForK6(outputs: readonly string[]): {
  readonly outputs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  const env: Record<string, string> = {};
  const named = outputs.map((output) => {
    const [, name, address] = /^([^=]*)=?(.*)$/su.exec(output)!;
    if (name !== "prometheus" && name !== k6PrometheusName) return output;
    if (address !== "") env["K6_PROMETHEUS_RW_SERVER_URL"] = parseWriteUrl(address!).href;
    return k6PrometheusName;
  });
  return { outputs: named, env };
}

/** Flags that `k6 inspect` and `k6 archive` know as well as `k6 run`. */
const loadingFlags: ReadonlySet<string> = new Set([
  "--type",
  "--compatibility-mode",
  "--include-system-env-vars",
  "--no-include-system-env-vars",
]);

/** A flag without its value. */
const nameOf = (argument: string): string => argument.split("=", 1)[0]!;

/** What a run of k6 is told. */
export interface K6Invocation {
  /** Path of a script or archive, or "-". */
  readonly script: string;
  /** Where k6 writes its samples. */
  readonly samplesPath: string;
  /** Where k6 leaves its summary for lakh. */
  readonly summaryPath: string;
  /** The outputs that the user asked for. */
  readonly outputs?: readonly string[];
  /** Replaces the system tags, when more are needed than the script asks for. */
  readonly systemTags?: readonly string[] | undefined;
}

/** Arguments of `k6 run`. */
export function runArguments(
  request: Pick<RunRequest, "env" | "k6Arguments">,
  hostEnv: Readonly<Record<string, string | undefined>>,
  { script, samplesPath, summaryPath, systemTags, outputs = [] }: K6Invocation,
): string[] {
  const replaced = systemTags === undefined ? [] : ["--system-tags"];
  const own = request.k6Arguments.filter((argument) => {
    const name = nameOf(argument);
    return !ownFlags.has(name) && !replaced.includes(name);
  });
  return [
    "run",
    "--quiet",
    "--log-format=json",
    "--log-output=stderr",
    "--no-usage-report",
    `--out=json=${samplesPath}`,
    `--summary-export=${summaryPath}`,
    ...outputs.map((output) => `--out=${output}`),
    ...own,
    ...(systemTags === undefined ? [] : [`--system-tags=${systemTags.join(",")}`]),
    ...envArguments(request.env, hostEnv),
    script,
  ];
}

/** Arguments of `k6 inspect` and `k6 archive`, without the command: what decides how the script is loaded. */
export function loadArguments(
  request: Pick<RunRequest, "env" | "k6Arguments">,
  hostEnv: Readonly<Record<string, string | undefined>>,
): string[] {
  const own = request.k6Arguments.filter((argument) => loadingFlags.has(nameOf(argument)));
  const systemEnv = own.some((argument) => nameOf(argument).includes("include-system-env-vars"))
    ? []
    : ["--include-system-env-vars"];
  return [...own, ...systemEnv, ...envArguments(request.env, hostEnv)];
}

/** The variables that the environment does not have already, or has otherwise. */
function envArguments(
  env: RunRequest["env"],
  hostEnv: Readonly<Record<string, string | undefined>>,
): string[] {
  return Object.entries(env)
    .filter(([name, value]) => hostEnv[name] !== value)
    .map(([name, value]) => `--env=${name}=${value}`);
}

/**
 * k6's flags that are no options of a script: how the script is read, the REST API, feature flags. Each has a variable
 * as in k6; a flag wins over its variable. What lakh cannot do is told, never passed over.
 */
import { type Command, InvalidArgumentError } from "commander";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Host } from "../base/host.ts";
import type { Logger } from "../base/log.ts";
import type { RunRequest } from "../run/index.ts";
import type { CliErrorCode } from "./errors.ts";
import { addOutputFlag } from "./output-flag.ts";
import { collect } from "./run-flags.ts";
import { parseGoBoolean } from "./k6-arguments.ts";

/** Values as commander leaves them. */
export interface RuntimeFlags {
  readonly type?: string;
  readonly includeSystemEnvVars?: boolean;
  readonly thresholds: boolean;
  readonly compatibilityMode?: string;
  readonly secretSource?: string[];
  readonly features?: string[];
  readonly address?: string;
  readonly linger?: boolean;
  readonly profilingEnabled?: boolean;
  readonly tracesOutput?: string;
  readonly switchedOff?: string[];
}

/** Flags of every command that reads a script. */
export function addScriptFlags(command: Command): void {
  command
    .option("-t, --type <type>", "js or archive; found out from the content when left out")
    .option("--include-system-env-vars", "put the environment into __ENV")
    .option("--no-include-system-env-vars", "keep the environment out of __ENV")
    .option("--traces-output <output>", "none: lakh sends no traces", tracesOutput)
    .option("--profiling-enabled", "accepted; profile lakh with node --cpu-prof")
    .option("-a, --address <host:port>", "where the REST API listens; off when left out");
}

/** Flags of a run only. */
export function addRunOnlyFlags(command: Command): void {
  addOutputFlag(command);
  command
    .option("-l, --linger", "stay after the test, until Ctrl-C")
    .option("--no-usage-report", "accepted; lakh reports nothing to anybody")
    .option("--features <list>", "feature flags of k6; repeat for more", collect);
}

/** The type that was asked for; undefined when the content decides. */
export function scriptType(flags: RuntimeFlags, { env }: Host): string | undefined {
  return flags.type ?? (env["K6_TYPE"] === "" ? undefined : env["K6_TYPE"]);
}

const compatibilityModes: Readonly<Record<string, boolean>> = {
  extended: true,
  base: false,
  experimental_enhanced: false,
};

function compatibilityMode(flags: RuntimeFlags, { env }: Host): string {
  return flags.compatibilityMode || env["K6_COMPATIBILITY_MODE"] || "extended";
}

/**
 * k6's compatibility mode: whether the global `global` is there.
 * @throws LakhError FLAG_COMPATIBILITY_MODE
 */
export function isExtended(flags: RuntimeFlags, host: Host): boolean {
  const mode = compatibilityMode(flags, host);
  if (Object.hasOwn(compatibilityModes, mode)) return compatibilityModes[mode]!;
  throw new LakhError(
    "FLAG_COMPATIBILITY_MODE" satisfies CliErrorCode,
    `invalid compatibility mode "${mode}". Use: "extended", "base", "experimental_enhanced"`,
    { hint: "without the flag it is extended", exitCode: exitCodes.generic },
  );
}

const deprecatedMode =
  'CompatibilityMode "experimental_enhanced" is deprecated. Types are stripped by default for `.ts` files. ' +
  'Please move to using "base" instead as "experimental_enhanced" will be removed in the future';

/** Texts of `--secret-source`, or the one of `K6_SECRET_SOURCE`. */
export function toSecretSources(flags: RuntimeFlags, { env }: Host): readonly string[] {
  const fromEnv = env["K6_SECRET_SOURCE"];
  return flags.secretSource ?? (fromEnv === undefined || fromEnv === "" ? [] : [fromEnv]);
}

/** Whether the environment goes into `__ENV`; k6 does so for `run` alone. */
export function includesSystemEnv(flags: RuntimeFlags, host: Host, fallback: boolean): boolean {
  const fromEnv = runtimeBoolean(host, "K6_INCLUDE_SYSTEM_ENV_VARS");
  return flags.includeSystemEnvVars ?? fromEnv ?? fallback;
}

export function skipsThresholds(flags: RuntimeFlags, host: Host): boolean {
  if (!flags.thresholds) return true;
  if (flags.switchedOff?.includes("--no-thresholds")) return false;
  return runtimeBoolean(host, "K6_NO_THRESHOLDS") ?? false;
}

/** The REST API: it must start when a flag asks for it, and may fail when a variable does (k6). */
export function apiOf(flags: RuntimeFlags, { env }: Host): RunRequest["api"] {
  if (flags.address !== undefined && flags.address !== "")
    return { address: flags.address, isRequired: true };
  const address = env["K6_ADDRESS"];
  return address === undefined || address === "" ? undefined : { address, isRequired: false };
}

export function lingers(flags: RuntimeFlags, { env }: Host): boolean {
  if (flags.switchedOff?.includes("--linger")) return false;
  return flags.linger ?? optionBoolean(env, "K6_LINGER") ?? false;
}

/** Feature flags of the flag, else of the variable; an old variable stands for one of them. */
export function featuresOf(flags: RuntimeFlags, { env }: Host): RunRequest["features"] {
  const isFlag = flags.features !== undefined;
  const names = (flags.features?.join(",") ?? env["K6_FEATURES"] ?? "").split(",");
  const legacy = parseGoBoolean(env["K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM"] ?? "") === true;
  return {
    names: legacy ? [...names, "native-histograms"] : names,
    source: isFlag ? "cli" : "env",
  };
}

/** A variable that k6 reads with Go's wide idea of a boolean. @throws ENV_BOOLEAN */
function runtimeBoolean({ env }: Host, name: string): boolean | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  const value = parseGoBoolean(text);
  if (value !== undefined) return value;
  throw notBoolean(name, text, exitCodes.generic);
}

/** A variable that k6 reads as an option: exactly true or false. @throws ENV_BOOLEAN */
function optionBoolean(env: Host["env"], name: string): boolean | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  if (text === "true" || text === "false") return text === "true";
  throw notBoolean(name, text, exitCodes.invalidConfig);
}

export function notBoolean(
  name: string,
  text: string,
  exitCode: number = exitCodes.generic,
): LakhError {
  return new LakhError(
    "ENV_BOOLEAN" satisfies CliErrorCode,
    `environment variable ${name} is not a boolean: "${text}"`,
    { hint: "set it to true or false, or unset it", exitCode },
  );
}

function tracesOutput(text: string): string {
  if (/^(?:none$|otel(?:=|$))/u.test(text)) return text;
  throw new InvalidArgumentError(`invalid traces output "${text}", expected none or otel.`);
}

/** A run that silently sends no traces would be believed to send them. @throws FLAG_UNSUPPORTED */
export function refuseTraces(flags: RuntimeFlags, { env }: Host): void {
  const text = flags.tracesOutput ?? env["K6_TRACES_OUTPUT"] ?? "";
  if (text === "" || text === "none") return;
  throw new LakhError(
    "FLAG_UNSUPPORTED" satisfies CliErrorCode,
    `--traces-output ${text}: lakh sends no traces`,
    { hint: "leave it out, or let k6 send the load: --runner k6" },
  );
}

/** Checks the variables that only matter when they are wrong, and says what is accepted without effect. */
export function noteRuntimeFlags(flags: RuntimeFlags, host: Host, logger: Logger): void {
  optionBoolean(host.env, "K6_NO_USAGE_REPORT");
  if (compatibilityMode(flags, host) === "experimental_enhanced")
    logger.log("warning", deprecatedMode);
  const profiling = parseGoBoolean(host.env["K6_PROFILING_ENABLED"] ?? "") === true;
  if (flags.profilingEnabled === true || profiling)
    logger.log("warning", "--profiling-enabled has no effect: lakh has no pprof", {
      hint: "profile it with NODE_OPTIONS=--cpu-prof",
    });
}

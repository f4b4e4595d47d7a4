/**
 * The flags of `lakh run` and how they become the command-line layer of k6's options and the rest of a run request.
 * Names, short forms and meanings are k6's; what lakh adds stands apart in the help.
 */
import type { CliErrorCode } from "./errors.ts";
import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Host } from "../base/host.ts";
import { switchedOffFlag } from "./k6-arguments.ts";
import type { RunRequest } from "../run/index.ts";

/** Values as commander leaves them. */
export interface RunFlags {
  readonly vus?: number;
  readonly duration?: string;
  readonly iterations?: number;
  readonly stage?: string[];
  readonly env?: string[];
  readonly tag?: string[];
  readonly config?: string;
  readonly setup: boolean;
  readonly teardown: boolean;
  readonly thresholds: boolean;
  readonly maxRedirects?: number;
  readonly batch?: number;
  readonly batchPerHost?: number;
  readonly rps?: number;
  readonly userAgent?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly connectionReuse: boolean;
  readonly vuConnectionReuse: boolean;
  readonly minIterationDuration?: string;
  readonly throw?: boolean;
  readonly blacklistIp?: string[];
  readonly blockHostnames?: string[];
  readonly dns?: string;
  readonly localIps?: string;
  readonly httpDebug?: string;
  readonly summaryTrendStats?: string;
  readonly summaryTimeUnit?: string;
  readonly systemTags?: string;
  readonly discardResponseBodies?: boolean;
  readonly executionSegment?: string;
  readonly executionSegmentSequence?: string;
  readonly paused?: boolean;
  readonly switchedOff?: string[];
  readonly summaryMode?: string;
  readonly out?: string[];
  readonly summaryExport?: string;
  readonly newMachineReadableSummary?: boolean;
  readonly consoleOutput?: string;
  readonly logFormat?: string;
  readonly logOutput?: string;
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly runner: RunRequest["runner"];
  readonly against?: "k6";
  readonly workers?: number;
  readonly lower: "auto" | "all";
  readonly offline?: boolean;
  readonly runsDir: string;
  readonly confirmHost?: string[];
  readonly dau?: number;
  readonly configFile?: string;
  readonly warmUp: string;
  readonly steady: string;
}

/** For flags that may be repeated. */
export const collect = (value: string, previous: string[] | undefined): string[] => [
  ...(previous ?? []),
  value,
];

/** Adds k6's flags to a command. */
export function addK6Flags(command: Command): void {
  command
    .option("-u, --vus <n>", "number of virtual users", k6Integer)
    .option("-d, --duration <time>", "how long to run, with a unit: 30s, 5m", durationText)
    .option("-i, --iterations <n>", "iterations in all, shared among the VUs", k6Integer)
    .option("-s, --stage <time:target>", "a stage of a ramp; repeat for more", collect)
    .option("--tag <name=value>", "tag every sample; repeat for more", collect)
    .option("--no-setup", "do not call setup()")
    .option("--no-teardown", "do not call teardown()")
    .option("--max-redirects <n>", "follow at most n redirects", k6Integer)
    .option("--batch <n>", "parallel requests of http.batch()", k6Integer)
    .option("--batch-per-host <n>", "the same for one host", k6Integer)
    .option("--rps <n>", "limit requests per second over all VUs", k6Integer)
    .option("--user-agent <text>", "User-Agent header")
    .option("--insecure-skip-tls-verify", "accept any certificate")
    .option("--no-connection-reuse", "a new connection for each request")
    .option("--no-vu-connection-reuse", "new connections for each iteration")
    .option("--min-iteration-duration <time>", "pad shorter iterations to this", durationText)
    .option("-w, --throw", "throw on failed requests")
    .option("--blacklist-ip <cidr>", "refuse to connect there; repeat for more", collect)
    .option("--block-hostnames <pattern>", "refuse to connect there; repeat for more", collect)
    .option("--dns <settings>", "ttl=5m,select=random,policy=preferIPv4")
    .option("--local-ips <list>", "addresses, ranges and CIDRs that VUs connect from, in turn")
    .option("--http-debug <how>", "print requests and responses: headers, or full")
    .option("--summary-trend-stats <list>", 'for example "avg,p(95),p(99.9)"')
    .option("--summary-time-unit <unit>", "s, ms or us")
    .option("--system-tags <list>", "which system tags samples carry")
    .option("--discard-response-bodies", "do not keep response bodies")
    .option("--execution-segment <from:to>", "run only this part of the test")
    .option("--execution-segment-sequence <list>", "the segments of all instances")
    .option("--console-output <file>", "write what scripts log to a file")
    .option("-p, --paused", "wait before the test until the REST API resumes it")
    .addOption(new Option(`${switchedOffFlag} <flag>`).argParser(collect).hideHelp());
}

/** Flags of every command that reads a script; each has its variable. */
export function addReadingFlags(command: Command): void {
  command
    .option("-e, --env <NAME=value>", "add to __ENV; repeat for more", collect)
    .option("-c, --config <file>", "JSON file of options, below the script's own")
    .option("--no-thresholds", "do not evaluate thresholds")
    .option("--summary-mode <mode>", "end-of-test summary: compact, full or disabled")
    .option("--summary-export <file>", "write the end-of-test summary as JSON")
    .option("--new-machine-readable-summary", "k6's newer shape for it, and for handleSummary()")
    .option("--log-format <format>", "text, raw or json")
    .option("--log-output <output>", "stderr, stdout, none or file=path[,level=info]")
    .option("--no-color", "no colours")
    .option(
      "--secret-source <type=…>",
      "where k6/secrets come from: file=, mock=, url=; repeat for more",
      collect,
    )
    .option("--compatibility-mode <mode>", "extended, or base: without the global named global")
    .option("-q, --quiet", "no progress")
    .option("-v, --verbose", "debug messages");
}

/**
 * The flags of `command` so far, as the user will have given them: one argument each, `--name=value`. Filled while the
 * command line is read; for a k6 that is to be given the same.
 */
export function collectArguments(command: Command): readonly string[] {
  const given: string[] = [];
  for (const option of command.options) {
    command.on(`option:${option.name()}`, (value?: string | null) => {
      const name = option.long ?? option.short!;
      given.push(k6Spelling(name, value ?? undefined));
    });
  }
  return given;
}

/** As k6 takes it: a flag of ours for what is switched off is a value there. */
function k6Spelling(name: string, value: string | undefined): string {
  if (name === switchedOffFlag) return `${value}=false`;
  if (name === "--no-include-system-env-vars") return "--include-system-env-vars=false";
  return value === undefined ? name : `${name}=${value}`;
}

/** Adds the flag that chooses who sends the load. */
export function addRunnerFlag(command: Command): void {
  command.addOption(
    new Option("--runner <name>", "who sends the load: lakh's engine, or the k6 that is installed")
      .choices(["embedded", "k6"])
      .default("embedded"),
  );
}

/** Adds lakh's own flags to a command that runs a script. */
export function addLakhFlags(command: Command): void {
  addRunnerFlag(command);
  command
    .addOption(
      new Option(
        "--against <runner>",
        "run again on this runner afterwards, and show both side by side",
      ).choices(["k6"]),
    )
    .option(
      "--dau <n>",
      "judge: can the target hold n daily active users? Computes the load from n",
      wholeNumber,
    )
    .option(
      "--config-file <file>",
      "judge: users, journeys, objectives, env and sources from lakh's config file, below the flags",
    )
    .option("--warm-up <time>", "with --dau: full load that is not judged yet", durationText, "1m")
    .option("--steady <time>", "with --dau: full load that is judged", durationText, "5m");
  addEngineFlags(command);
}

/** Flags that tell how the script is loaded, who runs it and where records go. */
export function addEngineFlags(command: Command): void {
  command
    .option(
      "--workers <n>",
      "worker threads of the engine, or auto for one a core; also LAKH_WORKERS (default: 1)",
      workerCount,
    )
    .addOption(
      new Option("--lower <mode>", "which calls may block: by analysis, or all of them")
        .choices(["auto", "all"])
        .default("auto"),
    )
    .option(
      "--confirm-host <host>",
      "this host may get more than 50 requests/s, as loopback may; *.example.com for all below; repeat for more; also LAKH_CONFIRM_HOST",
      collect,
    )
    .option("--offline", "never fetch https: imports; use the cache only")
    .option("--runs-dir <folder>", "where run records go", "lakh-runs");
}

/** The command-line layer of k6's options: only what was given. */
export function toOptionsLayer(flags: RunFlags): Record<string, unknown> {
  const layer: Record<string, unknown> = {
    vus: flags.vus,
    duration: flags.duration,
    iterations: flags.iterations,
    stages: flags.stage?.map(parseStage),
    tags: flags.tag === undefined ? undefined : parseTags(flags.tag),
    noSetup: flags.setup ? undefined : true,
    noTeardown: flags.teardown ? undefined : true,
    maxRedirects: flags.maxRedirects,
    batch: flags.batch,
    batchPerHost: flags.batchPerHost,
    rps: flags.rps,
    userAgent: flags.userAgent,
    insecureSkipTLSVerify: flags.insecureSkipTlsVerify,
    noConnectionReuse: flags.connectionReuse ? undefined : true,
    noVUConnectionReuse: flags.vuConnectionReuse ? undefined : true,
    minIterationDuration: flags.minIterationDuration,
    throw: flags.throw,
    blacklistIPs: flags.blacklistIp,
    blockHostnames: flags.blockHostnames,
    dns: flags.dns === "" ? undefined : flags.dns,
    localIPs: flags.localIps === "" ? undefined : flags.localIps,
    httpDebug: flags.httpDebug,
    summaryTrendStats: flags.summaryTrendStats?.split(",").map((stat) => stat.trim()),
    summaryTimeUnit: flags.summaryTimeUnit,
    systemTags: flags.systemTags?.split(",").map((tag) => tag.trim()),
    discardResponseBodies: flags.discardResponseBodies,
    consoleOutput: flags.consoleOutput,
    executionSegment: flags.executionSegment,
    executionSegmentSequence: flags.executionSegmentSequence,
    paused: flags.paused,
    ...switchedOff(flags.switchedOff ?? []),
  };
  return Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined));
}

/** `--throw=false`: a value of its own, which overrides the script's. */
function switchedOff(names: readonly string[]): Record<string, false> {
  const options: Readonly<Record<string, string>> = {
    "--paused": "paused",
    "--no-setup": "noSetup",
    "--no-teardown": "noTeardown",
    "--insecure-skip-tls-verify": "insecureSkipTLSVerify",
    "--no-connection-reuse": "noConnectionReuse",
    "--no-vu-connection-reuse": "noVUConnectionReuse",
    "--throw": "throw",
    "--discard-response-bodies": "discardResponseBodies",
  };
  const known = names.flatMap((name) => options[name] ?? []);
  return Object.fromEntries(known.map((option) => [option, false as const]));
}

/** `__ENV`: the environment (undefined when it is kept out), the config file's over it, `-e` on top. */
export function toScriptEnv(
  given: readonly string[] | undefined,
  system: Readonly<Record<string, string | undefined>> | undefined,
  config: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { ...definedOnly(system ?? {}), ...config, ...parseEnvPairs(given ?? []) };
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** `30s:100`; as in k6 the target may be left out, which is found when the scenario is checked. */
function parseStage(text: string): { duration: string; target: number | null } {
  const [duration = "", target, ...rest] = text.split(":");
  const isTarget = target === undefined || parseGoInteger(target) !== undefined;
  if (rest.length > 0 || !isTarget || !isFlagDuration(duration)) {
    throw new LakhError("FLAG_STAGE" satisfies CliErrorCode, `invalid stage "${text}"`, {
      hint: "a stage is duration:target, for example --stage 30s:100",
      exitCode: exitCodes.generic,
    });
  }
  return { duration, target: target === undefined ? null : parseGoInteger(target)! };
}

const envName = /^[a-zA-Z_][a-zA-Z0-9_]*$/u;

/** `NAME=value`; a name alone is empty, even when the environment has it (k6). */
function parseEnvPairs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, value = ""] = splitPair(pair);
      if (envName.test(name)) return [name, value];
      throw invalidPair("-e", pair, "a name has letters, digits and underscores");
    }),
  );
}

/** `name=value`, both not empty; a tag's name may hold anything. */
function parseTags(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, value = ""] = splitPair(pair);
      if (name !== "" && value !== "") return [name, value];
      throw invalidPair("--tag", pair, "neither may be empty");
    }),
  );
}

export function splitPair(pair: string): [name: string, value?: string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair] : [pair.slice(0, at), pair.slice(at + 1)];
}

export function invalidPair(flag: string, pair: string, rule: string): LakhError {
  return new LakhError("FLAG_PAIR" satisfies CliErrorCode, `invalid ${flag} "${pair}"`, {
    hint: `write ${flag} NAME=value; ${rule}`,
    exitCode: exitCodes.generic,
  });
}

/** Go's integers: decimal, 0x, 0o, 0b, with underscores between digits and a sign. */
function parseGoInteger(text: string): number | undefined {
  const shape = /^[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|[1-9][\d_]*|0)$/u;
  if (!shape.test(text)) return undefined;
  const digits = text
    .replaceAll("_", "")
    .replace(/^[+-]/u, "")
    .replace(/^0(?=[0-7])/u, "0o");
  const value = Number(digits);
  return Number.isSafeInteger(value) ? (text.startsWith("-") ? -value : value) : undefined;
}

/** A whole number as k6's flags take it; what is out of range is found when the options are checked. */
export function k6Integer(text: string): number {
  const value = parseGoInteger(text);
  if (value === undefined) throw new InvalidArgumentError("expected a whole number.");
  return value;
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/u.test(text)) throw new InvalidArgumentError("expected a whole number.");
  return Number(text);
}

/** Worker threads: a number, or `auto` for one a core. */
export function workerCount(text: string): number {
  if (text === "auto") return availableParallelism();
  const count = /^\d+$/u.test(text) ? Number(text) : 0;
  if (count < 1) throw new InvalidArgumentError("expected a whole number above 0, or auto.");
  return count;
}

/** The flag, or else LAKH_WORKERS, or else one. @throws LakhError ENV_WORKERS */
export function workersOf(flags: Pick<RunFlags, "workers">, env: Host["env"]): number {
  const text = env["LAKH_WORKERS"];
  if (flags.workers !== undefined || text === undefined || text === "") return flags.workers ?? 1;
  try {
    return workerCount(text);
  } catch {
    throw new LakhError(
      "ENV_WORKERS" satisfies CliErrorCode,
      `environment variable LAKH_WORKERS must be a whole number above 0, or auto, but is "${text}"`,
      { hint: "LAKH_WORKERS=auto uses one a core", exitCode: exitCodes.generic },
    );
  }
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("expected a number above 0.");
  return value;
}

export function factorAbove1(text: string): number {
  const value = positiveNumber(text);
  if (value < 1) throw new InvalidArgumentError("expected a number of at least 1.");
  return value;
}

/** Flags take Go's durations: with a unit (but for 0), and without days. */
function isFlagDuration(text: string): boolean {
  const isZero = /^[+-]?0+$/u.test(text);
  const hasUnits = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/u.test(text);
  return isZero || hasUnits;
}

export function durationText(text: string): string {
  if (isFlagDuration(text)) return text;
  throw new InvalidArgumentError("expected a duration with a unit, for example 30s or 5m.");
}

/**
 * The flags of `lakh run` and how they become the command-line layer of k6's options and the rest of a run request.
 * Names, short forms and meanings are k6's; what lakh adds stands apart in the help.
 */
import type { CliErrorCode } from "./errors.ts";
import { type Command, InvalidArgumentError, Option } from "commander";
import { exitCodes, LakhError } from "../base/errors.ts";
import { parseDurationMs } from "../base/units.ts";
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
  readonly summaryTrendStats?: string;
  readonly summaryTimeUnit?: string;
  readonly systemTags?: string;
  readonly discardResponseBodies?: boolean;
  readonly executionSegment?: string;
  readonly executionSegmentSequence?: string;
  readonly includeSystemEnvVars: boolean;
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
  readonly workers: number;
  readonly lower: "auto" | "all";
  readonly offline?: boolean;
  readonly runsDir: string;
  readonly observe?: string[];
  readonly observePid?: number[];
  readonly targetCores?: number;
  readonly dau?: number;
  readonly warmUp: string;
  readonly steady: string;
}

const collect = (value: string, previous: string[] | undefined): string[] => [
  ...(previous ?? []),
  value,
];

/** Adds k6's flags to a command. */
export function addK6Flags(command: Command): void {
  command
    .option("-u, --vus <n>", "number of virtual users", wholeNumber)
    .option("-d, --duration <time>", "how long to run, with a unit: 30s, 5m", durationText)
    .option("-i, --iterations <n>", "iterations in all, shared among the VUs", wholeNumber)
    .option("-s, --stage <time:target>", "a stage of a ramp; repeat for more", collect)
    .option("-e, --env <NAME=value>", "add to __ENV; repeat for more", collect)
    .option("--tag <name=value>", "tag every sample; repeat for more", collect)
    .option("-c, --config <file>", "JSON file of options, below the script's own")
    .option("--no-setup", "do not call setup()")
    .option("--no-teardown", "do not call teardown()")
    .option("--no-thresholds", "do not evaluate thresholds")
    .option("--max-redirects <n>", "follow at most n redirects", wholeNumber)
    .option("--batch <n>", "parallel requests of http.batch()", wholeNumber)
    .option("--batch-per-host <n>", "the same for one host", wholeNumber)
    .option("--rps <n>", "limit requests per second over all VUs", wholeNumber)
    .option("--user-agent <text>", "User-Agent header")
    .option("--insecure-skip-tls-verify", "accept any certificate")
    .option("--no-connection-reuse", "a new connection for each request")
    .option("--no-vu-connection-reuse", "new connections for each iteration")
    .option("--min-iteration-duration <time>", "pad shorter iterations to this", durationText)
    .option("-w, --throw", "throw on failed requests")
    .option("--blacklist-ip <cidr>", "refuse to connect there; repeat for more", collect)
    .option("--block-hostnames <pattern>", "refuse to connect there; repeat for more", collect)
    .option("--summary-trend-stats <list>", 'for example "avg,p(95),p(99.9)"')
    .option("--summary-time-unit <unit>", "s, ms or us")
    .option("--system-tags <list>", "which system tags samples carry")
    .option("--discard-response-bodies", "do not keep response bodies")
    .option("--execution-segment <from:to>", "run only this part of the test")
    .option("--execution-segment-sequence <list>", "the segments of all instances")
    .option("--no-include-system-env-vars", "keep the environment out of __ENV")
    .option("--summary-mode <mode>", "end-of-test summary: compact, full or disabled")
    .option("-o, --out <output>", "json=file, csv=file; repeat for more", collect)
    .option("--summary-export <file>", "write the end-of-test summary as JSON")
    .option("--new-machine-readable-summary", "k6's newer shape for it, and for handleSummary()")
    .option("--console-output <file>", "write what scripts log to a file")
    .option("--log-format <format>", "text, raw or json")
    .option("--log-output <output>", "stderr, stdout, none or file=path[,level=info]")
    .option("--no-color", "no colours")
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
      given.push(value === undefined || value === null ? name : `${name}=${value}`);
    });
  }
  return given;
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
    .option("--warm-up <time>", "with --dau: full load that is not judged yet", durationText, "1m")
    .option("--steady <time>", "with --dau: full load that is judged", durationText, "5m")
    .option(
      "--observe <url>",
      "read CPU and memory of the target from its /metrics; repeat for more",
      collect,
    )
    .option(
      "--observe-pid <pid>",
      "read them from a local process; repeat for more",
      (text: string, previous: number[] | undefined) => [...(previous ?? []), wholeNumber(text)],
    )
    .option(
      "--target-cores <n>",
      "cores the target may use, for the CPU objective; with --observe-pid all of this machine",
      positiveNumber,
    )
    .option("--workers <n>", "worker threads of the engine", wholeNumber, 1)
    .addOption(
      new Option("--lower <mode>", "which calls may block: by analysis, or all of them")
        .choices(["auto", "all"])
        .default("auto"),
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
    tags: flags.tag === undefined ? undefined : parsePairs(flags.tag, "--tag"),
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
    summaryTrendStats: flags.summaryTrendStats?.split(",").map((stat) => stat.trim()),
    summaryTimeUnit: flags.summaryTimeUnit,
    systemTags: flags.systemTags?.split(",").map((tag) => tag.trim()),
    discardResponseBodies: flags.discardResponseBodies,
    executionSegment: flags.executionSegment,
    executionSegmentSequence: flags.executionSegmentSequence,
  };
  return Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined));
}

/** `__ENV`: the environment (unless kept out) with `-e` on top. */
export function toScriptEnv(
  flags: RunFlags,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const base = flags.includeSystemEnvVars ? definedOnly(env) : {};
  return { ...base, ...parsePairs(flags.env ?? [], "-e") };
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

function parseStage(text: string): { duration: string; target: number } {
  const match = /^(?<duration>[^:]+):(?<target>\d+)$/u.exec(text);
  if (match?.groups === undefined || parseDurationMs(match.groups["duration"]) === undefined) {
    throw new LakhError("FLAG_STAGE" satisfies CliErrorCode, `invalid stage "${text}"`, {
      hint: "a stage is duration:target, for example --stage 30s:100",
      exitCode: exitCodes.generic,
    });
  }
  return { duration: match.groups["duration"]!, target: Number(match.groups["target"]) };
}

const envName = /^[a-zA-Z_][a-zA-Z0-9_]*$/u;

function parsePairs(pairs: readonly string[], flag: string): Record<string, string> {
  const parsed: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const name = at < 0 ? pair : pair.slice(0, at);
    if (at < 0 || !envName.test(name)) {
      throw new LakhError("FLAG_PAIR" satisfies CliErrorCode, `invalid ${flag} "${pair}"`, {
        hint: `write ${flag} NAME=value; a name has letters, digits and underscores`,
        exitCode: exitCodes.generic,
      });
    }
    parsed[name] = pair.slice(at + 1);
  }
  return parsed;
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/u.test(text)) throw new InvalidArgumentError("expected a whole number.");
  return Number(text);
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("expected a number above 0.");
  return value;
}

/** k6 wants a unit on the command line: `-d 500` is an error. */
function durationText(text: string): string {
  if (/^\d+(?:\.\d+)?$/u.test(text) || parseDurationMs(text) === undefined) {
    throw new InvalidArgumentError("expected a duration with a unit, for example 30s or 5m.");
  }
  return text;
}

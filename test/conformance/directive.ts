/**
 * What a script of the suite asks of the harness: one optional comment line, JSON, among its first lines. README.md explains the keys.
 * Unknown keys are refused, so that a misspelt one cannot make a script pass by comparing nothing.
 */
import { readFileSync } from "node:fs";
import type { RestStep } from "./rest.ts";

export interface SignalDirective {
  readonly name: "SIGINT" | "SIGTERM";
  /** Sent when this text has appeared on standard error. */
  readonly after: string;
}

export interface Directive {
  /** Arguments between the command and the script's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The command, when it is not `run`. */
  readonly command: readonly string[];
  /** Whole argument lists that run one after the other; `{script}` is the script's name. */
  readonly steps: readonly (readonly string[])[];
  /** Files beside the script (paths from its folder) that are copied along. */
  readonly with: readonly string[];
  /** The script is piped to the program, and named `-`. */
  readonly stdin: boolean;
  /** Console and log lines are compared as a set: more than one VU prints. */
  readonly sorted: boolean;
  /** Standard output is compared, line by line. */
  readonly stdout: boolean;
  /** The end-of-test summary on standard output is compared, its measured figures left out. */
  readonly summaryText: boolean;
  /** Files that the script or an output writes, whose contents are compared. */
  readonly files: readonly string[];
  /** JSON files of which keys and types are compared; `summary-export` is that of `--summary-export`. */
  readonly shapes: readonly string[];
  /** Parts of the outcome that are left out: a field, or `metrics.<name>`. */
  readonly ignore: readonly string[];
  readonly signal: SignalDirective | undefined;
  /** The run listens on `--address`, these steps are taken there, and the answers are compared. */
  readonly rest: readonly RestStep[];
  readonly timeLimitSeconds: number;
}

const none: Directive = {
  args: [],
  env: {},
  command: ["run"],
  steps: [],
  with: [],
  stdin: false,
  sorted: false,
  stdout: false,
  summaryText: false,
  files: [],
  shapes: [],
  ignore: [],
  signal: undefined,
  rest: [],
  timeLimitSeconds: 60,
};

const marker = "// conformance:";

/** Reads the directive of the script at `path`. */
export function readDirective(path: string): Directive {
  const head = readFileSync(path, "utf8").split("\n").slice(0, 10);
  const line = head.find((text) => text.startsWith(marker));
  if (line === undefined) return none;
  const given = JSON.parse(line.slice(marker.length)) as Partial<Directive>;
  const unknown = Object.keys(given).filter((key) => !(key in none));
  if (unknown.length > 0) throw new Error(`${path}: unknown key ${unknown.join(", ")}`);
  const command = typeof given.command === "string" ? [given.command] : given.command;
  return { ...none, ...given, command: command ?? none.command };
}

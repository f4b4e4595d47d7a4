/**
 * Runs one script of the suite under one program, in a temporary folder of its own, with an environment that holds nothing of
 * this machine's. Returns what came out, untouched; outcome.ts makes it comparable.
 */
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Directive } from "./directive.ts";
import { freePort } from "../support/free-port.ts";
import { driveRest } from "./rest.ts";
import { scriptsFolder } from "./suite.ts";
import type { Target } from "./target/index.ts";
import type { Tool } from "./tools.ts";

/** What one program did with one script. */
export interface Execution {
  readonly tool: Tool["name"];
  readonly folder: string;
  /** null when the time limit ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of `--out json`; undefined when the last step was no run. */
  readonly samples: string | undefined;
  readonly summaryExport: string | undefined;
  /** Files that were not there before: path -> content. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Answers of the REST API (rest.ts). */
  readonly rest: readonly string[];
}

export interface ExecutionRequest {
  readonly script: string;
  readonly directive: Directive;
  readonly tool: Tool;
  readonly target: Target;
}

interface Workplace {
  readonly request: ExecutionRequest;
  readonly root: string;
  /** Working folder: the script and what it brings along. */
  readonly folder: string;
  readonly scriptName: string;
  readonly samplesPath: string;
  readonly exportPath: string;
}

interface StepResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly rest: readonly string[];
}

/** Runs the script. A step that fails is the last one. */
export async function execute(request: ExecutionRequest): Promise<Execution> {
  const place = prepare(request);
  try {
    const before = new Set(filesIn(place.folder));
    let result: StepResult = { exitCode: 0, stdout: "", stderr: "", rest: [] };
    for (const args of steps(place)) {
      result = await runStep(place, args);
      if (result.exitCode !== 0) break;
    }
    return {
      tool: request.tool.name,
      folder: place.folder,
      ...result,
      samples: readOptional(place.samplesPath),
      summaryExport: readOptional(place.exportPath),
      files: newFiles(place.folder, before),
    };
  } finally {
    rmSync(place.root, { recursive: true, force: true });
  }
}

function prepare(request: ExecutionRequest): Workplace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "conformance-")));
  const folder = join(root, "work");
  const source = join(scriptsFolder, request.script);
  mkdirSync(folder);
  mkdirSync(join(root, "home"));
  const scriptName = basename(source);
  cpSync(source, join(folder, scriptName));
  for (const path of request.directive.with) {
    cpSync(join(dirname(source), path), join(folder, path), { recursive: true });
  }
  const samplesPath = join(root, "samples.json");
  return { request, root, folder, scriptName, samplesPath, exportPath: join(root, "export.json") };
}

/** The argument lists, each `run` among them with the harness' own outputs. */
function steps(place: Workplace): string[][] {
  const { directive } = place.request;
  const script = directive.stdin ? "-" : place.scriptName;
  const given =
    directive.steps.length > 0
      ? directive.steps
      : [[...directive.command, ...directive.args, "{script}"]];
  return given.map((step) => {
    const args = step.map((argument) => argument.replaceAll("{script}", script));
    if (args[0] !== "run") return args;
    const outputs = ["--out", `json=${place.samplesPath}`];
    if (place.request.tool.writesExport) outputs.push("--summary-export", place.exportPath);
    return ["run", "--quiet", ...outputs, ...args.slice(1)];
  });
}

/** Values of a directive with the target's addresses in place of `{NAME}`. */
function withAddresses(
  given: Readonly<Record<string, string>>,
  addresses: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      value.replaceAll(/\{([A-Z0-9_]+)\}/gu, (whole, key: string) => addresses[key] ?? whole),
    ]),
  );
}

function environment({ request, root }: Workplace): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: join(root, "home"),
    TMPDIR: root,
    NO_COLOR: "1",
    K6_NO_USAGE_REPORT: "true",
    LAKH_NO_REPORT: "1",
    K6_AUTO_EXTENSION_RESOLUTION: "false",
    ...request.tool.env,
    ...request.target.env,
    ...withAddresses(request.directive.env, request.target.env),
  };
}

async function runStep(place: Workplace, args: readonly string[]): Promise<StepResult> {
  const { request, folder } = place;
  const { directive, tool } = request;
  const [program, ...leading] = tool.command;
  const hasRest = directive.rest.length > 0 && args[0] === "run";
  const port = hasRest ? await freePort() : 0;
  const own = hasRest ? ["--address", `127.0.0.1:${port}`] : [];
  const child = spawn(program!, [...leading, ...args, ...own], {
    cwd: folder,
    env: environment(place),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  let { signal } = directive;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
    if (signal === undefined || !output.stderr.includes(signal.after)) return;
    child.kill(signal.name);
    signal = undefined;
  });
  child.stdin.on("error", () => undefined); // a program that does not read its input may be gone before it is written
  child.stdin.end(directive.stdin ? readFileSync(join(folder, place.scriptName)) : "");
  const limit = setTimeout(() => child.kill("SIGKILL"), directive.timeLimitSeconds * 1000);
  const ended = new Promise<number | null>((done) => child.once("close", done));
  const [exitCode, rest] = await Promise.all([
    ended,
    hasRest ? driveRest(port, directive.rest) : [],
  ]);
  clearTimeout(limit);
  return { exitCode, ...output, rest };
}

/** Paths of all files, without the run records that lakh alone keeps. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith("lakh-runs/"))
    .sort();
}

function newFiles(folder: string, before: ReadonlySet<string>): Map<string, Buffer> {
  const paths = filesIn(folder).filter((path) => !before.has(path));
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path))]));
}

function readOptional(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

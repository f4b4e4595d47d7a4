/**
 * Makes what a program did with a script comparable: what a user or a script can see, without what no two runs share.
 * Never compared: timings, rates per second, byte counts of the wire, `vus` and `vus_max` (read once a second), progress.
 */
import type { Directive } from "./directive.ts";
import type { Execution } from "./execution.ts";
import { type LogLine, parseLog } from "./log-lines.ts";
import { checksOf, type SummaryExport, shapeOf, thresholdsOf } from "./summary-export.ts";
import { normalizeOutputFile } from "./output-files.ts";
import { metricsOf } from "./samples.ts";
import { normalizeSummary, normalizeText, type RunNames } from "./text.ts";

/** One field absent on one side only is a difference. */
export interface Outcome {
  /** null: the time limit ended it. */
  readonly exitCode: number | null;
  /** `level: text` of each line of the script's console. */
  readonly console: readonly string[];
  /** Warnings and errors of the program itself: `level: message {key=value …}`. */
  readonly log: readonly string[];
  /** Group path -> check -> how often it held and failed. */
  readonly checks?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Tag set -> metric -> its samples (samples.ts). */
  readonly metrics?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Metric -> threshold -> "ok" or "failed". */
  readonly thresholds?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of the files written. */
  readonly files: readonly string[];
  /** The contents of those that the directive names. */
  readonly contents?: Readonly<Record<string, readonly string[]>>;
  readonly shapes?: Readonly<Record<string, unknown>>;
  readonly stdout?: readonly string[];
  readonly summaryText?: readonly string[];
  /** Answers of the REST API, in the order of the requests. */
  readonly rest?: readonly string[];
}

/** The comparable outcome of an execution. */
export function toOutcome(
  execution: Execution,
  directive: Directive,
  addresses: ReadonlyMap<string, string>,
): Outcome {
  const names: RunNames = { folder: execution.folder, addresses };
  const lines = parseLog(execution.stderr);
  const order = (texts: string[]): string[] => (directive.sorted ? texts.sort() : texts);
  const outcome: Outcome = {
    exitCode: execution.exitCode,
    console: order(lines.filter(isConsole).map((line) => consoleText(line, names))),
    log: order(lines.filter(isTrouble).map((line) => troubleText(line, names))),
    ...figures(execution, directive, names),
    files: [...execution.files.keys()],
    ...asked(execution, directive, names),
  };
  return leaveOut(outcome, directive.ignore);
}

function isConsole(line: LogLine): boolean {
  return line.fields.get("source") === "console";
}

function isTrouble(line: LogLine): boolean {
  return !isConsole(line) && !["info", "debug"].includes(line.level);
}

function consoleText(line: LogLine, names: RunNames): string {
  return `${line.level}: ${normalizeText(line.message, names)}`;
}

function troubleText(line: LogLine, names: RunNames): string {
  const fields = [...line.fields].map(([key, value]) => `${key}=${normalizeText(value, names)}`);
  const more = fields.length > 0 ? ` {${fields.sort().join(" ")}}` : "";
  return `${line.level}: ${normalizeText(line.message, names)}${more}`;
}

function figures(execution: Execution, directive: Directive, names: RunNames): Partial<Outcome> {
  const { samples, summaryExport } = execution;
  return {
    ...(samples !== undefined && { metrics: metricsOf(samples, names, directive.sorted) }),
    ...(summaryExport !== undefined && ofExport(JSON.parse(summaryExport) as SummaryExport)),
  };
}

function ofExport(summary: SummaryExport): Partial<Outcome> {
  return { checks: checksOf(summary), thresholds: thresholdsOf(summary) };
}

/** What only some scripts ask for. */
function asked(execution: Execution, directive: Directive, names: RunNames): Partial<Outcome> {
  const read = (path: string): string =>
    path === "summary-export"
      ? (execution.summaryExport ?? "null")
      : (execution.files.get(path)?.toString("utf8") ?? "null");
  const toLines = (text: string): string[] => normalizeText(text, names).split("\n");
  const contentOf = (path: string): string[] => {
    const content = execution.files.get(path);
    const ofOutput = content === undefined ? undefined : normalizeOutputFile(path, content);
    return ofOutput === undefined ? toLines(read(path)) : toLines(ofOutput.join("\n"));
  };
  const isRun = directive.steps.length === 0 && directive.command[0] === "run";
  return {
    ...(directive.files.length > 0 && {
      contents: Object.fromEntries(directive.files.map((path) => [path, contentOf(path)])),
    }),
    ...(directive.shapes.length > 0 && {
      shapes: Object.fromEntries(
        directive.shapes.map((path) => [path, shapeOf(JSON.parse(read(path)))]),
      ),
    }),
    ...((directive.stdout || !isRun) && { stdout: toLines(execution.stdout) }),
    ...(directive.rest.length > 0 && {
      rest: execution.rest.map((line) => normalizeText(line, names)),
    }),
    ...(directive.summaryText && {
      summaryText: normalizeSummary(normalizeText(execution.stdout, names)),
    }),
  };
}

function leaveOut(outcome: Outcome, paths: readonly string[]): Outcome {
  const fields: Record<string, unknown> = { ...outcome };
  for (const path of paths) {
    if (path.startsWith("metrics.")) fields["metrics"] = withoutMetric(fields, path.slice(8));
    else delete fields[path];
  }
  return fields as unknown as Outcome;
}

function withoutMetric(fields: Record<string, unknown>, metric: string): Outcome["metrics"] {
  const sets = (fields["metrics"] ?? {}) as NonNullable<Outcome["metrics"]>;
  const kept = Object.entries(sets).map(([tags, metrics]) => {
    const left = Object.entries(metrics).filter(([name]) => name !== metric);
    return [tags, Object.fromEntries(left)] as const;
  });
  return Object.fromEntries(kept.filter(([, metrics]) => Object.keys(metrics).length > 0));
}

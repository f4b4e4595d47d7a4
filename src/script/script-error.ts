/**
 * An error thrown by script code, told in the user's terms: k6's form `Error: message` and a line `at name (url:line:column)`
 * for each frame in the user's files. Frames of lakh, of the run-time kit and of Node are left out; bodies that the
 * lowering wrapped are named after the function they belong to.
 */
import { callEndingAt, functionAt } from "./code-outline.ts";
import type { CodeOutline, NamedFunction } from "./code-outline.ts";
import type { ScriptBundle } from "./load.ts";
import { createBundleMap, createProgramMap } from "./positions.ts";
import type { BundleMap, BundlePlace, ProgramMap } from "./positions.ts";

/** What a person gets to see of an error of the script. */
export interface ScriptErrorReport {
  /** `Error: what happened`, or the text of a thrown value that is no Error. */
  readonly message: string;
  /** The message and one line a frame, as k6 prints them. */
  readonly stack: string;
  /** URL of the user's file at the top frame; absent when no frame is in one. Line and column from 1. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

interface UserFrame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Describes an error; `trace` is V8's, when it is not to be taken from the error. */
export type ErrorDescriber = (error: unknown, trace?: string) => ScriptErrorReport;

/** A describer for the errors of one program. Reads its tables on first use. */
export function createErrorDescriber(bundle: ScriptBundle): ErrorDescriber {
  const { positions, factorySource } = bundle;
  const tables: Tables = {
    program: factorySource,
    toBundle: createProgramMap(factorySource, positions),
    toUser: createBundleMap(positions.bundleLines, positions.sourceMap),
    outline: positions.outline,
    names: bundle.traceNames,
  };
  return (error, given) => {
    const { message, trace } = read(error, given);
    const lines =
      mappedLines(trace) ??
      framesOf(trace, bundle.programName).flatMap((frame) => toLine(frame, tables) ?? []);
    const [top] = lines.filter((line) => typeof line !== "string");
    const stack = [
      message,
      ...lines.map((line) => `\tat ${typeof line === "string" ? line : toText(line)}`),
    ].join("\n");
    return {
      message,
      stack,
      ...(top === undefined ? {} : { file: top.file, line: top.line, column: top.column }),
    };
  };
}

interface Tables {
  readonly program: string;
  readonly toBundle: ProgramMap;
  readonly toUser: BundleMap;
  readonly outline: CodeOutline;
  readonly names: ScriptBundle["traceNames"];
}

/** A frame of V8: in the program, or in a built-in that the program called. */
type RawFrame =
  | {
      readonly kind: "program";
      readonly line: number;
      readonly column: number;
      readonly isAsync: boolean;
    }
  | { readonly kind: "native"; readonly name: string };

function read(error: unknown, trace?: string): { message: string; trace: string } {
  if (!(error instanceof Error)) return { message: describeValue(error), trace: "" };
  try {
    const { name, message } = error;
    const stack = trace ?? String(error.stack ?? "");
    // As Error.prototype.toString has it: what is empty is left out, with the colon.
    return { message: [name, message].filter(Boolean).join(": "), trace: stack };
  } catch {
    // A script may throw an error whose own getters throw.
    return { message: "an error that cannot be read", trace: "" };
  }
}

function describeValue(value: unknown): string {
  try {
    return String(value);
  } catch {
    // A toString that throws, or none.
    return "a value that cannot be shown";
  }
}

/** The lines of a stack that is in the user's terms already (script-stacks.ts); undefined when it is V8's. */
function mappedLines(trace: string): (UserFrame | string)[] | undefined {
  if (!trace.includes("\n\tat ")) return undefined;
  const lines = trace.split("\n").filter((line) => line.startsWith("\tat "));
  return lines.map((line) => {
    const text = line.slice("\tat ".length);
    const place = /^(?:(.*) \()?(.+):(\d+):(\d+)\)?$/u.exec(text);
    if (place === null) return text;
    const [, name = "", file, row, column] = place;
    return { name, file: file!, line: Number(row), column: Number(column) };
  });
}

function framesOf(trace: string, fileName: string): RawFrame[] {
  const lines = trace.split("\n").filter((line) => line.startsWith("    at "));
  const frames = lines.map((line) => parseFrame(line, fileName));
  // A built-in matters only where the script called it: between its own frames.
  return frames.filter((frame, index): frame is RawFrame => {
    if (frame?.kind !== "native") return frame !== undefined;
    return frames[index + 1]?.kind === "program";
  });
}

function parseFrame(line: string, fileName: string): RawFrame | undefined {
  const at = line.lastIndexOf(`${fileName}:`);
  if (at !== -1) {
    const place = /^(\d+):(\d+)\)?$/u.exec(line.slice(at + fileName.length + 1));
    if (!place) return undefined;
    const isAsync = line.startsWith("    at async ");
    return { kind: "program", line: Number(place[1]), column: Number(place[2]), isAsync };
  }
  const native = /^ {4}at (?:async )?(?:new )?(\S+) \((?:<anonymous>|index \d+)\)$/u.exec(line);
  return native ? { kind: "native", name: native[1]! } : undefined;
}

function toLine(frame: RawFrame, tables: Tables): UserFrame | string | undefined {
  if (frame.kind === "native") return `${frame.name} (native)`;
  const offset = tables.toBundle.offsetAt(frame.line, frame.column);
  // A lowered function shows up twice: as the arrow with its body, and as the call of the kit around that.
  if (
    !frame.isAsync &&
    tables.names.wrappers.some((name) => tables.program.startsWith(`${name}(`, offset))
  )
    return undefined;
  const place = callOf(tables.toBundle.toBundle(offset), tables);
  const position = tables.toUser.positionAt(place);
  if (!position) return undefined;
  const { file, line, column } = position;
  return { name: nameOf(functionAt(tables.outline, place), tables), file, line, column };
}

/** A frame that waits stands on generated text behind the call it waits for; users know the call's own place. */
function callOf(place: BundlePlace, tables: Tables): number {
  if (!place.generated) return place.offset;
  const { outline } = tables;
  return callEndingAt(outline, place.offset) ?? callEndingAt(outline, place.end) ?? place.offset;
}

function nameOf(named: NamedFunction | undefined, tables: Tables): string {
  if (!named || named.name === "") return "";
  if (named.name === tables.names.defaultExport && named.name.endsWith("_default"))
    return "default";
  return tables.toUser.positionAt(named.nameOffset)?.name ?? named.name;
}

function toText({ name, file, line, column }: UserFrame): string {
  const place = `${file}:${line}:${column}`;
  return name === "" ? place : `${name} (${place})`;
}

/**
 * From a place in the program that runs back to the place in the file that the user wrote:
 * program line and column → (prefix of the shell, edits of the lowering) → bundle → (bundler's source map) → user's file.
 * The lowering keeps every line break, hence a line number of the program is one of the bundle, and only columns move.
 * The tables are made when the script is loaded; the map is read when the first error is described.
 */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { type CodeOutline, lastAtOrBefore } from "./code-outline.ts";

/** What has to cross to a worker to map positions there. */
export interface ScriptPositions {
  /** Offsets at which the lines of the bundle begin. */
  readonly bundleLines: Uint32Array;
  /** Source map (JSON) of the bundle, sources as URLs. */
  readonly sourceMap: string;
  /** The lowering's edits: offset in the bundle, characters removed, characters inserted; three numbers each. */
  readonly edits: Uint32Array;
  /** Characters of the shell before the first character of the lowered text. */
  readonly prefixLength: number;
  readonly outline: CodeOutline;
}

/** A place in a file of the user; line and column from 1. `name` is the user's name of what the bundler renamed there. */
export interface UserPosition {
  /** URL of the file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly name: string | undefined;
}

/** Maps offsets of a bundle to the user's files. */
export interface BundleMap {
  positionAt(offset: number): UserPosition | undefined;
}

/** Reads the bundler's source map on first use. */
export function createBundleMap(bundleLines: Uint32Array, sourceMap: string): BundleMap {
  let map: TraceMap | undefined;
  return {
    positionAt(offset) {
      map ??= new TraceMap(sourceMap);
      const line = lastAtOrBefore(bundleLines, offset);
      const column = offset - bundleLines[line]!;
      const found = originalPositionFor(map, { line: line + 1, column });
      if (found.source === null) return undefined;
      return {
        file: found.source,
        line: found.line,
        column: found.column + 1,
        name: found.name ?? undefined,
      };
    },
  };
}

/** A place in the bundle; `generated` when the program has text of the lowering there. */
export interface BundlePlace {
  readonly offset: number;
  /** In generated text: where the text that was replaced ends. */
  readonly end: number;
  readonly generated: boolean;
}

/** Maps places of the program to the bundle. */
export interface ProgramMap {
  /** Offset in `program` of a line and column, both from 1. */
  offsetAt(line: number, column: number): number;
  toBundle(programOffset: number): BundlePlace;
}

/** Builds its tables on first use. `program` is the text that runs, shell included. */
export function createProgramMap(program: string, positions: ScriptPositions): ProgramMap {
  let lines: Uint32Array | undefined;
  let outputs: Uint32Array | undefined;
  return {
    offsetAt(line, column) {
      lines ??= lineStarts(program);
      return (lines[line - 1] ?? 0) + column - 1;
    },
    toBundle(programOffset) {
      outputs ??= outputOffsets(positions.edits);
      return unedit(programOffset - positions.prefixLength, { edits: positions.edits, outputs });
    },
  };
}

function unedit(output: number, table: { edits: Uint32Array; outputs: Uint32Array }): BundlePlace {
  const { edits, outputs } = table;
  const index = lastAtOrBefore(outputs, output);
  if (index === -1) return { offset: output, end: output, generated: false };
  const [offset, removed, inserted] = [
    edits[3 * index]!,
    edits[3 * index + 1]!,
    edits[3 * index + 2]!,
  ];
  const past = output - outputs[index]! - inserted;
  if (past < 0) return { offset, end: offset + removed, generated: true };
  const at = offset + removed + past;
  return { offset: at, end: at, generated: false };
}

/** Where in the output each edit's inserted text begins. */
function outputOffsets(edits: Uint32Array): Uint32Array {
  const outputs = new Uint32Array(edits.length / 3);
  let shift = 0;
  for (let index = 0; index < outputs.length; index++) {
    outputs[index] = edits[3 * index]! + shift;
    shift += edits[3 * index + 2]! - edits[3 * index + 1]!;
  }
  return outputs;
}

/** The edits in the form that crosses to workers. */
export function packEdits(
  edits: readonly {
    readonly offset: number;
    readonly removed: number;
    readonly inserted: string;
  }[],
): Uint32Array {
  const packed = new Uint32Array(edits.length * 3);
  for (const [index, edit] of edits.entries())
    packed.set([edit.offset, edit.removed, edit.inserted.length], index * 3);
  return packed;
}

/** Offsets at which lines begin. Only `\n` counts: V8's line numbers and the bundler's map agree on it. */
export function lineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let index = text.indexOf("\n"); index !== -1; index = text.indexOf("\n", index + 1))
    starts.push(index + 1);
  return Uint32Array.from(starts);
}

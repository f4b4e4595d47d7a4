/**
 * Lowering: makes a bundle that calls blocking functions one that waits without blocking its thread. "Maybe-async with
 * a sentinel": a function that may wait runs at once and returns its plain value, or one reserved object when something
 * under it waits; only calls that may see that object look for it. A function lowered without need behaves as before;
 * one not lowered although needed is a clear error at run time (runtime-blocking.ts), never a wrong value.
 * Measurements and the designs not taken: docs/design/decisions.
 */
import { collectCandidates, type Candidates } from "./collect.ts";
import { colour, type Colours } from "./colour.ts";
import { emitBundle } from "./emit.ts";
import { GeneratedNames } from "./generated-names.ts";
import { GlobalNames } from "./global-names.ts";
import type { Lowered, LowerOptions, Position } from "./lowered.ts";
import { parseBundle } from "./scopes.ts";

/**
 * Lowers a bundle (an ES module as esbuild writes it) into the body of a function.
 * @throws SyntaxError from the parser, with `pos` and `loc`
 * @throws LakhError `SCRIPT_BLOCKING` when a blocking call stands where nothing can wait (a field initialiser, a
 *   static block, a setter)
 */
export function lower(code: string, options: LowerOptions = {}): Lowered {
  const { mode = "auto", groupAt = () => 0, constants = new Set<string>() } = options;
  const tree = parseBundle(code);
  const candidates = collectCandidates(tree, groupAt);
  const colours = colour(tree, candidates, { mode, groupAt });
  const names = new GeneratedNames(tree.names);
  const globals = new GlobalNames(tree, names, { constants, assigned: candidates.assigned });
  const positionAt = options.positionAt ?? ((offset) => positionIn(code, offset));
  const { emitter, form } = emitBundle({ tree, candidates, colours, names, globals, positionAt });
  const { free, constants: usedConstants } = globals.used;
  return {
    code: emitter.editor.text(),
    edits: emitter.editor.edits(),
    kitNames: names.used,
    names: {
      globals: names.local("G"),
      readGlobal: names.local("g"),
      importModule: names.local("import"),
    },
    imports: form.imports,
    exports: form.exports,
    starExports: form.starExports,
    freeNames: free,
    constants: usedConstants,
    topLevelAwaits: emitter.topLevelAwaits,
    stats: {
      functions: tree.functions.size,
      red: colours.red.size,
      redByGroup: countByGroup(colours, candidates),
    },
  };
}

function positionIn(code: string, offset: number): Position {
  const before = code.slice(0, offset).split("\n");
  return { file: "bundle", line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

function countByGroup({ red }: Colours, { groups }: Candidates): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const node of red) {
    const group = groups.get(node) ?? 0;
    counts[group] = (counts[group] ?? 0) + 1;
  }
  return counts;
}

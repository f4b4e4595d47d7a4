/**
 * Whose code an offset of the bundle is: group 0 is the user's own files, every npm package, remote folder and helper
 * library is a group of its own, and -1 is the bundler's helpers. The lowering keeps method names of different groups
 * apart. The bundler writes `// <file>` on a line of its own before each file's code; those lines are the borders.
 */
import { stripNamespace } from "./bundle-names.ts";
import { lastAtOrBefore } from "./code-outline.ts";

/** The bundler's own helpers stand before the first file. */
const helperGroup = -1;
const userGroup = 0;

/** A look-up from an offset in `code` to its group; `inputs` are the files in the order of the bundle. */
export function groupFinder(code: string, inputs: readonly string[]): (offset: number) => number {
  const starts: number[] = [];
  const groups: number[] = [];
  const known = new Map<string, number>();
  let from = 0;
  for (const input of inputs) {
    const start = findComment(code, input, from);
    // A file that left no code behind has no comment either.
    if (start === -1) continue;
    starts.push(start);
    groups.push(groupNumber(input, known));
    from = start + 1;
  }
  return (offset) => groups[lastAtOrBefore(starts, offset)] ?? helperGroup;
}

function findComment(code: string, input: string, from: number): number {
  const comment = `// ${input}\n`;
  if (from === 0 && code.startsWith(comment)) return 0;
  const index = code.indexOf(`\n${comment}`, Math.max(0, from - 1));
  return index === -1 ? -1 : index + 1;
}

function groupNumber(input: string, known: Map<string, number>): number {
  const key = groupKey(input);
  if (key === undefined) return userGroup;
  const number = known.get(key) ?? known.size + 1;
  known.set(key, number);
  return number;
}

function groupKey(input: string): string | undefined {
  const packageName = /.*(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(input)?.[1];
  if (packageName !== undefined) return packageName;
  if (input.startsWith("jslib:")) return "jslib";
  if (input.startsWith("archive:")) return undefined;
  const url = stripNamespace(input);
  return url === input ? undefined : url.slice(0, url.lastIndexOf("/"));
}

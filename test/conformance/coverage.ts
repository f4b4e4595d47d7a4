/**
 * Which exports of k6's modules the scripts of the suite use: by their import and require statements, and by the names that
 * stand behind a dot of what was imported whole. Text is looked at, not syntax: enough for scripts that are written for the suite.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../src/script/catalog.ts";
import { scriptNames, scriptsFolder } from "./suite.ts";

/** Module -> export -> how many scripts use it. */
export type Coverage = ReadonlyMap<string, ReadonlyMap<string, number>>;

const importStatement = /import\s+([^'";]+?)\s+from\s+['"]([^'"]+)['"]/gu;
const requireStatement = /(?:const|let|var)\s+([^=;]+?)\s*=\s*require\(['"]([^'"]+)['"]\)/gu;

export function coverageOf(scripts: readonly string[] = scriptNames()): Coverage {
  const counts = new Map(
    Object.entries(catalog).map(([name, module]) => [
      name,
      new Map(module.exports.map((exported) => [exported, 0])),
    ]),
  );
  for (const script of scripts) {
    const text = readFileSync(join(scriptsFolder, script), "utf8");
    for (const [module, names] of usesIn(text)) countNames(counts.get(module), names);
  }
  return counts;
}

function countNames(counts: Map<string, number> | undefined, names: ReadonlySet<string>): void {
  for (const name of names) {
    const known = counts?.get(name);
    if (known !== undefined) counts!.set(name, known + 1);
  }
}

/** Module -> names used in one script. */
function usesIn(text: string): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>();
  const statements = [...text.matchAll(importStatement), ...text.matchAll(requireStatement)];
  for (const [, clause, module] of statements) {
    const names = uses.get(module!) ?? new Set<string>();
    uses.set(module!, names);
    for (const name of namesOf(clause!, text)) names.add(name);
  }
  return uses;
}

function namesOf(clause: string, text: string): string[] {
  const braces = /\{([^}]*)\}/u.exec(clause)?.[1] ?? "";
  const named = braces
    .split(",")
    .map((part) => part.trim().split(/\s+as\s+|\s*:\s*/u)[0]!)
    .filter(Boolean);
  const rest = clause.replace(/\{[^}]*\}/u, "").replace(/\*\s+as\s+/u, "");
  const whole = rest
    .split(",")
    .map((part) => part.trim())
    .filter((part) => /^\w+$/u.test(part));
  return [...named, ...whole.flatMap((name) => membersOf(name, text))];
}

/** `http.get`, `http['get']`, `const { get } = http`. */
function membersOf(name: string, text: string): string[] {
  const dotted = [...text.matchAll(new RegExp(String.raw`\b${name}(?:\?)?\.(\w+)`, "gu"))];
  const quoted = [...text.matchAll(new RegExp(String.raw`\b${name}\[['"](\w+)['"]\]`, "gu"))];
  const taken = [...text.matchAll(new RegExp(String.raw`\{([^}]*)\}\s*=\s*${name}\b`, "gu"))];
  const destructured = taken.flatMap(([, list]) =>
    list!.split(",").map((part) => part.trim().split(/\s*:\s*/u)[0]!),
  );
  return [...dotted, ...quoted].map(([, member]) => member!).concat(destructured);
}

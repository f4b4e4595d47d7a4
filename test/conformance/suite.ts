/** Where the suite's files are, and which scripts it has. A script is named `<group>/<file name>`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Outcome } from "./outcome.ts";

/** The repository, seen from dist/test/conformance. */
export const repoRoot: string = resolve(import.meta.dirname, "..", "..", "..");
const suiteFolder = join(repoRoot, "test", "conformance");
export const scriptsFolder: string = join(suiteFolder, "scripts");
const recordedFolder = join(suiteFolder, "recorded");

/** Names of the scripts, those only that contain `filter`. Folders named `lib` hold what scripts import. */
export function scriptNames(filter = ""): string[] {
  return readdirSync(scriptsFolder, { recursive: true, encoding: "utf8" })
    .filter((name) => /^[^/]+\/[^/]+\.[jt]s$/u.test(name) && name.includes(filter))
    .sort();
}

function recordedPath(name: string): string {
  return join(recordedFolder, `${name}.json`);
}

/** What the real k6 did, or undefined when the script was never recorded. */
export function readRecorded(name: string): Outcome | undefined {
  const path = recordedPath(name);
  if (!existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, "utf8")) as Outcome;
}

export function writeRecorded(name: string, outcome: Outcome): void {
  mkdirSync(dirname(recordedPath(name)), { recursive: true });
  writeFileSync(recordedPath(name), `${JSON.stringify(outcome, null, 2)}\n`);
}

/** Removes the outcomes of scripts that are gone; returns their names. */
export function removeOrphans(): string[] {
  const names = new Set(scriptNames());
  const orphans = recordedNames().filter((name) => !names.has(name));
  for (const name of orphans) rmSync(recordedPath(name));
  return orphans;
}

/** Names of everything that was recorded. */
export function recordedNames(): string[] {
  return readdirSync(recordedFolder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

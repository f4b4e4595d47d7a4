/**
 * What a thread imports before it does anything is a good part of the time until the first request, and memory for the
 * whole run (docs/design/performance.md). What few runs use is read by `import()`, when it is used.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { parse } from "acorn";
import { repoRoot } from "../support/cli.ts";

/** URLs of the built modules that importing `entries` brings along, and names of the packages; `import()` is not followed. */
function importedBy(entries: readonly string[]): { modules: string[]; packages: string[] } {
  const folder = pathToFileURL(`${join(repoRoot, "dist/src")}/`);
  const modules = new Set<string>();
  const packages = new Set<string>();
  const waiting = entries.map((entry) => new URL(entry, folder).href);
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (modules.has(url)) continue;
    modules.add(url);
    for (const specifier of importsOf(url)) {
      if (specifier.startsWith(".")) waiting.push(new URL(specifier, url).href);
      else if (!specifier.startsWith("node:")) packages.add(specifier);
    }
  }
  return {
    modules: [...modules].map((url) => url.slice(folder.href.length)).toSorted(),
    packages: [...packages].toSorted(),
  };
}

function importsOf(url: string): string[] {
  const text = readFileSync(new URL(url), "utf8");
  return parse(text, { ecmaVersion: "latest", sourceType: "module" }).body.flatMap((node) => {
    const isImport =
      node.type === "ImportDeclaration" ||
      node.type === "ExportNamedDeclaration" ||
      node.type === "ExportAllDeclaration";
    return isImport && node.source ? [String(node.source.value)] : [];
  });
}

/** Every run imports these: the command line, and what runs a script on lakh's own engine. */
const mainThread = ["cli/main.js", "run/runners/embedded.js", "script/load.js"];
const workerThread = ["engine/worker/main.js"];
const loading =
  /^script\/(?:archive|bundle|load|module-plugin|outline|sources|lowering\/lower)\.js$/u;

test("the main thread of a run imports neither judge, nor reader of records, nor another runner, nor what workers do", () => {
  const { modules, packages } = importedBy(mainThread);
  assert.deepEqual(packages, ["@jridgewell/trace-mapping", "acorn", "commander"]);
  const unused =
    /^(?:judge|http|k6|engine\/worker|run\/runners\/k6)\/|^(?:record\/read|script\/archive)\.js$/u;
  assert.deepEqual(
    modules.filter((name) => unused.test(name)),
    [],
  );
  assert.ok(modules.some((name) => loading.test(name)));
});

test("a worker thread imports nothing that loads scripts, and no module of k6 that brings packages along", () => {
  const { modules, packages } = importedBy(workerThread);
  assert.deepEqual(packages, ["@jridgewell/trace-mapping"]);
  const unused =
    /^(?:cli|run|plan|record|judge|report|outputs|observe|api|engine\/host|k6\/(?:browser|grpc|ws))\//u;
  assert.deepEqual(
    modules.filter((name) => unused.test(name) || loading.test(name)),
    [],
  );
  assert.ok(modules.includes("engine/worker/vu.js"));
});

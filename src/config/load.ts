/** Finds `lakh.config.*`, runs it, and checks what it exports. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { exitCodes, LakhError, reasonOf } from "../base/errors.ts";
import { bundleConfig } from "./bundle.ts";
import type { ConfigErrorCode } from "./errors.ts";
import { parseConfig } from "./parse.ts";
import type { ResolvedConfig } from "./resolved.ts";
import { thrownPlace } from "./thrown-place.ts";

/** In the order in which they are looked for. */
export const configFileNames = [
  "lakh.config.ts",
  "lakh.config.js",
  "lakh.config.mjs",
  "lakh.config.json",
] as const;

/**
 * The config of a working directory: `named` (relative to it), or the first of {@link configFileNames} that is there.
 * Undefined when none is named and none is there.
 * @throws LakhError LAKH_CONFIG_NOT_FOUND, LAKH_CONFIG_SYNTAX, LAKH_CONFIG_THREW, LAKH_CONFIG_INVALID
 */
export async function loadConfig(cwd: string, named?: string): Promise<ResolvedConfig | undefined> {
  const file = named === undefined ? await findConfig(cwd) : resolve(cwd, named);
  if (file === undefined) return undefined;
  const isJson = extname(file) === ".json";
  return parseConfig(isJson ? parseJson(await read(file), file) : await runConfig(file), file);
}

async function findConfig(cwd: string): Promise<string | undefined> {
  for (const name of configFileNames) {
    const file = join(cwd, name);
    if (await isFile(file)) return file;
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false; // not there, or out of reach: as good as none
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new LakhError(
      "LAKH_CONFIG_NOT_FOUND" satisfies ConfigErrorCode,
      `cannot read the config file ${file}: ${reasonOf(cause)}`,
      {
        hint: "name a file that exists, or make one: lakh new --with-config",
        exitCode: exitCodes.invalidConfig,
        cause,
      },
    );
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LakhError(
      "LAKH_CONFIG_SYNTAX" satisfies ConfigErrorCode,
      `${file} is not JSON: ${(cause as Error).message}`,
      {
        hint: "correct the file, or write lakh.config.ts, which may have comments",
        exitCode: exitCodes.invalidConfig,
        cause,
      },
    );
  }
}

/** What the file exports by default. Node imports files only: the bundle is one for a moment. */
async function runConfig(file: string): Promise<unknown> {
  await read(file);
  const { code, sourceMap } = await bundleConfig(file);
  const folder = await mkdtemp(join(tmpdir(), "lakh-config-"));
  const path = join(folder, "config.mjs");
  try {
    await writeFile(path, code, { mode: 0o600 });
    const exported = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
    return checkExport(exported.default, file);
  } catch (thrown) {
    if (thrown instanceof LakhError) throw thrown;
    throw threw(thrown, thrownPlace(thrown, { path, sourceMap, file }), file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function checkExport(exported: unknown, file: string): unknown {
  if (exported !== undefined && typeof exported !== "function") return exported;
  const what = exported === undefined ? "no default export" : "a function as its default export";
  throw new LakhError("LAKH_CONFIG_INVALID" satisfies ConfigErrorCode, `${file} has ${what}`, {
    hint: 'end it with: export default defineConfig({ … }), after import { defineConfig } from "lakh"',
    exitCode: exitCodes.invalidConfig,
  });
}

function threw(thrown: unknown, place: string, file: string): LakhError {
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new LakhError("LAKH_CONFIG_THREW" satisfies ConfigErrorCode, `${place}: ${message}`, {
    hint: `${file} is run as a module before anything else: make it run by itself`,
    exitCode: exitCodes.invalidConfig,
    cause: thrown,
  });
}

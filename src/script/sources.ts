/**
 * Every file that a script is made of, as an archive needs them. k6 resolves exact paths and URLs only; a script that
 * uses more of what lakh resolves (npm packages, paths without extension, JSON) is archived as one bundled file, which
 * k6 can run too.
 */
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Bundle, ResolvedImport } from "./bundle.ts";
import { metaResolveName } from "./bundle-names.ts";
import type { ScriptErrorCode } from "./errors.ts";
import { build } from "./esbuild.ts";
import { jslibFile } from "./jslib.ts";

export interface ScriptSources {
  /** The main script as it goes into the archive. */
  readonly source: Uint8Array;
  /** Local files by absolute path, remote modules by URL; without the main script. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** True when the script had to be bundled into one file. */
  readonly isBundled: boolean;
}

/** @throws SCRIPT_ARCHIVE when a bundled script would not be the same program in k6 */
export async function collectSources(
  bundle: Bundle,
  entry: { readonly name: string; readonly source: Uint8Array; readonly dir: string },
  remotes: ReadonlyMap<string, string>,
): Promise<ScriptSources> {
  const absolute = (name: string): string => resolve(entry.dir, name);
  const isPlain = bundle.imports.every((one) => isK6Import(one, absolute));
  if (!isPlain) {
    if (bundle.code.includes(metaResolveName)) throw notBundled();
    return { source: Buffer.from(bundle.code), files: new Map(), isBundled: true };
  }
  const files = new Map<string, Uint8Array>();
  for (const [url, text] of remotes) files.set(url, Buffer.from(text));
  for (const { specifier, target } of bundle.imports) {
    if (target.startsWith("jslib:") && specifier.startsWith("https://"))
      files.set(specifier, await bundledJslib(specifier));
  }
  for (const input of bundle.inputs) {
    const path = absolute(input);
    const isLocal = !/^[a-z]+:/u.test(input) && input !== "-" && path !== entry.name;
    if (isLocal) files.set(path, await readFile(path));
  }
  return { source: entry.source, files, isBundled: false };
}

/** Whether k6 would find the same file: an exact path, a URL, or one of its own modules. */
function isK6Import(
  { importer, specifier, target, isExternal }: ResolvedImport,
  absolute: (name: string) => string,
): boolean {
  if (isExternal || target.startsWith("remote:") || target.startsWith("jslib:")) return true;
  if (target.endsWith(".json")) return false;
  if (specifier.startsWith("file://")) return true;
  if (!/^[./]/u.test(specifier)) return false;
  return join(dirname(absolute(importer)), specifier) === absolute(target) || specifier === target;
}

/** lakh's own helper library as one module, under the address that the script imports it from. */
async function bundledJslib(url: string): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [fileURLToPath(jslibFile(url)!)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["k6", "k6/*"],
    logLevel: "silent",
  });
  return result.outputFiles[0]!.contents;
}

function notBundled(): LakhError {
  return new LakhError(
    "SCRIPT_ARCHIVE" satisfies ScriptErrorCode,
    "the script uses import.meta.resolve and imports that k6 does not resolve; it cannot be archived for k6",
    {
      hint: "name files with their exact relative paths, or bundle the script yourself",
      exitCode: exitCodes.generic,
    },
  );
}

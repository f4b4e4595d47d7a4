/** `lakh archive`: a script with everything it needs in one tar, which lakh and k6 run alike. */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { openEngine } from "../engine/index.ts";
import { showOptions } from "../plan/index.ts";
import { collectScriptSources, type ScriptArchive, writeArchive } from "../script/index.ts";
import { engineSetupFor } from "./engine-setup.ts";
import { k6CompatibilityVersion, lakhVersion } from "./environment.ts";
import { mergeRunOptions } from "./options.ts";
import type { RunDeps } from "./request.ts";
import { openScript, type ScriptUse } from "./script-source.ts";

export interface ArchiveRequest extends ScriptUse {
  readonly configPath: string | undefined;
  readonly cliOptions: Readonly<Record<string, unknown>>;
  /** Keeps `__ENV` out of the archive. */
  readonly excludeEnv: boolean;
}

/**
 * The bytes of the archive.
 * @throws LakhError when the script cannot be loaded or its options are wrong
 */
export async function archiveScript(
  request: ArchiveRequest,
  deps: Omit<RunDeps, "events">,
): Promise<Uint8Array> {
  const { host, logger, clock } = deps;
  const loading = engineSetupFor(request, deps);
  const engine = await openEngine(1, loading);
  try {
    const setup = await loading;
    const { bundle } = setup;
    const merged = mergeRunOptions(engine.init, {
      request: { ...request, features: { names: [], source: "cli" } },
      demand: undefined,
      ...deps,
    });
    for (const warning of merged.warnings) logger.log("warning", warning);
    const sources = await collectScriptSources({
      ...(await openScript(request.script)),
      cwd: host.cwd,
      cacheDir: request.cacheDir,
      offline: request.offline,
      lower: request.lower,
      log: logger,
    });
    if (sources.isBundled)
      logger.log(
        "info",
        "the script and its imports are archived as one file: k6 resolves exact paths only",
      );
    const archive: ScriptArchive = {
      entryPath: bundle.entryPath,
      workingDir: workingDirOf(bundle.entryPath, host.cwd),
      source: sources.source,
      files: new Map([
        ...sources.files,
        ...(await openedFiles(engine.init.openedFiles, bundle.archived)),
      ]),
      env: request.excludeEnv ? {} : setup.env,
      options: showOptions(merged.options, true),
    };
    return await writeArchive(archive, {
      k6Version: k6CompatibilityVersion,
      lakhVersion: lakhVersion(),
      wallMs: clock.wallMs(),
    });
  } finally {
    await engine.close();
  }
}

function workingDirOf(entryPath: string, cwd: string): string {
  if (entryPath === "-") return cwd;
  return entryPath.startsWith("https://")
    ? entryPath.slice(0, entryPath.lastIndexOf("/") + 1)
    : dirname(entryPath);
}

async function openedFiles(
  paths: readonly string[],
  archived: ReadonlyMap<string, Uint8Array> | undefined,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const path of paths) files.set(path, archived?.get(path) ?? (await readFile(path)));
  return files;
}

/** What a script argument means: a script or an archive, told by its content unless the type is given. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { exitCodes, LakhError } from "../base/errors.ts";
import { isArchive, type LoadRequest, readArchive, type ScriptArchive } from "../script/index.ts";
import type { RunErrorCode } from "./errors.ts";

/** A script as the command line names it. */
export interface ScriptRequest {
  /** Absolute path, https URL, or "-" with what came over standard input. */
  readonly path: string;
  readonly source?: Uint8Array;
  /** "js", "archive", or undefined to find out. */
  readonly type?: string | undefined;
}

/** How a script is read. */
export interface ScriptUse {
  readonly script: ScriptRequest;
  /** `__ENV`, over that of an archive. */
  readonly env: Readonly<Record<string, string>>;
  /** False in k6's compatibility mode base, which has no global `global`. */
  readonly extended: boolean;
  /** Texts of --secret-source. */
  readonly secretSources: readonly string[];
  readonly lower: "auto" | "all";
  readonly offline: boolean;
  /** Folder of the cache of https imports. */
  readonly cacheDir: string;
}

/** What the loader wants to know of it. */
export type OpenedScript = Pick<LoadRequest, "path" | "source" | "archive">;

/** @throws LakhError SCRIPT_TYPE, SCRIPT_ARCHIVE */
export async function openScript(request: ScriptRequest): Promise<OpenedScript> {
  const { path, type } = request;
  if (type !== undefined && type !== "js" && type !== "archive") throw unknownType(type, path);
  const bytes = request.source ?? (type === "js" ? undefined : await readIfFile(path));
  if (type === "archive" || (type === undefined && bytes !== undefined && isArchive(bytes)))
    return fromArchive(await readArchive(bytes ?? new Uint8Array(), path));
  if (request.source === undefined) return { path };
  return { path, source: Buffer.from(request.source).toString("utf8") };
}

/** SHA-256 of a script's own text, as its runs' records have it. Rejects when the file cannot be read. */
export async function hashOfScript({ path, source }: ScriptRequest): Promise<string> {
  return createHash("sha256")
    .update(source ?? (await readFile(path)))
    .digest("hex");
}

function fromArchive(archive: ScriptArchive): OpenedScript {
  return { path: archive.entryPath, archive };
}

/** The loader tells what is wrong with a file that cannot be read. */
async function readIfFile(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}

function unknownType(type: string, path: string): LakhError {
  return new LakhError(
    "SCRIPT_TYPE" satisfies RunErrorCode,
    `unknown or unspecified test type '${type}' for '${path}'`,
    { hint: "--type is js or archive; leave it out to find out", exitCode: exitCodes.generic },
  );
}

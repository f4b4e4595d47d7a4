/**
 * A script in a form that k6 can read. k6 resolves exact paths and URLs only, and fetches URLs each time; what it cannot
 * find (npm packages, paths without extension, helper libraries while there is no network) lakh puts into an archive.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LakhError } from "../../../base/errors.ts";
import { archiveScript } from "../../archive.ts";
import type { RunDeps, RunRequest } from "../../request.ts";
import { inspectOptions, type K6Shell } from "./script-options.ts";

export interface ReadableScript {
  /** The request, with the archive in place of the script where one was needed. */
  readonly request: RunRequest;
  /** The script's options as k6 reads them. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** @throws LakhError K6_FAILED in k6's words when neither k6 nor lakh can read it */
export async function makeReadable(
  folder: string,
  shell: K6Shell,
  { request, deps }: { readonly request: RunRequest; readonly deps: RunDeps },
): Promise<ReadableScript> {
  try {
    return { request, options: await inspectOptions(shell, request) };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const archived = await archiveFor(folder, { request, deps });
    if (archived === undefined) throw error;
    deps.logger.log(
      "info",
      "k6 does not find all that the script imports; it gets an archive by lakh",
    );
    return { request: archived, options: await inspectOptions(shell, archived) };
  }
}

/** k6's words for an import that it cannot resolve or fetch. */
function isNotFound(error: unknown): boolean {
  return (
    error instanceof LakhError &&
    /moduleSpecifier .* couldn't be (?:retrieved|recognised|found)/u.test(error.message)
  );
}

/** Undefined when lakh cannot read the script either; k6's error says then what is missing. */
async function archiveFor(
  folder: string,
  { request, deps }: { readonly request: RunRequest; readonly deps: RunDeps },
): Promise<RunRequest | undefined> {
  const path = join(folder, "script.tar");
  try {
    await writeFile(path, await archiveScript({ ...request, excludeEnv: true }, deps));
  } catch (error) {
    if (error instanceof LakhError) return undefined;
    throw error;
  }
  return { ...request, script: { path } };
}

/** Which k6 to run: `LAKH_K6`, or the first `k6` on the PATH; and whether it is one that lakh can read. */
import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { promisify } from "node:util";
import { LakhError } from "../../../base/errors.ts";
import type { Host } from "../../../base/host.ts";
import type { RunErrorCode } from "../../errors.ts";

export interface K6Binary {
  readonly path: string;
  /** "2.2.0". */
  readonly version: string;
}

/** The oldest k6 whose options, metrics and output lines are those that lakh knows. */
const oldestMajor = 2;

const versionLimitMs = 20_000;

const installHint =
  "install k6 2 or later (https://grafana.com/docs/k6/latest/set-up/install-k6/, or `go install go.k6.io/k6/v2@latest`) and put it on the PATH, or name its path in LAKH_K6";

/** @throws LakhError K6_MISSING, K6_TOO_OLD */
export async function findK6({ env, cwd }: Pick<Host, "env" | "cwd">): Promise<K6Binary> {
  const named = env["LAKH_K6"];
  const path = named ? resolve(cwd, named) : searchPath(env["PATH"] ?? "");
  if (path === undefined) throw missing("there is no k6 on the PATH");
  if (!isProgram(path)) throw missing(`LAKH_K6 names ${path}, which is not a program`);
  const version = await readVersion(path);
  if (Number(version.split(".")[0]) >= oldestMajor) return { path, version };
  throw new LakhError(
    "K6_TOO_OLD" satisfies RunErrorCode,
    `${path} is k6 ${version}; the runner k6 needs ${oldestMajor}.0 or later`,
    { hint: installHint },
  );
}

function searchPath(path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, "k6"))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not executable: not this one
  }
}

/** From "k6 v2.2.0 (go1.26.8, linux/amd64)". */
async function readVersion(path: string): Promise<string> {
  let said: string;
  try {
    said = (await promisify(execFile)(path, ["version"], { timeout: versionLimitMs })).stdout;
  } catch (cause) {
    throw missing(`${path} version failed: ${(cause as Error).message.trim()}`, cause);
  }
  const version = /^k6(?:\.exe)? v(\d+\.\d+\.\d+)/u.exec(said)?.[1];
  if (version === undefined)
    throw missing(`${path} does not say that it is k6: ${JSON.stringify(said.slice(0, 80))}`);
  return version;
}

function missing(what: string, cause?: unknown): LakhError {
  return new LakhError("K6_MISSING" satisfies RunErrorCode, `cannot run k6: ${what}`, {
    hint: installHint,
    cause,
  });
}

/** Programs on the PATH, and what they say when they are asked something short. */
import { execFile } from "node:child_process";
import { access, constants, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import type { Environment } from "./paths.ts";

/** Debian puts Grafana where the PATH of an ordinary user does not look. */
const systemFolders = ["/usr/sbin", "/usr/local/sbin"];

/** Absolute path of a program that may be executed; undefined when there is none. */
export async function findProgram(name: string, env: Environment): Promise<string | undefined> {
  const folders = [...(env["PATH"] ?? "").split(delimiter), ...systemFolders].filter(isAbsolute);
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

export interface Said {
  /** Standard output and standard error. */
  readonly text: string;
  readonly endedWell: boolean;
}

/** Runs a program that ends by itself within ten seconds. */
export async function askProgram(
  path: string,
  args: readonly string[],
  env: Environment,
): Promise<Said> {
  try {
    const { stdout, stderr } = await promisify(execFile)(path, args, {
      env: { ...env },
      timeout: 10_000,
    });
    return { text: `${stdout}${stderr}`, endedWell: true };
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as Error & Partial<Record<string, string>>;
    return { text: `${stdout}${stderr}`.trim() || message, endedWell: false };
  }
}

/** What lakh itself stands on: Node, the bundler, the disk for records. */
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";

export interface ProgramFacts {
  /** "20.19.0" */
  readonly nodeVersion: string;
  /** Why esbuild does not work; undefined when it does. */
  readonly bundlerProblem: string | undefined;
  readonly disk: DiskFacts | undefined;
}

export interface DiskFacts {
  readonly folder: string;
  readonly freeBytes: number;
}

/** @param runsDir absolute, need not exist */
export async function readProgram(nodeVersion: string, runsDir: string): Promise<ProgramFacts> {
  const [bundlerProblem, disk] = await Promise.all([tryBundler(), readDisk(runsDir)]);
  return { nodeVersion, bundlerProblem, disk };
}

/** The binary is another one for each system: a node_modules copied from elsewhere does not run. */
async function tryBundler(): Promise<string | undefined> {
  try {
    const { transform } = await import("esbuild");
    const { code } = await transform("let n: number = 1", { loader: "ts" });
    return code.includes("let n = 1") ? undefined : `it made ${JSON.stringify(code)} of a test`;
  } catch (error) {
    return (error as Error).message.split("\n", 1)[0]!;
  }
}

/** Of the nearest folder above that is there. */
async function readDisk(folder: string): Promise<DiskFacts | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return { folder, freeBytes: bavail * bsize };
  } catch {
    const parent = dirname(folder);
    return parent === folder ? undefined : readDisk(parent);
  }
}

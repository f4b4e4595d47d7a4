/** Where a run took place: versions and machine, for the record and for `lakh version`. */
import { readFileSync } from "node:fs";
import { arch, cpus, release, totalmem, type as osType } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunRecord } from "../record/index.ts";

/** The k6 version whose behaviour lakh follows. */
export const k6CompatibilityVersion: string = "2.2.0";

/** Folder of the installed package: the one with package.json. */
export function packageRoot(): string {
  return join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
}

export function lakhVersion(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

export function nodeVersion(): string {
  return globalThis.process.version;
}

/** The machine of the generator. */
export function describeEnvironment(workers: number): RunRecord["environment"] {
  const processors = cpus();
  return {
    node: nodeVersion(),
    os: `${osType()} ${release()} ${arch()}`,
    cpuModel: processors[0]?.model.trim() ?? "unknown",
    cpuCount: processors.length,
    memoryBytes: totalmem(),
    workers,
  };
}

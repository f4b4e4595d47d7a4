/** The two programs that run a script: the real k6, and lakh. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { repoRoot } from "./suite.ts";

export interface Tool {
  readonly name: "k6" | "lakh";
  /** Program and leading arguments. */
  readonly command: readonly string[];
  /** Whether it knows `--summary-export`. Without it checks and thresholds are not compared. */
  readonly writesExport: boolean;
  /** Variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** lakh as it was built, with so many worker threads. */
export function findLakh(workers: number = 1): Tool {
  const command = [process.execPath, join(repoRoot, "bin", "lakh")];
  const help = spawnSync(command[0]!, [command[1]!, "run", "--help"], { encoding: "utf8" }).stdout;
  return {
    name: "lakh",
    command,
    writesExport: help.includes("--summary-export"),
    env: { LAKH_WORKERS: String(workers) },
  };
}

/** The version whose outcomes are kept in `recorded/`. */
export const k6Version = "v2.2.0";

const howToBuild = `The outcomes are recorded with k6 ${k6Version}. To build it, in an empty folder:
  printf 'module k6build\\n\\ngo 1.26\\n\\nrequire go.k6.io/k6/v2 ${k6Version}\\n' > go.mod
  go build -mod=mod -o k6 go.k6.io/k6/v2
and set K6_BINARY to it, or put it on the PATH.`;

/** The real k6: K6_BINARY, LAKH_K6, or the PATH. Throws when there is none, or another version. */
export function findK6(): Tool {
  const binary = process.env["K6_BINARY"] ?? process.env["LAKH_K6"] ?? onPath("k6");
  if (binary === undefined) throw new Error(`k6 was not found.\n${howToBuild}`);
  const { stdout, error } = spawnSync(binary, ["version"], { encoding: "utf8" });
  if (error !== undefined) throw new Error(`${binary}: ${error.message}\n${howToBuild}`);
  if (!stdout.includes(`k6 ${k6Version} `)) {
    throw new Error(`${binary} is not k6 ${k6Version}: ${stdout.trim()}\n${howToBuild}`);
  }
  return { name: "k6", command: [binary], writesExport: true };
}

function onPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

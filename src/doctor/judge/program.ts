/** Can lakh itself work here? */
import { formatCount } from "../../base/units.ts";
import type { DiskFacts, ProgramFacts } from "../facts/program.ts";
import { type Finding, finding } from "../finding.ts";

/** As `engines` of package.json has it. */
const oldestNode = [20, 19] as const;
const enoughBytes = { warning: 1e9, fix: 50e6 } as const;

export function judgeProgram({ nodeVersion, bundlerProblem, disk }: ProgramFacts): Finding[] {
  return [judgeNode(nodeVersion), judgeBundler(bundlerProblem), judgeDisk(disk)];
}

function judgeNode(version: string): Finding {
  const what = ["node", "Node.js"] as const;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  return isOld
    ? finding("fix", what, [version, `lakh needs ${oldestNode.join(".")} or later`])
    : finding("ok", what, [version]);
}

function judgeBundler(problem: string | undefined): Finding {
  const what = ["esbuild", "esbuild, which bundles scripts"] as const;
  return problem === undefined
    ? finding("ok", what, ["works"])
    : finding("fix", what, [
        `does not work: ${problem}`,
        "install again on this machine (npm ci): the binary is another one for each system",
      ]);
}

function judgeDisk(disk: DiskFacts | undefined): Finding {
  const what = ["disk", "disk for records"] as const;
  if (disk === undefined) return finding("note", what, ["cannot be read on this system"]);
  const { folder, freeBytes } = disk;
  const found = `${formatCount(Math.floor(freeBytes / 1e6))} MB free at ${folder}`;
  const advice =
    "make room, or put records elsewhere with --runs-dir; --out writes hundreds of bytes a sample";
  if (freeBytes < enoughBytes.fix) return finding("fix", what, [found, advice]);
  return freeBytes < enoughBytes.warning
    ? finding("warning", what, [found, advice])
    : finding("ok", what, [found]);
}

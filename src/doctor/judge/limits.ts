/**
 * Are there descriptors for every user? A VU holds one connection for each host that it talks to, and up to six when it
 * uses http.batch(); lakh itself needs about a hundred.
 */
import { formatCount } from "../../base/units.ts";
import type { Limit } from "../../base/proc-files.ts";
import type { LimitFacts } from "../facts/limits.ts";
import { type Finding, finding, type PlannedLoad } from "../finding.ts";

const ownFiles = 150;
const batchConnections = 6;
/** Worker threads, esbuild, a k6 beside it: all count as processes on Linux. */
const ownProcesses = 200;

export function judgeLimits({ openFiles, processes }: LimitFacts, load: PlannedLoad): Finding[] {
  return [judgeOpenFiles(openFiles, load), judgeProcesses(processes)];
}

function judgeOpenFiles(limit: Limit | undefined, { vus }: PlannedLoad): Finding {
  const what = ["open-files", "open files"] as const;
  if (limit === undefined) return finding("note", what, ["cannot be read on this system"]);
  const soft = shown(limit.soft);
  const needed = vus + ownFiles;
  const neededInBatches = vus * batchConnections + ownFiles;
  const found = `${soft} (hard limit ${shown(limit.hard)}); ${formatCount(vus)} VUs need ${formatCount(needed)}`;
  const raise = (files: number): string =>
    `raise the limit before you start lakh: ulimit -n ${files} (in a container: --ulimit nofile=${files}; for a service: LimitNOFILE=${files})`;
  if (limit.soft < needed) return finding("fix", what, [found, raise(neededInBatches)]);
  if (limit.soft < neededInBatches)
    return finding("warning", what, [
      `${found}, and ${formatCount(neededInBatches)} if the script uses http.batch()`,
      raise(neededInBatches),
    ]);
  return finding("ok", what, [found]);
}

function judgeProcesses(limit: Limit | undefined): Finding {
  const what = ["processes", "processes and threads"] as const;
  if (limit === undefined) return finding("note", what, ["cannot be read on this system"]);
  const found = `${shown(limit.soft)} allowed`;
  return limit.soft < ownProcesses
    ? finding("warning", what, [found, `raise it: ulimit -u ${ownProcesses * 10}`])
    : finding("ok", what, [found]);
}

function shown(limit: number): string {
  return limit === Infinity ? "no limit" : formatCount(limit);
}

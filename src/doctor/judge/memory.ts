/**
 * Is there memory for every VU? Measured: 110 MB for lakh itself, 20 KB a VU (docs/design/performance.md), to which the
 * script's own state comes: a large library takes 200 KB a VU.
 */
import { formatCount } from "../../base/units.ts";
import type { MemoryFacts } from "../facts/memory.ts";
import { type Finding, finding, type PlannedLoad } from "../finding.ts";

const ownBytes = 150e6;
const bytesPerVu = 25_000;
const bytesPerVuWithLibrary = 250_000;

export function judgeMemory(facts: MemoryFacts, { vus }: PlannedLoad): Finding[] {
  const what = ["memory", "memory"] as const;
  const { cgroup, totalBytes } = facts;
  const left = cgroup === undefined ? Infinity : cgroup.limitBytes - cgroup.usedBytes;
  const available = Math.max(0, Math.min(facts.availableBytes, left));
  const needed = ownBytes + vus * bytesPerVu;
  const neededWithLibrary = ownBytes + vus * bytesPerVuWithLibrary;
  const of =
    cgroup === undefined
      ? `of ${megabytes(totalBytes)}`
      : `below the container's limit of ${megabytes(cgroup.limitBytes)}`;
  const found = `${megabytes(available)} free ${of}; ${formatCount(vus)} VUs need about ${megabytes(needed)}`;
  if (available < needed)
    return [
      finding("fix", what, [found, "free memory, raise the container's limit, or take fewer VUs"]),
    ];
  if (available < neededWithLibrary)
    return [
      finding("warning", what, [
        `${found}, and ${megabytes(neededWithLibrary)} with a large library in the script`,
        "watch the KB a VU that lakh run reports at its start",
      ]),
    ];
  return [finding("ok", what, [found])];
}

function megabytes(bytes: number): string {
  return `${formatCount(Math.round(bytes / 1e6))} MB`;
}

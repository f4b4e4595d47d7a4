/**
 * Which resource of the generator's machine ran out, by the errno of its socket faults, and what to do about it. None of
 * them says anything of the target.
 */
import { formatCount } from "../base/units.ts";
import type { GeneratorHealthRecord } from "../record/index.ts";

const portsRemedy =
  "local ports are used up: use more source addresses (--local-ips), which must be this machine's own, or keep connections open";

const remedies: Readonly<Record<string, string>> = {
  EMFILE: "file descriptors of the process are used up: raise ulimit -n, or use fewer VUs",
  ENFILE: "file descriptors of the machine are used up: raise fs.file-max",
  EADDRNOTAVAIL: portsRemedy,
  EADDRINUSE: portsRemedy,
  ENOBUFS: "the kernel has no memory for more sockets: use fewer VUs, or a machine with more",
  ENOMEM: "the kernel has no memory for more sockets: use fewer VUs, or a machine with more",
  EAI_AGAIN:
    "the resolver of this machine did not answer: mend it, or give the target's address with the option hosts",
};

/** "12 x EMFILE (file descriptors …)", the most frequent first; empty when the record does not tell. */
export function usedUpResources(health: readonly GeneratorHealthRecord[]): string {
  const counts = new Map<string, number>();
  for (const [errno, count] of health.flatMap((reading) =>
    Object.entries(reading.socketFaultKinds ?? {}),
  ))
    counts.set(errno, (counts.get(errno) ?? 0) + count);
  return [...counts]
    .sort(([, first], [, second]) => second - first)
    .map(([errno, count]) => {
      const remedy = remedies[errno];
      return `${formatCount(count)} x ${errno}${remedy === undefined ? "" : ` (${remedy})`}`;
    })
    .join(", ");
}

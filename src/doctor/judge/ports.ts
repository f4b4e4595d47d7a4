/**
 * Are there local ports for every connection? One host and port can be reached from each local port once. A connection
 * that the generator closes first keeps its port for 60 s more (TIME_WAIT), so without keep-alive range / 60 s is the
 * highest rate that lasts.
 */
import { formatCount } from "../../base/units.ts";
import type { PortFacts } from "../facts/ports.ts";
import { type Finding, finding, type PlannedLoad } from "../finding.ts";

const timeWaitSeconds = 60;
const fullShare = 0.8;

export function judgePorts(
  { available, timeWait }: PortFacts,
  { vus, requestsPerSecond }: PlannedLoad,
): Finding[] {
  const what = ["local-ports", "local ports"] as const;
  if (available === undefined) return [finding("note", what, ["cannot be read on this system"])];
  const used = timeWait ?? 0;
  const found = `${formatCount(available)} in the range, ${formatCount(used)} of them in TIME_WAIT`;
  const widen = 'widen the range: sysctl -w net.ipv4.ip_local_port_range="1024 65535"';
  if (used > available * fullShare)
    return [
      finding("fix", what, [
        found,
        "wait a minute until they are free, and let connections be reused",
      ]),
    ];
  if (vus > available - used)
    return [
      finding("fix", what, [
        `${found}; ${formatCount(vus)} VUs need one each`,
        `${widen}, or give more addresses with --local-ips`,
      ]),
    ];
  const withoutReuse = Math.floor(available / timeWaitSeconds);
  const rate = `enough for ${formatCount(withoutReuse)} new connections/s to one address`;
  return requestsPerSecond > withoutReuse
    ? [
        finding("warning", what, [
          `${found}: ${rate}, and ${formatCount(Math.round(requestsPerSecond))} requests/s are planned`,
          `keep connections alive (no --no-connection-reuse, no --no-vu-connection-reuse, no "Connection: close" from the target), or ${widen}`,
        ]),
      ]
    : [finding("ok", what, [`${found}: ${rate}`])];
}

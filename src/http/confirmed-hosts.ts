/**
 * Hosts that the user says may be loaded: names and addresses as scripts write them, and "*.suffix", which stands for
 * every name below the suffix and not for the suffix itself. Ports do not matter.
 */
import { BlockList, isIP } from "node:net";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { httpErrorCodes } from "./errors.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
// Connecting to "any address" ends at this machine.
loopback.addAddress("0.0.0.0", "ipv4");
loopback.addAddress("::", "ipv6");

/** True for addresses at which only this machine can answer. */
export function isLoopback(ip: string): boolean {
  return loopback.check(ip, isIP(ip) === 6 ? "ipv6" : "ipv4");
}

export class ConfirmedHosts {
  readonly #exact: ReadonlySet<string>;
  /** Each with its leading dot. */
  readonly #suffixes: readonly string[];

  /** @throws LakhError HTTP_BAD_CONFIRM_HOST */
  constructor(entries: readonly string[]) {
    const hosts = entries.map(readEntry);
    this.#exact = new Set(hosts.filter((host) => !host.startsWith("*.")));
    this.#suffixes = hosts.filter((host) => host.startsWith("*.")).map((host) => host.slice(1));
  }

  /** @param hostname in lower case, IPv6 without brackets */
  has(hostname: string): boolean {
    return this.#exact.has(hostname) || this.#suffixes.some((suffix) => hostname.endsWith(suffix));
  }
}

/** "api.example.com:8443", "https://api.example.com/" and "[::1]:80" name a host, too. */
function readEntry(entry: string): string {
  const bare = entry
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z\d+.-]*:\/\//u, "")
    .replace(/[/?#].*$/u, "");
  const host = isIP(bare) === 6 ? bare : bare.replace(/:\d*$/u, "").replace(/^\[(.*)\]$/u, "$1");
  if (/^(?:\*\.)?[^\s*@/[\]]+$/u.test(host)) return host;
  throw new LakhError(
    "HTTP_BAD_CONFIRM_HOST" satisfies keyof typeof httpErrorCodes,
    `--confirm-host: ${JSON.stringify(entry)} is not a host`,
    {
      hint: 'give the host of the URLs you load, "api.example.com", or all below a name, "*.example.com"',
      exitCode: exitCodes.invalidConfig,
    },
  );
}

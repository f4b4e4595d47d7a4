/**
 * Options that say where connections go: `dns`, `hosts`, `blockHostnames`, `blacklistIPs`, `localIPs`.
 * What each accepts was observed of k6 2.2; one difference is wanted: a `hosts` entry that leads to no address is
 * refused here, where k6 would send its requests to the local machine.
 */
import { isIP } from "node:net";
import { exitCodes, LakhError } from "../base/errors.ts";
import { parseDurationMs } from "../base/units.ts";
import { isRecord, parseTextMap } from "../schedule/index.ts";
import type { OptionKind } from "./option-kinds.ts";
import { listKind, parsePairs, splitList } from "./option-kinds.ts";

/** k6's `dns` as written; null: not given. */
export interface DnsOption {
  /** A duration, "inf" or "0". */
  readonly ttl: string | null;
  readonly select: DnsSelect | null;
  readonly policy: DnsPolicy | null;
}

const selects = ["first", "random", "roundRobin"] as const;
const policies = ["preferIPv4", "preferIPv6", "onlyIPv4", "onlyIPv6", "any"] as const;
type DnsSelect = (typeof selects)[number];
type DnsPolicy = (typeof policies)[number];

/** k6's `dns` with its defaults: `ttl=5m,select=random,policy=preferIPv4`. */
export interface ResolvedDns {
  /** Infinity: for ever. */
  readonly ttlMs: number;
  readonly select: DnsSelect;
  readonly policy: DnsPolicy;
}

/** @throws PLAN_OPTION_INVALID for a `ttl` that is no duration; k6 finds it as late, with the generic exit code */
export function resolveDns({ ttl, select, policy }: DnsOption): ResolvedDns {
  const ttlMs = ttl === "inf" ? Infinity : parseDurationMs(ttl ?? "5m");
  if (ttlMs === undefined || ttlMs < 0) {
    throw new LakhError("PLAN_OPTION_INVALID", `invalid DNS TTL: ${ttl}`, {
      hint: "dns.ttl is a duration such as '5m', '0' or 'inf'",
      exitCode: exitCodes.generic,
    });
  }
  return { ttlMs, select: select ?? "random", policy: policy ?? "preferIPv4" };
}

/** `{ttl, select, policy}`; as text `ttl=5m,select=random,policy=preferIPv4`, where other keys are refused. */
export const dnsKind: OptionKind<DnsOption> = {
  expects:
    "{ttl: duration or 'inf', select: first|random|roundRobin, policy: preferIPv4|preferIPv6|onlyIPv4|onlyIPv6|any}",
  fromJson(raw) {
    if (!isRecord(raw)) return undefined;
    // An archive of k6 holds the three keys as null when nobody set them.
    const values = Object.values(raw);
    return values.length > 0 && values.every((value) => value === null) ? null : parseDns(raw);
  },
  fromText(text) {
    const pairs = parsePairs(splitList(text), "=");
    const isKnown = (key: string): boolean => ["ttl", "select", "policy"].includes(key);
    if (
      pairs === undefined ||
      !Object.entries(pairs).every(([key, value]) => isKnown(key) && value !== "")
    )
      return undefined;
    return parseDns(pairs);
  },
  toK6: (value) => value,
};

/** A name of letters, digits and inner hyphens, with at most one leading wildcard; k6 knows no other. */
const hostPattern =
  /^(?:\*\.?)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)?$/iu;

/** Host names, with or without a port, to addresses with or without one. */
export const hostsKind: OptionKind<Readonly<Record<string, string>>> = {
  expects:
    "an object of host names (with ':port' or a leading '*' if wanted) with 'ip' or 'ip:port' as values",
  fromJson(raw) {
    const hosts = parseTextMap(raw);
    const isValid = ([pattern, target]: [string, string]): boolean =>
      hostPattern.test(pattern.replace(/:\d{1,5}$/u, "")) && isAddressAndPort(target);
    return hosts && Object.entries(hosts).every(isValid) ? hosts : undefined;
  },
  fromText: () => undefined,
  toK6: (value) => value,
};

export const hostPatternsKind: OptionKind<readonly string[]> = listKind(
  "a list of host names, each with at most one leading '*'",
  (text) => hostPattern.test(text),
);

export const addressRangesKind: OptionKind<readonly string[]> = listKind(
  "a list of CIDR ranges such as '10.0.0.0/8'",
  isCidr,
);

/** Addresses, ranges and CIDRs with commas between, kept as written. */
export const localAddressesKind: OptionKind<string> = {
  expects: "a list of IP addresses, ranges 'a-b' and CIDRs, without blanks",
  fromJson: () => undefined,
  fromText: (text) => (text.split(",").every(isLocalEntry) ? text : undefined),
  toK6: (value) => value,
};

/** Null when nothing is given: an archive of k6 holds such an object for an option that nobody set. */
function parseDns(raw: Readonly<Record<string, unknown>>): DnsOption | null | undefined {
  const { ttl = null, select = null, policy = null } = raw;
  if (ttl === null && select === null && policy === null) return null;
  if (ttl !== null && typeof ttl !== "string") return undefined;
  const knownSelect = select === null ? null : selects.find((word) => word === select);
  const knownPolicy = policy === null ? null : policies.find((word) => word === policy);
  return knownSelect === undefined || knownPolicy === undefined
    ? undefined
    : { ttl, select: knownSelect, policy: knownPolicy };
}

function isAddressAndPort(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const parts = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:]+))(?::(?<port>\d{1,5}))?$/u.exec(text)?.groups;
  const address = parts?.["six"] ?? parts?.["four"] ?? "";
  return isIP(address) !== 0 && Number(parts?.["port"] ?? 0) <= 65_535;
}

function isCidr(text: string): boolean {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const bits = isIP(address) === 6 ? 128 : 32;
  const isPrefix = /^(?:0|[1-9]\d{0,2})$/u.test(prefix) && Number(prefix) <= bits;
  return isIP(address) !== 0 && isPrefix && rest.length === 0;
}

function isLocalEntry(entry: string): boolean {
  if (entry.includes("/")) return isCidr(entry);
  const [from = "", to = from, ...rest] = entry.split("-");
  const family = isIP(from);
  if (family === 0 || isIP(to) !== family || rest.length > 0) return false;
  return family === 6 || toNumber(from) <= toNumber(to); // a range of IPv6 is measured by `http`
}

function toNumber(ip: string): number {
  return ip.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

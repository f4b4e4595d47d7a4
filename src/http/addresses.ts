/**
 * From a host name to the address to connect to, under k6's rules in k6's order: blockHostnames, hosts, DNS,
 * blacklistIPs. DNS answers are cached with k6's defaults: five minutes, IPv4 first, a random one of several.
 * Connecting to addresses keeps the per-connection getaddrinfo of Node, and its four threads, out of the load.
 */
import { lookup } from "node:dns";
import type { LookupAddress } from "node:dns";
import { BlockList, isIP } from "node:net";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { HttpFailure, HttpOptions } from "./exchange.ts";
import { failureFromError, failures } from "./errors.ts";
import type { Origin } from "./origin.ts";

/** Where to connect. */
export interface Address {
  readonly kind: "address";
  readonly ip: string;
  readonly port: number;
}

/** Told once the look-up is done. */
type AddressListener = (outcome: Address | HttpFailure) => void;

const ttlMs = 300_000;
const maxCachedNames = 10_000;

interface CachedName {
  readonly ips: readonly string[];
  readonly expiresMs: number;
}

type NameListener = (outcome: readonly string[] | HttpFailure) => void;

/** The address book of a worker. */
export class AddressBook {
  readonly #hosts: HostPatterns;
  readonly #blocked: readonly string[];
  readonly #blacklist: BlockList | undefined;
  readonly #nowMs: () => number;
  readonly #names = new Map<string, CachedName>();
  /** Listeners of look-ups under way: one look-up a name at a time. */
  readonly #underWay = new Map<string, NameListener[]>();

  /** @throws LakhError HTTP_BAD_HOSTS, HTTP_BAD_BLACKLIST, HTTP_BAD_BLOCK_PATTERN */
  constructor(options: HttpOptions, nowMs: () => number) {
    this.#hosts = new HostPatterns(options.hosts);
    this.#blocked = options.blockHostnames.map(checkBlockPattern);
    this.#blacklist =
      options.blacklistIps.length === 0 ? undefined : parseBlacklist(options.blacklistIps);
    this.#nowMs = nowMs;
  }

  /** The address of an origin when it is known without waiting; undefined when `resolve` must be asked. */
  find(origin: Origin): Address | HttpFailure | undefined {
    if (this.#isBlocked(origin.hostname)) return failures.blockedHostname;
    const override = this.#hosts.find(origin.hostname, origin.port);
    if (override !== undefined) return this.#admit(override.ip, override.port ?? origin.port);
    if (origin.isAddress) return this.#admit(origin.hostname, origin.port);
    const cached = this.#names.get(origin.hostname);
    if (cached === undefined || cached.expiresMs < this.#nowMs()) return undefined;
    return this.#admit(pickRandom(cached.ips), origin.port);
  }

  /** Looks the name up; `listener` is called once, later. */
  resolve(origin: Origin, listener: AddressListener): void {
    const { hostname, port } = origin;
    const onName: NameListener = (outcome) => {
      listener("code" in outcome ? outcome : this.#admit(pickRandom(outcome), port));
    };
    const waiting = this.#underWay.get(hostname);
    if (waiting !== undefined) {
      waiting.push(onName);
      return;
    }
    this.#underWay.set(hostname, [onName]);
    lookup(hostname, { all: true, order: "ipv4first" }, (error, found) => {
      this.#settle(
        hostname,
        error === null ? this.#remember(hostname, found) : failureFromError(error, "lookup"),
      );
    });
  }

  #settle(hostname: string, outcome: readonly string[] | HttpFailure): void {
    const waiting = this.#underWay.get(hostname) ?? [];
    this.#underWay.delete(hostname);
    for (const listener of waiting) listener(outcome);
  }

  #remember(hostname: string, found: readonly LookupAddress[]): readonly string[] | HttpFailure {
    const first = found[0];
    if (first === undefined) return failures.noSuchHost;
    // k6's policy "preferIPv4": the other family only when there is no IPv4 address.
    const ips = found.filter(({ family }) => family === first.family).map(({ address }) => address);
    if (this.#names.size >= maxCachedNames) this.#names.clear();
    this.#names.set(hostname, { ips, expiresMs: this.#nowMs() + ttlMs });
    return ips;
  }

  #admit(ip: string, port: number): Address | HttpFailure {
    if (this.#blacklist?.check(ip, isIP(ip) === 6 ? "ipv6" : "ipv4")) return failures.blacklistedIp;
    return { kind: "address", ip, port };
  }

  #isBlocked(hostname: string): boolean {
    for (const pattern of this.#blocked) {
      if (pattern.startsWith("*") ? hostname.endsWith(pattern.slice(1)) : hostname === pattern)
        return true;
    }
    return false;
  }
}

/** Tells an address from the failure that stands in its place. */
export function isAddress(value: Address | HttpFailure): value is Address {
  return "kind" in value;
}

interface HostOverride {
  readonly ip: string;
  readonly port: number | undefined;
}

/** k6's `hosts`: exact names before wildcards, a name with a port before one without. */
class HostPatterns {
  readonly #byPattern = new Map<string, HostOverride>();

  constructor(hosts: Readonly<Record<string, string>>) {
    for (const [pattern, target] of Object.entries(hosts)) {
      this.#byPattern.set(pattern.toLowerCase(), parseOverride(pattern, target));
    }
  }

  find(hostname: string, port: number): HostOverride | undefined {
    if (this.#byPattern.size === 0) return undefined;
    const exact = this.#byPattern.get(`${hostname}:${port}`) ?? this.#byPattern.get(hostname);
    if (exact !== undefined) return exact;
    // "a.b.c" is matched by "*.b.c", then "*.c": the longest suffix is the most specific.
    for (let dot = hostname.indexOf("."); dot !== -1; dot = hostname.indexOf(".", dot + 1)) {
      const wild = `*${hostname.slice(dot)}`;
      const found = this.#byPattern.get(`${wild}:${port}`) ?? this.#byPattern.get(wild);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function parseOverride(pattern: string, target: string): HostOverride {
  if (isIP(target) !== 0) return { ip: target, port: undefined };
  const [, bracketed, plain, portText] =
    /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/u.exec(target) ?? [];
  const ip = bracketed ?? plain ?? "";
  const port = portText === undefined ? undefined : Number(portText);
  if (isIP(ip) === 0 || (port !== undefined && (port < 1 || port > 65_535))) {
    throw new LakhError(
      "HTTP_BAD_HOSTS",
      `hosts: ${JSON.stringify(pattern)} points to ${JSON.stringify(target)}`,
      {
        hint: 'give an IP address or "ip:port"',
        exitCode: exitCodes.invalidConfig,
      },
    );
  }
  return { ip, port };
}

function checkBlockPattern(pattern: string): string {
  if (!/^(?:\*|(?:\*\.?)?[^*\s]+)$/u.test(pattern)) {
    throw new LakhError(
      "HTTP_BAD_BLOCK_PATTERN",
      `blockHostnames: ${JSON.stringify(pattern)} is not a pattern`,
      {
        hint: 'give a host name, with at most one leading wildcard: "*.example.com"',
        exitCode: exitCodes.invalidConfig,
      },
    );
  }
  return pattern.toLowerCase();
}

function parseBlacklist(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [ip = "", prefix] = entry.split("/");
    const family = isIP(ip);
    const bits = Number(prefix ?? (family === 6 ? 128 : 32));
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) {
      throw new LakhError(
        "HTTP_BAD_BLACKLIST",
        `blacklistIPs: ${JSON.stringify(entry)} is not an IP or CIDR`,
        {
          hint: 'give an address or a range, such as "10.0.0.0/8"',
          exitCode: exitCodes.invalidConfig,
        },
      );
    }
    list.addSubnet(ip, bits, family === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

function pickRandom(ips: readonly string[]): string {
  return ips.length === 1 ? ips[0]! : ips[Math.floor(Math.random() * ips.length)]!;
}

/**
 * From a host name to the address to connect to, under k6's rules in k6's order: blockHostnames, hosts, DNS,
 * blacklistIPs. DNS answers are kept for `dns.ttl`, whatever the records say, and shared by all VUs of the worker.
 * Connecting to addresses keeps the per-connection getaddrinfo of Node, and its four threads, out of the load.
 */
import { lookup } from "node:dns";
import type { LookupAddress } from "node:dns";
import { BlockList, isIP } from "node:net";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { DnsSettings, HttpFailure, HttpOptions } from "./exchange.ts";
import {
  blacklisted,
  blocked,
  failureFromError,
  failures,
  noAddressOf,
  noSuchHost,
} from "./errors.ts";

/** The options that decide where a connection goes. */
type AddressOptions = Pick<HttpOptions, "hosts" | "blockHostnames" | "blacklistIps" | "dns">;

/** Where to connect. */
export interface Address {
  readonly kind: "address";
  readonly ip: string;
  readonly port: number;
}

/** What is asked for: a host name or an address without brackets, in lower case. */
export interface Destination {
  readonly hostname: string;
  readonly port: number;
  /** True when the host is an address, which needs no look-up. */
  readonly isAddress: boolean;
}

/** Told once the look-up is done. */
type AddressListener = (outcome: Address | HttpFailure) => void;

/** All addresses of a name, in the order of the resolver. node:dns lookup with `all`; tests bring their own. */
export type NameLookup = (
  hostname: string,
  onFound: (error: NodeJS.ErrnoException | null, found: readonly LookupAddress[]) => void,
) => void;

/** "127.1" and "0x7f.1" are addresses to the system's resolver, but names, and unknown ones, to Go. */
const oldAddress = /^(?:0x[\da-f]*|\d+)(?:\.(?:0x[\da-f]*|\d+)){0,3}\.?$/u;

const maxCachedNames = 10_000;

interface CachedName {
  readonly ips: readonly string[];
  readonly expiresMs: number;
  /** Of the next pick, for `roundRobin`. */
  turn: number;
}

type NameListener = (outcome: CachedName | HttpFailure) => void;

/** What the system's resolver answers, which may be more than DNS. */
const systemLookup: NameLookup = (hostname, onFound) =>
  lookup(hostname, { all: true, order: "verbatim" }, (error, found) =>
    onFound(error, error === null ? found : []),
  );

/** The address book of a worker. */
export class AddressBook {
  readonly #hosts: HostPatterns;
  readonly #blocked: readonly string[];
  readonly #blacklist: Blacklist | undefined;
  readonly #dns: DnsSettings;
  readonly #nowMs: () => number;
  readonly #lookup: NameLookup;
  readonly #names = new Map<string, CachedName>();
  /** Listeners of look-ups under way: one look-up a name at a time. */
  readonly #underWay = new Map<string, NameListener[]>();

  /** @throws LakhError HTTP_BAD_HOSTS, HTTP_BAD_BLACKLIST, HTTP_BAD_BLOCK_PATTERN */
  constructor(options: AddressOptions, nowMs: () => number, nameLookup: NameLookup = systemLookup) {
    this.#hosts = new HostPatterns(options.hosts);
    this.#blocked = options.blockHostnames.map(checkBlockPattern);
    this.#blacklist =
      options.blacklistIps.length === 0 ? undefined : new Blacklist(options.blacklistIps);
    this.#dns = options.dns;
    this.#nowMs = nowMs;
    this.#lookup = nameLookup;
  }

  /** The address of a destination when it is known without waiting; undefined when `resolve` must be asked. */
  find(destination: Destination): Address | HttpFailure | undefined {
    const { hostname, port } = destination;
    const pattern = this.#blockingPattern(hostname);
    if (pattern !== undefined) return blocked(hostname, pattern);
    const override = this.#hosts.find(hostname, port);
    if (override !== undefined) return this.#admit(override.ip, override.port);
    if (destination.isAddress) return this.#admit(hostname, port);
    const cached = this.#names.get(hostname);
    if (cached === undefined || cached.expiresMs <= this.#nowMs()) return undefined;
    return this.#admit(this.#pick(cached), port);
  }

  /** Looks the name up; `listener` is called once, later. */
  resolve(destination: Destination, listener: AddressListener): void {
    const { hostname, port } = destination;
    const onName: NameListener = (outcome) => {
      listener("code" in outcome ? outcome : this.#admit(this.#pick(outcome), port));
    };
    const waiting = this.#underWay.get(hostname);
    if (waiting !== undefined) {
      waiting.push(onName);
      return;
    }
    this.#underWay.set(hostname, [onName]);
    if (hostname === "" || oldAddress.test(hostname)) {
      queueMicrotask(() => this.#settle(hostname, noSuchHost(hostname, false)));
      return;
    }
    this.#lookup(hostname, (error, found) => {
      this.#settle(
        hostname,
        error === null ? this.#remember(hostname, found) : lookupFailure(hostname, error),
      );
    });
  }

  #settle(hostname: string, outcome: CachedName | HttpFailure): void {
    const waiting = this.#underWay.get(hostname) ?? [];
    this.#underWay.delete(hostname);
    for (const listener of waiting) listener(outcome);
  }

  #remember(hostname: string, found: readonly LookupAddress[]): CachedName | HttpFailure {
    const ips = applyPolicy(found, this.#dns.policy);
    if (ips.length === 0) return noAddressOf(hostname);
    if (this.#names.size >= maxCachedNames) this.#names.clear();
    const turn = this.#names.get(hostname)?.turn ?? 0;
    const name: CachedName = { ips, expiresMs: this.#nowMs() + this.#dns.ttlMs, turn };
    this.#names.set(hostname, name);
    return name;
  }

  #pick(name: CachedName): string {
    const { ips } = name;
    if (ips.length === 1 || this.#dns.select === "first") return ips[0]!;
    if (this.#dns.select === "random") return ips[Math.floor(Math.random() * ips.length)]!;
    const ip = ips[name.turn % ips.length]!;
    name.turn++;
    return ip;
  }

  #admit(given: string, port: number): Address | HttpFailure {
    // As Go has it: an IPv4 address in IPv6 clothes is the IPv4 address.
    const ip = given.startsWith("::ffff:") ? plainIPv4(given) : given;
    const range = this.#blacklist?.find(ip);
    if (range !== undefined) return blacklisted(ip, range);
    return { kind: "address", ip, port };
  }

  #blockingPattern(hostname: string): string | undefined {
    return this.#blocked.find((pattern) =>
      pattern.startsWith("*") ? hostname.endsWith(pattern.slice(1)) : hostname === pattern,
    );
  }
}

/** Tells an address from the failure that stands in its place. */
export function isAddress(value: Address | HttpFailure): value is Address {
  return "kind" in value;
}

function lookupFailure(hostname: string, error: NodeJS.ErrnoException): HttpFailure {
  const failure = failureFromError(error, "lookup");
  return failure === failures.noSuchHost ? noSuchHost(hostname) : failure;
}

/** The addresses that k6's `dns.policy` leaves. */
function applyPolicy(found: readonly LookupAddress[], policy: DnsSettings["policy"]): string[] {
  const ofFamily = (wanted: number): string[] =>
    found.filter(({ family }) => family === wanted).map(({ address }) => address);
  switch (policy) {
    case "any":
      return found.map(({ address }) => address);
    case "onlyIPv4":
      return ofFamily(4);
    case "onlyIPv6":
      return ofFamily(6);
    case "preferIPv4":
      return firstFilled(ofFamily(4), ofFamily(6));
    case "preferIPv6":
      return firstFilled(ofFamily(6), ofFamily(4));
  }
}

function firstFilled(first: string[], second: string[]): string[] {
  return first.length > 0 ? first : second;
}

/** "::ffff:127.0.0.1" and "::ffff:7f00:1" → "127.0.0.1"; anything else as it is. */
function plainIPv4(ip: string): string {
  const rest = ip.slice("::ffff:".length);
  if (isIP(rest) === 4) return rest;
  const groups = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/u.exec(rest);
  if (groups === null) return ip;
  const bytes = groups.slice(1).flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
  return bytes.join(".");
}

interface HostOverride {
  readonly ip: string;
  readonly port: number;
}

interface HostTarget {
  readonly ip: string;
  /** 0: not given. */
  readonly port: number;
}

/**
 * k6's `hosts`, as observed: "name:port" is looked for first, then "name"; each exactly, then by the wildcard with the
 * longest suffix. What "name:port" (or a bare "*") leads to is taken whole: without a port of its own it is port 0.
 */
class HostPatterns {
  readonly #exact = new Map<string, HostTarget>();
  /** By the suffix after the asterisk, the longest first. */
  readonly #wild: (readonly [suffix: string, target: HostTarget])[] = [];

  constructor(hosts: Readonly<Record<string, string>>) {
    for (const [given, text] of Object.entries(hosts)) {
      const pattern = given.toLowerCase();
      const target = parseTarget(given, text);
      if (pattern.startsWith("*")) this.#wild.push([pattern.slice(1), target]);
      else this.#exact.set(pattern, target);
    }
    this.#wild.sort(([a], [b]) => b.length - a.length);
  }

  find(hostname: string, port: number): HostOverride | undefined {
    if (this.#exact.size + this.#wild.length === 0) return undefined;
    const withPort = this.#match(`${hostname}:${port}`);
    if (withPort !== undefined) return withPort;
    const target = this.#match(hostname);
    return target?.port === 0 ? { ip: target.ip, port } : target;
  }

  #match(text: string): HostTarget | undefined {
    const exact = this.#exact.get(text);
    if (exact !== undefined) return exact;
    for (const [suffix, target] of this.#wild) if (text.endsWith(suffix)) return target;
    return undefined;
  }
}

function parseTarget(pattern: string, text: string): HostTarget {
  if (isIP(text) !== 0) return { ip: text, port: 0 };
  const [, bracketed, plain, portText] =
    /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/u.exec(text) ?? [];
  const ip = bracketed ?? plain ?? "";
  const port = Number(portText ?? 0);
  if (isIP(ip) === 0 || port > 65_535) {
    throw new LakhError(
      "HTTP_BAD_HOSTS",
      `hosts: ${JSON.stringify(pattern)} points to ${JSON.stringify(text)}`,
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

/** Ranges of addresses; which one an address is in is only asked when it is in one. */
class Blacklist {
  readonly #all = new BlockList();
  readonly #ranges: (readonly [text: string, list: BlockList])[] = [];

  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const range = new BlockList();
      addRange(range, entry);
      addRange(this.#all, entry);
      this.#ranges.push([entry, range]);
    }
  }

  /** The range that `ip` is in. */
  find(ip: string): string | undefined {
    const family = ip.includes(":") ? "ipv6" : "ipv4";
    if (!this.#all.check(ip, family)) return undefined;
    return this.#ranges.find(([, range]) => range.check(ip, family))?.[0];
  }
}

function addRange(list: BlockList, entry: string): void {
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

/**
 * The target from here: its name, a connection, its certificate, ten requests on one connection. Ten requests, one after
 * the other, are no load.
 */
import { lookup, Resolver } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import type { Clock } from "../../base/clock.ts";
import { type ConnectionFacts, openConnection } from "./connection.ts";
import type { ProbeParts } from "./probe.ts";
import { type AnswerFacts, sendRequests } from "./requests.ts";

export interface DnsFacts {
  readonly addresses: readonly string[];
  readonly lookupMs: number;
  /** Of the first record; undefined for an address, a name in the hosts file, or when no server tells. */
  readonly ttlSeconds: number | undefined;
  readonly problem: string | undefined;
}

export interface TargetFacts {
  readonly url: string;
  readonly hostname: string;
  readonly dns: DnsFacts;
  /** Undefined when the name leads nowhere. */
  readonly connection: ConnectionFacts | undefined;
  /** Undefined when there is no connection. */
  readonly answers: AnswerFacts | undefined;
  readonly place: "loopback" | "this machine" | "elsewhere";
}

/** @param url http: or https: */
export async function readTarget(url: string, parts: ProbeParts): Promise<TargetFacts> {
  const { hostname, port, protocol } = new URL(url);
  const name = hostname.replace(/^\[(.*)\]$/u, "$1");
  const isTls = protocol === "https:";
  const dns = await readDns(name, parts.clock);
  const [address] = dns.addresses;
  const facts = { url, hostname: name, dns, place: placeOf(dns.addresses) };
  if (address === undefined) return { ...facts, connection: undefined, answers: undefined };
  const where = { hostname: name, address, port: Number(port || (isTls ? 443 : 80)), isTls };
  const connection = await openConnection(where, parts);
  const isOpen = connection.problem === undefined;
  return { ...facts, connection, answers: isOpen ? await sendRequests(url, parts) : undefined };
}

async function readDns(hostname: string, clock: Clock): Promise<DnsFacts> {
  const startMs = clock.nowMs();
  try {
    const found = await lookup(hostname, { all: true, order: "verbatim" });
    const lookupMs = clock.nowMs() - startMs;
    const addresses = found.map(({ address }) => address);
    const ttlSeconds = isIP(hostname) === 0 ? await readTtl(hostname) : undefined;
    return { addresses, lookupMs, ttlSeconds, problem: undefined };
  } catch (error) {
    const problem = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    const lookupMs = clock.nowMs() - startMs;
    return { addresses: [], lookupMs, ttlSeconds: undefined, problem };
  }
}

async function readTtl(hostname: string): Promise<number | undefined> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  try {
    return (await resolver.resolve4(hostname, { ttl: true }))[0]?.ttl;
  } catch {
    return undefined; // a name that only this machine knows, or a server that does not answer
  }
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

function placeOf(addresses: readonly string[]): TargetFacts["place"] {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  if (addresses.some((ip) => loopback.check(ip, isIP(ip) === 6 ? "ipv6" : "ipv4")))
    return "loopback";
  return own.some(({ address }) => addresses.includes(address)) ? "this machine" : "elsewhere";
}

/**
 * k6's `localIPs`: the addresses that connections leave from. VU n of an instance (from 1) takes the n-th, round and
 * round; setup and teardown take the first. Entries: an address, a range "a-b", a CIDR, whose network and broadcast
 * addresses are left out where it has more than two.
 */
import { isIP } from "node:net";
import { exitCodes, LakhError } from "../base/errors.ts";

/** Consecutive addresses of one family. */
interface AddressRun {
  readonly isV6: boolean;
  readonly first: bigint;
  readonly count: bigint;
}

/** A pool of local addresses, never spelled out: an IPv6 network may hold 2^64 of them. */
export class LocalAddresses {
  readonly #runs: readonly AddressRun[];
  readonly #count: bigint;

  /** @throws LakhError HTTP_BAD_LOCAL_IPS */
  constructor(list: string) {
    this.#runs = list.split(",").map(parseRun);
    this.#count = this.#runs.reduce((sum, { count }) => sum + count, 0n);
  }

  /** The address of the VU with this number within the instance. */
  pick(vuNumber: number): string {
    let index = BigInt(Math.max(0, vuNumber - 1)) % this.#count;
    for (const { isV6, first, count } of this.#runs) {
      if (index < count) return isV6 ? formatV6(first + index) : formatV4(first + index);
      index -= count;
    }
    throw new Error("an index below the count lies in one of the runs");
  }
}

/** True when a connection to `ip` can leave from `localAddress`; undefined: the system chooses one. */
export function isSameFamily(localAddress: string | undefined, ip: string): boolean {
  return localAddress === undefined || localAddress.includes(":") === ip.includes(":");
}

function parseRun(entry: string): AddressRun {
  if (entry.includes("/")) return parseCidr(entry);
  const [from = "", to = from, ...rest] = entry.split("-");
  const family = isIP(from);
  if (rest.length > 0 || family === 0 || isIP(to) !== family) {
    throw badLocalIps(`${entry} is not a valid IP, IP range or CIDR`);
  }
  const isV6 = family === 6;
  const first = toNumber(from);
  const last = toNumber(to);
  if (last < first) throw badLocalIps(`negative IP range: ${entry}`);
  return { isV6, first, count: last - first + 1n };
}

function parseCidr(entry: string): AddressRun {
  const [ip = "", prefix = "", ...rest] = entry.split("/");
  const family = isIP(ip);
  const width = family === 6 ? 128 : 32;
  if (
    family === 0 ||
    rest.length > 0 ||
    !/^(?:0|[1-9]\d{0,2})$/u.test(prefix) ||
    Number(prefix) > width
  ) {
    throw badLocalIps(`parseCIDR() failed parsing ${entry}: invalid CIDR address: ${entry}`);
  }
  const size = 1n << BigInt(width - Number(prefix));
  const network = (toNumber(ip) / size) * size;
  const isV6 = family === 6;
  return size > 2n
    ? { isV6, first: network + 1n, count: size - 2n }
    : { isV6, first: network, count: size };
}

function badLocalIps(problem: string): LakhError {
  return new LakhError("HTTP_BAD_LOCAL_IPS", problem, {
    hint: 'give addresses, ranges and networks with commas between: "10.0.0.5,10.0.1.1-10.0.1.9,10.0.2.0/24"',
    exitCode: exitCodes.generic,
  });
}

function toNumber(ip: string): bigint {
  if (isIP(ip) === 4) {
    return ip.split(".").reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  }
  // The URL parser knows all ways to write an IPv6 address, and gives one.
  const plain = new URL(`http://[${ip.replace(/%.*$/u, "")}]`).hostname.slice(1, -1);
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...zeros, ...right].reduce(
    (sum, group) => sum * 65_536n + BigInt(`0x${group}`),
    0n,
  );
}

function formatV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
}

function formatV6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 65_535n).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

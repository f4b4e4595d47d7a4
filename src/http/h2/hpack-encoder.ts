/**
 * Writes header fields (RFC 7541) as literals without indexing and without Huffman coding: the same bytes on every
 * connection, so a request's block is made once and sent for all VUs. Secrets are marked as never indexed, for the
 * proxies between (section 7.1.3).
 */
import { staticNames } from "./header-tables.ts";

const secretNames: ReadonlySet<string> = new Set(["authorization", "cookie"]);

const plainMethods: ReadonlyMap<string, string> = new Map([
  ["GET", "\u0082"],
  ["POST", "\u0083"],
]);

/** `:scheme: https`, the only one: clear text is HTTP/1.1. */
export const schemeHttps = "\u0087";

/** One field; name in lower case, value of one character a byte. */
export function literalField(name: string, value: string): string {
  const prefix = secretNames.has(name) ? 0x10 : 0;
  const index = staticNames.get(name);
  const named =
    index === undefined ? String.fromCharCode(prefix) + text(name) : integer(prefix, 4, index);
  return named + text(value);
}

export function methodField(method: string): string {
  return plainMethods.get(method) ?? literalField(":method", method);
}

export function pathField(target: string): string {
  return target === "/" ? "\u0084" : literalField(":path", target);
}

function text(value: string): string {
  return integer(0, 7, value.length) + value;
}

/** A number with a prefix of so many bits, beside the pattern in the first octet (section 5.1). */
function integer(pattern: number, bits: number, value: number): string {
  const mask = (1 << bits) - 1;
  if (value < mask) return String.fromCharCode(pattern | value);
  let octets = String.fromCharCode(pattern | mask);
  let rest = value - mask;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    octets += String.fromCharCode((rest % 0x80) | 0x80);
  }
  return octets + String.fromCharCode(rest);
}

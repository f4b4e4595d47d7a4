/**
 * From a URL string to where it goes (origin) and what is asked there (request target), without a URL object per
 * request: the part before the path is looked up in a bounded cache, the rest is checked by one regular expression.
 * Follows Go's net/url where WHATWG differs: dot segments stay, a bad escape in the path is an error.
 * Unlike Go, spaces and non-ASCII characters in the query are percent-encoded instead of sent raw.
 */
import { isIP } from "node:net";
import type { HttpFailure } from "./exchange.ts";
import { failures, unsupportedScheme } from "./errors.ts";

/** Where a request goes; one object per distinct URL prefix ("https://user@host:port"). */
export interface Origin {
  readonly kind: "origin";
  /** The URL's characters before the path. */
  readonly prefix: string;
  /** Identity of the connection pool: "https://host:port". */
  readonly key: string;
  readonly isTls: boolean;
  /** Lower case, punycode, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly hostHeader: string;
  /** True when the host is an address, which needs no look-up and has no TLS server name. */
  readonly isAddress: boolean;
}

const maxOrigins = 1_000;

/** Visible ASCII without `% " # < > \ ^ { | }` and the back-tick: sent as it stands. */
const plainTarget = /^[!$&-;=?-Z[\]_a-z~]*$/u;

/** Origins by URL prefix, bounded; the last one is found without a look-up. */
export class OriginCache {
  readonly #byPrefix = new Map<string, Origin | HttpFailure>();
  #last: Origin | undefined;

  /** The origin of an absolute http: or https: URL, or why it has none. */
  find(url: string): Origin | HttpFailure {
    const last = this.#last;
    if (
      last !== undefined &&
      endsAuthority(url, last.prefix.length) &&
      url.startsWith(last.prefix)
    ) {
      return last;
    }
    const prefix = urlPrefix(url);
    let found = this.#byPrefix.get(prefix);
    if (found === undefined) {
      found = parseOrigin(prefix);
      if (this.#byPrefix.size >= maxOrigins) this.#byPrefix.clear();
      this.#byPrefix.set(prefix, found);
    }
    if (isOrigin(found)) this.#last = found;
    return found;
  }
}

/** Tells an origin from the failure that stands in its place. */
export function isOrigin(value: Origin | HttpFailure): value is Origin {
  return "kind" in value;
}

/**
 * What to ask for: the path and query after the first `from` characters, without the fragment, in visible ASCII.
 * Undefined when the URL is not valid there (control characters, a bad percent escape in the path).
 */
export function requestTarget(url: string, from: number): string | undefined {
  if (from === url.length) return "/";
  let target = url.slice(from);
  if (!plainTarget.test(target)) {
    const escaped = escapeTarget(target);
    if (escaped === undefined) return undefined;
    target = escaped;
  }
  return target.charCodeAt(0) === 0x2f ? target : `/${target}`;
}

function escapeTarget(raw: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/u.test(raw)) return undefined;
  const hash = raw.indexOf("#");
  const target = hash === -1 ? raw : raw.slice(0, hash);
  const question = target.indexOf("?");
  const path = question === -1 ? target : target.slice(0, question);
  if (/%(?![0-9a-f]{2})/iu.test(path)) return undefined;
  const query = question === -1 ? "" : target.slice(question);
  return (
    path.replaceAll(/[^!-~]+|["<>\\^`{|}]/gu, percentEncode) +
    query.replaceAll(/[^!-~]+/gu, percentEncode)
  );
}

function percentEncode(text: string): string {
  return Buffer.from(text, "utf8").toString("hex").toUpperCase().replaceAll(/../gu, "%$&");
}

function urlPrefix(url: string): string {
  const scheme = url.indexOf("://");
  const authority = scheme === -1 ? 0 : scheme + 3;
  for (let index = authority; index < url.length; index++) {
    if (endsAuthority(url, index)) return url.slice(0, index);
  }
  return url;
}

function endsAuthority(url: string, index: number): boolean {
  if (index === url.length) return true;
  const code = url.charCodeAt(index);
  return code === 0x2f || code === 0x3f || code === 0x23; // "/", "?", "#"
}

function parseOrigin(prefix: string): Origin | HttpFailure {
  const scheme = /^([a-z][a-z0-9+.-]*):/iu.exec(prefix)?.[1]?.toLowerCase();
  if (scheme === undefined) return unsupportedScheme("");
  if (scheme !== "http" && scheme !== "https") return unsupportedScheme(scheme);
  if (/^[a-z]+:\/\/$/iu.test(prefix)) return failures.noHost;
  // WHATWG would repair these; Go, and so k6, does not.
  if (!/^[a-z]+:\/\/[^\s\\]+$/iu.test(prefix) || prefix.endsWith("@")) return failures.invalidUrl;
  let url: URL;
  try {
    url = new URL(prefix);
  } catch {
    return failures.invalidUrl; // an unusable host or port: the request's failure, not an exception
  }
  const isTls = scheme === "https";
  const hostname = url.hostname.replace(/^\[(.*)\]$/u, "$1");
  const port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port);
  return {
    kind: "origin",
    prefix,
    key: `${scheme}://${url.hostname}:${port}`,
    isTls,
    hostname,
    port,
    hostHeader: url.host,
    isAddress: isIP(hostname) !== 0,
  };
}

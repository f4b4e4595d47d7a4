/**
 * From a URL string to where it goes (origin) and what is asked there (request target), without a URL object per
 * request: the part before the path is looked up in a bounded cache, the rest is checked by one regular expression.
 * What is not plain is read as Go reads it (go-url.ts): dot segments stay, a query is sent as it was written.
 */
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { HttpFailure } from "./exchange.ts";
import { failures, invalidPort, invalidUrl, unsupportedScheme } from "./errors.ts";
import { parseGoUrl } from "./go-url.ts";
import type { Proxy, ProxyRules } from "./proxies.ts";

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
  /** What the request goes through; undefined: nothing. */
  readonly proxy: Proxy | undefined;
  /** What stands before the request target: a proxy for http: wants the whole URL. */
  readonly targetPrefix: string;
}

const maxOrigins = 1_000;

/** Visible ASCII that Go sends as it stands, in a path and in a query. */
const plainTarget = /^(?:\/(?:[!$&-;=@-Z[\]_a-z~]|%[\da-fA-F]{2})*)?(?:\?[!-"$-~]*)?$/u;

/** Origins by URL prefix, bounded; the last one is found without a look-up. */
export class OriginCache {
  readonly #byPrefix = new Map<string, Origin>();
  readonly #proxies: ProxyRules;
  #last: Origin | undefined;

  constructor(proxies: ProxyRules) {
    this.#proxies = proxies;
  }

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
    const known = this.#byPrefix.get(prefix);
    const found = known ?? parseOrigin(url, prefix, this.#proxies);
    if (!isOrigin(found)) return found; // its text quotes the whole URL
    if (known === undefined) {
      if (this.#byPrefix.size >= maxOrigins) this.#byPrefix.clear();
      this.#byPrefix.set(prefix, found);
    }
    this.#last = found;
    return found;
  }
}

/** Tells an origin from the failure that stands in its place. */
export function isOrigin(value: Origin | HttpFailure): value is Origin {
  return "kind" in value;
}

/**
 * What to ask for: the path and query after the first `from` characters, without the fragment, one character per byte;
 * or why the URL is not valid there (control characters, a bad percent escape in the path).
 */
export function requestTarget(url: string, from: number): string | HttpFailure {
  if (from === url.length) return "/";
  const rest = url.slice(from);
  if (plainTarget.test(rest)) return rest.charCodeAt(0) === 0x2f ? rest : `/${rest}`;
  const parsed = parseGoUrl(url);
  return parsed.kind === "url" ? parsed.target : invalidUrl(parsed.text);
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

function parseOrigin(url: string, prefix: string, proxies: ProxyRules): Origin | HttpFailure {
  const parsed = parseGoUrl(url);
  if (parsed.kind === "problem") return invalidUrl(parsed.text);
  const { scheme, host } = parsed;
  if (scheme !== "http" && scheme !== "https") return unsupportedScheme(scheme);
  if (host === "") return failures.noHost;
  const isTls = scheme === "https";
  const { name, portText } = splitHost(host);
  const port = portText === "" ? (isTls ? 443 : 80) : Number(portText);
  if (port > 65_535) return invalidPort(portText);
  const isAddress = isIP(name) !== 0;
  const hostname = (isAddress ? name : toAsciiName(name)).toLowerCase();
  const proxy = proxies.find({ isTls, name, hostname, port });
  const shownHost = hostHeader(host, name, portText);
  return {
    kind: "origin",
    prefix,
    key: poolKey({ scheme, hostname, port }, proxy),
    isTls,
    hostname,
    port,
    hostHeader: shownHost,
    isAddress,
    proxy,
    targetPrefix: proxy === undefined || isTls ? "" : `http://${shownHost}`,
  };
}

/** Connections to a proxy serve all hosts over http:, and tunnels through it the host they lead to. */
function poolKey(
  { scheme, hostname, port }: { scheme: string; hostname: string; port: number },
  proxy: Proxy | undefined,
): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const own = `${scheme}://${host}:${port}`;
  if (proxy === undefined) return own;
  const through = `proxy ${proxy.hostname}:${proxy.port}`;
  return scheme === "https" ? `${through} ${own}` : through;
}

function splitHost(host: string): { name: string; portText: string } {
  const bracket = host.lastIndexOf("]");
  if (host.startsWith("[")) {
    return { name: host.slice(1, bracket), portText: host.slice(bracket + 2) };
  }
  const colon = host.lastIndexOf(":");
  if (colon === -1) return { name: host, portText: "" };
  return { name: host.slice(0, colon), portText: host.slice(colon + 1) };
}

/** As written, but in ASCII, without an empty port or the zone of an IPv6 address. */
function hostHeader(host: string, name: string, portText: string): string {
  const shown = host.startsWith("[") ? `[${name.replace(/%.*$/u, "")}]` : toAsciiName(name);
  return portText === "" ? shown : `${shown}:${portText}`;
}

/** A name that cannot be written in ASCII stays as it is, is looked up and not found. */
function toAsciiName(name: string): string {
  return /^[ -~]*$/u.test(name) ? name : domainToASCII(name) || name;
}

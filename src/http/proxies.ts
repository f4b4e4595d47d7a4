/**
 * Which requests go through a proxy: Go's rules for HTTP_PROXY, HTTPS_PROXY and NO_PROXY, whose names in lower case count
 * where those in upper case are not set. `localhost` and loopback addresses are never proxied.
 * Proxies are spoken to over plain TCP: absolute request targets for http:, CONNECT for https:.
 */
import { BlockList, isIP } from "node:net";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Destination } from "./addresses.ts";
import type { ProxyOptions } from "./exchange.ts";
import { parseGoUrl } from "./go-url.ts";
import type { GoUrl } from "./go-url.ts";

/** A proxy to connect to. */
export interface Proxy extends Destination {
  /** Value of Proxy-Authorization; undefined: none is sent. */
  readonly authorization: string | undefined;
}

/** What NO_PROXY and the loopback rule are asked about. */
export interface ProxyQuestion {
  readonly isTls: boolean;
  /** As written in the URL. */
  readonly name: string;
  /** In lower case and ASCII. */
  readonly hostname: string;
  readonly port: number;
}

type Exemption = (question: ProxyQuestion) => boolean;

/** The proxies of a worker. */
export class ProxyRules {
  readonly #http: Proxy | undefined;
  readonly #https: Proxy | undefined;
  readonly #exemptions: readonly Exemption[];

  /** @throws LakhError HTTP_PROXY_UNSUPPORTED */
  constructor(options: ProxyOptions) {
    this.#http = parseProxy(options.http);
    this.#https = parseProxy(options.https);
    this.#exemptions = options.none.split(",").flatMap((entry) => parseExemption(entry) ?? []);
  }

  /** The proxy for a request; undefined: none. */
  find(question: ProxyQuestion): Proxy | undefined {
    const proxy = question.isTls ? this.#https : this.#http;
    if (proxy === undefined || question.name === "localhost" || isLoopback(question.hostname)) {
      return undefined;
    }
    return this.#exemptions.some((isExempt) => isExempt(question)) ? undefined : proxy;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "::1" || (isIP(hostname) === 4 && hostname.startsWith("127."));
}

/** A proxy that is no URL is none, as in Go. */
function parseProxy(text: string): Proxy | undefined {
  if (text === "") return undefined;
  const given = parseGoUrl(text);
  const hasScheme = given.kind === "url" && given.scheme !== "" && given.host !== "";
  const url = hasScheme ? given : parseGoUrl(`http://${text}`);
  if (url.kind === "problem" || url.host === "") return undefined;
  if (["https", "socks5", "socks5h"].includes(url.scheme)) throw unsupportedProxy(url.scheme);
  return createProxy(url);
}

function createProxy({ host, userInfo }: GoUrl): Proxy | undefined {
  const [, bracketed, plain, port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/u.exec(host) ?? [];
  const hostname = (bracketed ?? plain ?? "").toLowerCase();
  if (hostname === "") return undefined;
  return {
    hostname,
    port: port === "" ? 80 : Number(port),
    isAddress: isIP(hostname) !== 0,
    authorization: userInfo === undefined ? undefined : basicAuthorization(userInfo),
  };
}

function basicAuthorization(userInfo: string): string {
  const [user = "", ...password] = userInfo.split(":");
  const pair = `${decodeURIComponent(user)}:${decodeURIComponent(password.join(":"))}`;
  return `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
}

function unsupportedProxy(scheme: string): LakhError {
  return new LakhError("HTTP_PROXY_UNSUPPORTED", `lakh cannot speak to a ${scheme}:// proxy`, {
    hint: "use an http:// proxy, unset HTTP_PROXY and HTTPS_PROXY, or run with --runner k6",
    exitCode: exitCodes.invalidConfig,
  });
}

function parseExemption(raw: string): Exemption | undefined {
  const entry = raw.trim().toLowerCase();
  if (entry === "") return undefined;
  if (entry === "*") return () => true;
  if (entry.includes("/")) return rangeExemption(entry);
  const [, bracketed, plain, portText] = /^(?:\[([^\]]*)\]|(.*?))(?::(\d+))?$/u.exec(entry) ?? [];
  const isWholeAddress = isIP(entry) !== 0;
  const host = isWholeAddress ? entry : (bracketed ?? plain ?? "");
  const port = isWholeAddress || portText === undefined ? undefined : Number(portText);
  if (host === "") return undefined;
  const isPort = (question: ProxyQuestion): boolean => port === undefined || port === question.port;
  if (isIP(host) !== 0) return (question) => question.hostname === host && isPort(question);
  const suffix = host.startsWith("*.") ? host.slice(1) : host;
  const isExact = !suffix.startsWith(".");
  const ending = isExact ? `.${suffix}` : suffix;
  return (question) =>
    (question.hostname.endsWith(ending) || (isExact && question.hostname === suffix)) &&
    isPort(question);
}

function rangeExemption(entry: string): Exemption | undefined {
  const [ip = "", bits = ""] = entry.split("/");
  const family = isIP(ip);
  if (family === 0 || !/^\d{1,3}$/u.test(bits) || Number(bits) > (family === 6 ? 128 : 32)) {
    return undefined;
  }
  const range = new BlockList();
  range.addSubnet(ip, Number(bits), family === 6 ? "ipv6" : "ipv4");
  return ({ hostname }) => {
    const hostFamily = isIP(hostname);
    return hostFamily !== 0 && range.check(hostname, hostFamily === 6 ? "ipv6" : "ipv4");
  };
}

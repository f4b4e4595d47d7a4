/**
 * Follows redirects as k6 (through Go's client) does: 301, 302, 303 become GET without a body (HEAD stays HEAD),
 * 307 and 308 are repeated as they were; credentials go to the first host and its subdomains only; every hop is one
 * exchange with its own timings, and its cookies reach the jar before the next hop is sent.
 */
import type { Exchange, HeaderFields, HttpClient, HttpRequest } from "./exchange.ts";
import { cookiePair, parseSetCookies } from "./cookies.ts";
import type { CookieJar, ReceivedCookie } from "./cookies.ts";
import { badLocation } from "./errors.ts";
import { parseGoUrl } from "./go-url.ts";
import { failResponse } from "./pending-exchange.ts";
import { fieldValues } from "./response-head.ts";

/** A cookie that belongs to one request (k6: `params.cookies`). */
export interface RequestCookie {
  readonly name: string;
  readonly value: string;
  /** Leave out the jar's cookies of this name; otherwise both are sent. */
  readonly replace: boolean;
}

export interface RedirectOptions {
  /** How many redirects are followed; 0 returns the first 3xx. */
  readonly maxRedirects: number;
  /** Gives the cookies of each hop, and takes those that it sets. */
  readonly jar?: CookieJar | undefined;
  readonly cookies?: readonly RequestCookie[] | undefined;
  /** Called at the end of each hop, in order, before the next is sent. */
  readonly onExchange?:
    | ((exchange: Exchange, cookiesReceived: readonly ReceivedCookie[]) => void)
    | undefined;
}

export interface RedirectResult {
  /** All hops in order; the last one is the answer. Never empty. */
  readonly exchanges: readonly Exchange[];
  /** True when the last hop is a redirect that was not followed because of `maxRedirects`. */
  readonly isLimitReached: boolean;
}

const noCookies: readonly RequestCookie[] = [];

/** Withheld from other hosts. */
const credentialFields: ReadonlySet<string> = new Set([
  "authorization",
  "www-authenticate",
  "cookie",
  "cookie2",
]);
/** Describe a body; dropped with it. */
const bodyFields: ReadonlySet<string> = new Set([
  "content-type",
  "content-encoding",
  "content-language",
  "content-location",
]);

/**
 * Sends a request and follows its redirects. Never rejects: a redirect to another scheme is a last hop that failed, and
 * one to what is no URL fails the exchange that asked for it (both 1000). `timeoutMs` of the request is the limit of all hops together.
 *
 * @example
 * const { exchanges } = await sendFollowingRedirects(client, request, { maxRedirects: 10, jar });
 */
export async function sendFollowingRedirects(
  client: Pick<HttpClient, "send">,
  request: HttpRequest,
  options: RedirectOptions,
): Promise<RedirectResult> {
  const first = await client.send(withJarCookies(request, options));
  return (
    followRedirects(client, { request, first }, options) ?? {
      exchanges: [first],
      isLimitReached: false,
    }
  );
}

/** The request with the cookies of the jar and those of its own: what the first hop sends. */
export function withJarCookies(request: HttpRequest, options: RedirectOptions): HttpRequest {
  return withCookies(request, options);
}

/**
 * Goes on after the first hop, `first`, which was sent with {@link withJarCookies}: stores its cookies and follows it.
 * Gives undefined when it is the answer, as most are: then nothing waits and nothing was allocated.
 */
export function followRedirects(
  client: Pick<HttpClient, "send">,
  { request, first }: { request: HttpRequest; first: Exchange },
  options: RedirectOptions,
): Promise<RedirectResult> | undefined {
  storeCookies(first, options);
  const location = readLocation(first);
  if (location === undefined || refusesLocation(first, location)) return undefined;
  return followFrom(client, { request, first, location }, options);
}

async function followFrom(
  client: Pick<HttpClient, "send">,
  { request, first, location }: { request: HttpRequest; first: Exchange; location: string },
  options: RedirectOptions,
): Promise<RedirectResult> {
  const exchanges: Exchange[] = [first];
  let hop: Hop = { request, isTrusted: true };
  let next: string | undefined = location;
  while (next !== undefined) {
    if (exchanges.length > options.maxRedirects) return { exchanges, isLimitReached: true };
    hop = nextHop(hop, exchanges.at(-1)!, { location: next, first: request });
    const exchange = await client.send(withCookies(hop.request, options));
    exchanges.push(exchange);
    storeCookies(exchange, options);
    next = readLocation(exchange);
    if (next !== undefined && refusesLocation(exchange, next)) next = undefined;
  }
  return { exchanges, isLimitReached: false };
}

/** A redirect to what is no URL fails the exchange that asked for it. */
function refusesLocation(exchange: Exchange, location: string): boolean {
  const parsed = parseGoUrl(location);
  if (parsed.kind === "url") return false;
  failResponse(exchange, badLocation(location, parsed.text));
  return true;
}

function storeCookies(exchange: Exchange, options: RedirectOptions): void {
  const cookies = parseSetCookies(exchange);
  if (cookies.length > 0) options.jar?.storeAll(exchange.url, exchange.headers);
  options.onExchange?.(exchange, cookies);
}

interface Hop {
  readonly request: HttpRequest;
  /** False from the first hop on that leaves the first host and its subdomains; as in Go it stays false. */
  readonly isTrusted: boolean;
}

function withCookies(request: HttpRequest, { jar, cookies }: RedirectOptions): HttpRequest {
  const given = cookies ?? noCookies;
  if (given.length === 0 && (jar === undefined || jar.isEmpty)) return request;
  const own = fieldValues(request.headers, "cookie");
  const value = [...own, ...cookiePairs(request.url, jar, given)].join("; ");
  if (value === "") return request;
  return { ...request, headers: withField(request.headers, "Cookie", value) };
}

function cookiePairs(
  url: string,
  jar: CookieJar | undefined,
  cookies: readonly RequestCookie[],
): string[] {
  const pairs = cookies.map(({ name, value }) => cookiePair(name, value));
  const fromJar = jar?.headerFor(url);
  if (fromJar === undefined) return pairs;
  const replaced = new Set(cookies.filter(({ replace }) => replace).map(({ name }) => name));
  const kept = fromJar
    .split("; ")
    .filter((pair) => !replaced.has(pair.slice(0, pair.indexOf("="))));
  return [...pairs, ...kept];
}

function nextHop(
  { request, isTrusted }: Hop,
  exchange: Exchange,
  { location, first }: { location: string; first: HttpRequest },
): Hop {
  const { timings, status } = exchange;
  const timeoutMs = request.timeoutMs - timings.blocked - timings.duration;
  const next = resolveUrl(location, request.url);
  // The client says what is wrong with such a URL.
  if (next === undefined)
    return { request: { ...request, url: location, timeoutMs }, isTrusted: false };
  const staysTrusted = isTrusted && isSameHostOrSubdomain(next, new URL(first.url));
  const keepsBody = status === 307 || status === 308;
  const { method } = request;
  const hasReferer = fieldValues(first.headers, "referer").length > 0;
  const dropped = (name: string): boolean =>
    (!keepsBody && bodyFields.has(name)) || (!staysTrusted && credentialFields.has(name));
  const headers = request.headers.filter(
    ([name]) => name.toLowerCase() !== "host" && !dropped(name.toLowerCase()),
  );
  return {
    request: {
      ...request,
      method: keepsBody || method === "HEAD" ? method : "GET",
      url: next.href,
      headers: withCredentials(
        hasReferer ? headers : withReferer(headers, request.url, next),
        next,
      ),
      body: keepsBody ? request.body : undefined,
      timeoutMs,
    },
    isTrusted: staysTrusted,
  };
}

function resolveUrl(location: string, base: string): URL | undefined {
  try {
    return new URL(location, base);
  } catch {
    return undefined; // the caller lets the hop fail with the location as it came
  }
}

function isSameHostOrSubdomain(next: URL, first: URL): boolean {
  return next.hostname === first.hostname || next.hostname.endsWith(`.${first.hostname}`);
}

/** Go adds the URL it came from, without its credentials, and never from https to http. */
function withReferer(headers: HeaderFields, from: string, next: URL): HeaderFields {
  const previous = new URL(from);
  if (previous.protocol === "https:" && next.protocol === "http:") return headers;
  previous.username = previous.password = "";
  return withField(headers, "Referer", previous.href);
}

function withCredentials(headers: HeaderFields, { username, password }: URL): HeaderFields {
  if (username === "" || fieldValues(headers, "authorization").length > 0) return headers;
  const pair = `${decodeEscapes(username)}:${decodeEscapes(password)}`;
  return withField(
    headers,
    "Authorization",
    `Basic ${Buffer.from(pair, "utf8").toString("base64")}`,
  );
}

function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray "%" is meant literally
  }
}

/** The fields with one of this name, whose value is `value`. */
function withField(headers: HeaderFields, name: string, value: string): HeaderFields {
  const lowerName = name.toLowerCase();
  return [...headers.filter(([other]) => other.toLowerCase() !== lowerName), [name, value]];
}

function readLocation({ status, headers }: Exchange): string | undefined {
  const isRedirect = (status >= 301 && status <= 303) || status === 307 || status === 308;
  if (!isRedirect) return undefined;
  const [location] = fieldValues(headers, "location");
  // One character per byte on the wire; browsers and Go read it as UTF-8.
  return location ? Buffer.from(location, "latin1").toString("utf8") : undefined;
}

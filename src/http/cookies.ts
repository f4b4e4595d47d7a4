/**
 * Cookies of a VU: k6's jar operations over tough-cookie's rules (RFC 6265), synchronous.
 * As Go's jar in k6: no public-suffix list, secure cookies may come over http, a cookie that its URL may not set is
 * ignored silently, and so is a URL that is none.
 * A jar without cookies does nothing: the inner jar exists only while it holds some.
 */
import { createRequire } from "node:module";
import type { Cookie, CookieJar as ToughJar, MemoryCookieStore } from "tough-cookie";
import type * as ToughCookie from "tough-cookie";
import type { Exchange, HeaderFields } from "./exchange.ts";

/** A cookie as a script sets it by hand. */
export interface CookieAttributes {
  readonly path?: string | undefined;
  readonly domain?: string | undefined;
  readonly expires?: Date | undefined;
  readonly maxAgeSeconds?: number | undefined;
  readonly secure?: boolean | undefined;
  readonly httpOnly?: boolean | undefined;
}

/** A cookie as a response set it, in the fields of k6's `res.cookies`. */
export interface ReceivedCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly http_only: boolean;
  readonly secure: boolean;
  /** Seconds; 0 when not given, -1 for "delete now" (Go's convention). */
  readonly max_age: number;
  /** Unix milliseconds; Go's zero time when not given. */
  readonly expires: number;
}

const require = createRequire(import.meta.url);
/** Read with the first cookie: many scripts never see one, and reading it took a tenth of the time of a start. */
let loaded: typeof ToughCookie | undefined;

function toughCookie(): typeof ToughCookie {
  return (loaded ??= require("tough-cookie") as typeof ToughCookie);
}

/** Go's zero time (year 1) in Unix milliseconds, as k6 shows it. */
const goZeroTimeMs = -6_795_364_578_871;
const noCookies: readonly ReceivedCookie[] = [];

/** A pair of the Cookie header as Go writes it: bytes that may not stand there are dropped, blanks and commas quoted. */
export function cookiePair(name: string, value: string): string {
  if (/^[!#-+\--:<-[\]-~]*$/u.test(value)) return `${name}=${value}`;
  const kept = value.replace(/[^ !#-:<-[\]-~]/gu, "");
  return `${name}=${/[ ,]/u.test(kept) ? `"${kept}"` : kept}`;
}

/** The cookies of one VU. */
export class CookieJar {
  #jar: ToughJar | undefined;
  #store: MemoryCookieStore | undefined;

  /** True while no cookie is stored. */
  get isEmpty(): boolean {
    return this.#jar === undefined;
  }

  /** The value of the Cookie header for `url`; undefined when no cookie goes there. */
  headerFor(url: string): string | undefined {
    if (this.#jar === undefined || !URL.canParse(url)) return undefined;
    const cookies = this.#jar.getCookiesSync(url);
    if (cookies.length === 0) return undefined;
    return cookies.map(({ key, value }) => cookiePair(key, value)).join("; ");
  }

  /** Stores what the Set-Cookie fields of a response from `url` say. */
  storeAll(url: string, headers: HeaderFields): void {
    for (const [name, value] of headers) {
      if (isSetCookie(name) && parseSetCookie(value) !== undefined) this.#put(url, value);
    }
  }

  /** Stores one cookie as if `url` had set it. */
  // oxlint-disable-next-line max-params -- k6's own signature (jar.set)
  set(url: string, name: string, value: string, attributes: CookieAttributes = {}): void {
    const { path, domain, expires, maxAgeSeconds, secure, httpOnly } = attributes;
    const cookie = new (toughCookie().Cookie)({ key: name, value });
    if (path) cookie.path = path;
    if (domain) cookie.domain = domain.replace(/^\./u, "").toLowerCase();
    if (expires !== undefined) cookie.expires = expires;
    if (maxAgeSeconds) cookie.maxAge = maxAgeSeconds;
    if (secure) cookie.secure = true;
    if (httpOnly) cookie.httpOnly = true;
    this.#put(url, cookie);
  }

  /** Values by name of the cookies that go to `url`. */
  cookiesForUrl(url: string): Record<string, string[]> {
    const byName: Record<string, string[]> = {};
    for (const { key, value } of this.#cookiesOf(url)) (byName[key] ??= []).push(value);
    return byName;
  }

  /** Removes all cookies that go to `url`. */
  clear(url: string): void {
    this.#remove(this.#ownCookiesOf(url));
  }

  /** Removes the cookies called `name` that go to `url`. */
  delete(url: string, name: string): void {
    this.#remove(this.#ownCookiesOf(url).filter(({ key }) => key === name));
  }

  #cookiesOf(url: string): Cookie[] {
    return this.#jar !== undefined && URL.canParse(url) ? this.#jar.getCookiesSync(url) : [];
  }

  /** Those that belong to the very host of `url`: as in k6, cookies of a parent domain are sent there, not removed. */
  #ownCookiesOf(url: string): Cookie[] {
    const cookies = this.#cookiesOf(url);
    return cookies.length === 0
      ? cookies
      : cookies.filter(({ domain }) => domain === new URL(url).hostname);
  }

  #put(url: string, cookie: string | Cookie): void {
    if (!URL.canParse(url)) return;
    if (this.#jar === undefined) {
      const { CookieJar: Jar, MemoryCookieStore: Store } = toughCookie();
      this.#store = new Store();
      this.#jar = new Jar(this.#store, {
        rejectPublicSuffixes: false,
        looseMode: true,
        prefixSecurity: "unsafe-disabled",
        enforceSecureOriginOnStorage: false,
        // As Go: the machine itself is reached safely.
        allowSecureOnLocal: true,
      });
    }
    const stored = this.#jar.setCookieSync(cookie, url, { ignoreError: true });
    // A past expiry is how a cookie is deleted; the inner jar would keep it until somebody asks for it.
    this.#remove(stored !== undefined && stored.TTL() <= 0 ? [stored] : []);
  }

  #remove(cookies: readonly Cookie[]): void {
    for (const { domain, path, key } of cookies) {
      if (domain === null || path === null) continue;
      this.#store?.removeCookie(domain, path, key, () => undefined);
    }
    this.#forgetIfEmpty();
  }

  #forgetIfEmpty(): void {
    const index = this.#store?.idx ?? {};
    const isEmpty = Object.values(index).every((paths) =>
      Object.values(paths).every((cookies) => Object.keys(cookies).length === 0),
    );
    if (isEmpty) this.#jar = this.#store = undefined;
  }
}

/** The cookies that a response sets, whether or not a jar would take them. */
export function parseSetCookies(exchange: Exchange): readonly ReceivedCookie[] {
  let cookies: ReceivedCookie[] | undefined;
  for (const [name, value] of exchange.headers) {
    const cookie = isSetCookie(name) ? parseSetCookie(value) : undefined;
    if (cookie !== undefined) (cookies ??= []).push(cookie);
  }
  return cookies ?? noCookies;
}

function parseSetCookie(text: string): ReceivedCookie | undefined {
  const [pair = "", ...attributes] = text.split(";");
  const equals = pair.indexOf("=");
  const name = pair.slice(0, equals).trim();
  const value = pair
    .slice(equals + 1)
    .trimEnd()
    .replace(/^"(.*)"$/u, "$1");
  // As Go: a cookie whose name is no token, or whose value has other bytes than these, is none.
  if (equals === -1 || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u.test(name)) return undefined;
  if (!/^[ !#-:<-[\]-~]*$/u.test(value)) return undefined;
  const found = new Map<string, string>();
  for (const attribute of attributes) {
    const [key = "", ...rest] = attribute.split("=");
    found.set(key.trim().toLowerCase(), rest.join("=").trim());
  }
  return {
    name,
    value,
    domain: found.get("domain") ?? "",
    path: found.get("path") ?? "",
    http_only: found.has("httponly"),
    secure: found.has("secure"),
    max_age: readMaxAge(found.get("max-age")),
    expires: readExpires(found.get("expires")),
  };
}

/** Go knows two forms, with blanks or hyphens in the date. */
function readExpires(text = ""): number {
  const known = /^[a-z]{3}, \d{1,2}([ -])[a-z]{3}\1\d{4} \d\d:\d\d:\d\d \S+$/iu.test(text);
  return (known ? toughCookie().parseDate(text)?.getTime() : undefined) ?? goZeroTimeMs;
}

function readMaxAge(text: string | undefined): number {
  if (text === undefined || !/^-?\d+$/u.test(text)) return 0;
  const seconds = Number(text);
  return seconds <= 0 ? -1 : seconds;
}

function isSetCookie(name: string): boolean {
  return name.length === 10 && name.toLowerCase() === "set-cookie";
}

/** The cookie jar as scripts see it: k6's method and option names over the jar of `http`. */
import { quoteGo } from "../../base/go-quote.ts";
import { CookieJar } from "../../http/index.ts";
import type { CookieAttributes } from "../../http/index.ts";
import { GoError } from "../errors.ts";
import { HostObject, listMembers } from "../host-object.ts";
import { textOf } from "../text.ts";

interface ScriptCookieOptions {
  readonly path?: unknown;
  readonly domain?: unknown;
  readonly expires?: unknown;
  readonly max_age?: unknown;
  readonly secure?: unknown;
  readonly http_only?: unknown;
}

/** `http.CookieJar`. It needs no VU, so scripts may make one in the init context. */
export class ScriptCookieJar extends HostObject {
  readonly #jar: CookieJar;

  constructor(jar?: CookieJar) {
    super();
    this.#jar = jar instanceof CookieJar ? jar : new CookieJar();
  }

  /** The jar behind `value`; undefined when that is no jar of a script. */
  static unwrap(value: unknown): CookieJar | undefined {
    return value instanceof ScriptCookieJar ? value.#jar : undefined;
  }

  cookiesForURL(url: unknown): Record<string, string[]> {
    return this.#jar.cookiesForUrl(textFrom(url));
  }

  // oxlint-disable-next-line max-params -- k6's own signature
  set(url: unknown, name: unknown, value: unknown, options?: ScriptCookieOptions): boolean {
    this.#jar.set(textFrom(url), textFrom(name), textFrom(value), toAttributes(options ?? {}));
    return true;
  }

  clear(url: unknown): void {
    this.#jar.clear(textFrom(url));
  }

  delete(url: unknown, name: unknown): void {
    if (textFrom(name) === "") throw new GoError("cookie: is null");
    this.#jar.delete(textFrom(url), textFrom(name));
  }
}

listMembers(ScriptCookieJar.prototype);

/** Nothing is an empty text. */
function textFrom(value: unknown): string {
  return value === undefined || value === null ? "" : textOf(value);
}

function toAttributes(options: ScriptCookieOptions): CookieAttributes {
  const { path, domain, expires, max_age: maxAge, secure, http_only: httpOnly } = options;
  const isDated = typeof options === "object" && "expires" in options && expires !== "";
  const maxAgeSeconds = Math.trunc(Number(maxAge));
  return {
    path: path === undefined ? undefined : textFrom(path),
    domain: domain === undefined ? undefined : textFrom(domain),
    expires: isDated ? parseExpires(textOf(expires)) : undefined,
    maxAgeSeconds: Number.isFinite(maxAgeSeconds) ? maxAgeSeconds : undefined,
    secure: Boolean(secure),
    httpOnly: Boolean(httpOnly),
  };
}

/** Go's layout of RFC 1123, as pieces in order: how a piece is called, and what it takes. */
const layout: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["Mon", /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/iu],
  [", ", /^, */u],
  ["02", /^\d\d?/u],
  [" ", /^ +/u],
  ["Jan", /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/iu],
  [" ", /^ +/u],
  ["2006", /^\d{4}/u],
  [" ", /^ +/u],
  ["15", /^\d\d?/u],
  [":", /^:/u],
  ["04", /^\d\d/u],
  [":", /^:/u],
  ["05", /^\d\d/u],
  [" ", /^ +/u],
  ["MST", /^(?:[A-Z]{3,4}|[+-]\d{2,4})/u],
];

function parseExpires(text: string): Date {
  let rest = text;
  for (const [name, pattern] of layout) {
    const taken = pattern.exec(rest)?.[0];
    if (taken === undefined)
      throw unreadableDate(text, `cannot parse ${quoteGo(rest)} as ${quoteGo(name)}`);
    rest = rest.slice(taken.length);
  }
  const date = new Date(text);
  if (rest !== "" || Number.isNaN(date.getTime()))
    throw unreadableDate(text, `extra text: ${quoteGo(rest)}`);
  return date;
}

function unreadableDate(text: string, problem: string): GoError {
  const form = "Mon, 02 Jan 2006 15:04:05 MST";
  return new GoError(
    `unable to parse "expires" date string ${quoteGo(text)}: parsing time ${quoteGo(text)} as ${quoteGo(form)}: ${problem}`,
  );
}

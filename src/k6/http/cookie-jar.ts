/** The cookie jar as scripts see it: k6's method and option names over the jar of `http`. */
import { CookieJar } from "../../http/index.ts";
import type { CookieAttributes } from "../../http/index.ts";
import { GoError } from "../errors.ts";
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
export class ScriptCookieJar {
  readonly #jar: CookieJar;

  constructor(jar?: CookieJar) {
    this.#jar = jar instanceof CookieJar ? jar : new CookieJar();
  }

  /** The jar behind `value`; undefined when that is no jar of a script. */
  static unwrap(value: unknown): CookieJar | undefined {
    return value instanceof ScriptCookieJar ? value.#jar : undefined;
  }

  cookiesForURL(url: unknown): Record<string, string[]> {
    return this.#jar.cookiesForUrl(String(url));
  }

  // oxlint-disable-next-line max-params -- k6's own signature
  set(url: unknown, name: unknown, value: unknown, options?: ScriptCookieOptions): boolean {
    this.#jar.set(String(url), String(name), String(value), toAttributes(options ?? {}));
    return true;
  }

  clear(url: unknown): void {
    this.#jar.clear(String(url));
  }

  delete(url: unknown, name: unknown): void {
    this.#jar.delete(String(url), String(name));
  }
}

function toAttributes(options: ScriptCookieOptions): CookieAttributes {
  const { path, domain, expires, max_age: maxAge, secure, http_only: httpOnly } = options;
  return {
    path: toText(path),
    domain: toText(domain),
    expires: expires ? toDate(textOf(expires)) : undefined,
    maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
    secure: Boolean(secure),
    httpOnly: Boolean(httpOnly),
  };
}

function toText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : textOf(value);
}

function toDate(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) {
    throw new GoError(
      `unable to parse 'expires' date string '${text}', must be in the RFC1123 format`,
    );
  }
  return date;
}

/**
 * The first argument of a request: a string, an object made by the template tag `http.url`, or anything with a text.
 * Gives what is sent and what the tags `name` and `url` show; credentials never reach a tag (reference k6-behaviour 4.1).
 */

/** What http.url`…` makes: the address, and its name with `${}` for each hole. */
export class HttpUrl {
  readonly url: string;
  readonly name: string;

  constructor(url: string, name: string) {
    this.url = url;
    this.name = name;
  }

  toString(): string {
    return this.url;
  }
}

/** The template tag `http.url`. */
export function urlTag(parts: readonly string[], ...holes: readonly unknown[]): HttpUrl {
  const url = parts.map((part, index) => part + (index < holes.length ? String(holes[index]) : ""));
  return new HttpUrl(url.join(""), parts.join("${}"));
}

const credentials = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/iu;

/** `url` as tags show it: credentials replaced. */
export function maskUrl(url: string): string {
  return url.includes("@") ? url.replace(credentials, "$1****:****@") : url;
}

/** The URL without its credentials. */
export function withoutCredentials(url: string): string {
  return url.replace(credentials, "$1");
}

/** The credentials in `url`. */
export function credentialsOf(url: string): { user: string; password: string } | undefined {
  const userInfo = url.includes("@") ? credentials.exec(url)?.[2] : undefined;
  if (userInfo === undefined) return undefined;
  const colon = userInfo.indexOf(":");
  const user = unescapeText(colon < 0 ? userInfo : userInfo.slice(0, colon));
  return { user, password: colon < 0 ? "" : unescapeText(userInfo.slice(colon + 1)) };
}

/** The Authorization header that the credentials in `url` stand for; undefined when it has none. */
export function basicAuthorization(url: string): string | undefined {
  const pair = credentialsOf(url);
  if (pair === undefined) return undefined;
  return `Basic ${Buffer.from(`${pair.user}:${pair.password}`, "utf8").toString("base64")}`;
}

/** The host and port of `url` as written; only used to count requests per host. */
export function authorityOf(url: string): string {
  const start = url.indexOf("://") + 3;
  const end = url.slice(start).search(/[/?#]/u);
  return end < 0 ? url.slice(start) : url.slice(start, start + end);
}

function unescapeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray "%" is meant literally
  }
}

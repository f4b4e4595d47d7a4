/**
 * The first argument of a request: a string, an object made by the template tag `http.url`, or anything with a text.
 * Gives what is sent and what the tags `name` and `url` show; credentials never reach a tag (reference k6-behaviour 4.1).
 */
import { GoError } from "../errors.ts";
import { goText } from "../go-text.ts";
import { HostObject, listMembers } from "../host-object.ts";
import { textOf } from "../text.ts";
import { readGoUrl } from "../../http/index.ts";

/** The URL of a call is none: known before anything is sent, so there are no samples. */
export class InvalidUrl extends GoError {}

/** The last URL and how Go writes it: a script that asks for one address again and again is not looked at twice. */
let last = { given: "", written: "" };

/** The URL of a call as Go writes it. @throws InvalidUrl */
export function readUrl(url: unknown): string {
  if (url instanceof HttpUrl) return readUrl(url.url);
  if (typeof url !== "string") throw new InvalidUrl(`invalid URL: '#${goText(url)}'`);
  if (url === last.given) return last.written;
  const written = readGoUrl(url);
  if (typeof written !== "string") throw new InvalidUrl(`invalid URL: ${written.text}`);
  last = { given: url, written };
  return written;
}

/** What http.url`…` makes: the address, and its name with `${}` for each hole. */
export class HttpUrl extends HostObject {
  name: string;
  url: string;
  clean_url: string;

  constructor(url: string, name: string) {
    super();
    this.name = name;
    this.url = url;
    this.clean_url = maskUrl(url);
  }

  clean(): string {
    return this.clean_url;
  }

  getURL(): string {
    return this.url;
  }
}

listMembers(HttpUrl.prototype);

/** The template tag `http.url`. */
export function urlTag(parts: readonly string[] = [], ...holes: readonly unknown[]): HttpUrl {
  if (!Array.isArray(parts)) {
    throw new TypeError(
      `could not convert function call parameter 0: could not convert ${String(parts)} to []string`,
    );
  }
  const texts = holes.map((hole) => (hole === undefined || hole === null ? "" : textOf(hole)));
  const url = (parts as readonly string[]).map((part, index) => part + (texts[index] ?? ""));
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

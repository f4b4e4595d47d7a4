/**
 * URLs as Go reads and writes them (package net/url), which is what k6 scripts meet: what is refused and in which words,
 * how a path is escaped anew when one character of it may not stand there, that a query is sent as it was written.
 * The parts are found in Go's order, so that of two faults the same one is named. Fast way first: most URLs are plain.
 */
import { quoteGo } from "../base/go-quote.ts";

/** A URL taken apart. Host and port as written; nothing here says that the scheme can be spoken. */
export interface GoUrl {
  readonly kind: "url";
  /** Lower case; empty when there is none. */
  readonly scheme: string;
  /** Before the "@", as Go writes it; undefined when there is none. */
  readonly userInfo: string | undefined;
  /** "name:port" as written, decoded; empty when there is none. */
  readonly host: string;
  /** Path and query as they are asked for, one character per byte. */
  readonly target: string;
  /** The whole URL as Go writes it. */
  readonly href: string;
}

/** Why a text is no URL, in Go's words: `parse "…": …`. */
export interface UrlProblem {
  readonly kind: "problem";
  readonly text: string;
}

class Fault extends Error {}

const plainUrl =
  /^https?:\/\/(?:[\w.~-]+|\[[\da-f:]+\])(?::\d+)?(?:\/(?:[!$&-;=@-Z[\]_a-z~]|%[\da-fA-F]{2})*)?(?:\?[!$-;=?-Z[\]_a-z~]*)?$/u;

/** The URL as Go writes it, which is what scripts and tags see; what is none stays as it is, for the client to refuse. */
export function normalizeUrl(url: string): string {
  const written = readGoUrl(url);
  return typeof written === "string" ? written : url;
}

/** The URL as Go writes it, or why it is none. */
export function readGoUrl(url: string): string | UrlProblem {
  if (plainUrl.test(url)) return url;
  const parsed = parseGoUrl(url);
  return parsed.kind === "url" ? parsed.href : parsed;
}

/** What a request to `url` asks for, and the host it names. */
export function requestTargetOf(url: string): { target: string; host: string } {
  const parsed = parseGoUrl(url);
  return parsed.kind === "url" ? parsed : { target: url, host: "" };
}

/** Reads a URL. */
export function parseGoUrl(text: string): GoUrl | UrlProblem {
  const hash = text.indexOf("#");
  const withoutFragment = hash === -1 ? text : text.slice(0, hash);
  try {
    const url = parseParts(withoutFragment);
    if (hash === -1 || hash === text.length - 1) return url;
    return { ...url, href: `${url.href}#${escapePart(text.slice(hash + 1), "fragment")}` };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: "problem", text: `parse ${quoteGo(withoutFragment)}: ${error.message}` };
  }
}

function parseParts(text: string): GoUrl {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/u.test(text)) {
    throw new Fault("net/url: invalid control character in URL");
  }
  const written = readScheme(text);
  const scheme = written.toLowerCase();
  const start = scheme === "" ? "" : `${scheme}:`;
  const rest = written === "" ? text : text.slice(written.length + 1);
  const question = rest.indexOf("?");
  const path = question === -1 ? rest : rest.slice(0, question);
  const query = question === -1 ? "" : rest.slice(question);
  if (!path.startsWith("/") && scheme !== "") return createUrl(scheme, { href: start + rest });
  if (/^[^/]*:/u.test(path)) throw new Fault("first path segment in URL cannot contain colon");
  const hasAuthority = path.startsWith("//") && (scheme !== "" || !path.startsWith("///"));
  if (!hasAuthority) return createUrl(scheme, { href: start + escapePart(path, "path") + query });
  return withAuthority(scheme, path, query);
}

function withAuthority(scheme: string, rest: string, query: string): GoUrl {
  const slash = rest.indexOf("/", 2);
  const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
  const { userInfo, host } = parseAuthority(authority);
  const path = escapePart(slash === -1 ? "" : rest.slice(slash), "path");
  const shownHost = escapeBytes(toBytes(host), hostBytes);
  const shown = userInfo === undefined ? shownHost : `${userInfo}@${shownHost}`;
  // Go writes no slashes for an authority that is empty, unless a path follows.
  const slashes = shown === "" && path === "" ? "" : "//";
  const start = scheme === "" ? "" : `${scheme}:`;
  const target = (path === "" ? "/" : path) + toBytes(query);
  return createUrl(scheme, {
    userInfo,
    host,
    target,
    href: start + slashes + shown + path + query,
  });
}

function createUrl(
  scheme: string,
  parts: { href: string; userInfo?: string | undefined; host?: string; target?: string },
): GoUrl {
  const { href, userInfo, host = "", target = "/" } = parts;
  return { kind: "url", scheme, userInfo, host, target, href };
}

function readScheme(text: string): string {
  if (text.startsWith(":")) throw new Fault("missing protocol scheme");
  return /^([a-z][a-z0-9+.-]*):/iu.exec(text)?.[1] ?? "";
}

function parseAuthority(authority: string): { userInfo: string | undefined; host: string } {
  const at = authority.lastIndexOf("@");
  const host = parseHost(authority.slice(at + 1));
  if (at === -1) return { userInfo: undefined, host };
  const userInfo = authority.slice(0, at);
  if (!/^[\w.~!$&'()*+,;=%@:-]*$/u.test(userInfo)) throw new Fault("net/url: invalid userinfo");
  const colon = userInfo.indexOf(":");
  if (colon === -1) return { userInfo: escapePart(userInfo, "user"), host };
  const user = escapePart(userInfo.slice(0, colon), "user");
  return { userInfo: `${user}:${escapePart(userInfo.slice(colon + 1), "user")}`, host };
}

function parseHost(host: string): string {
  const isBracketed = host.startsWith("[");
  const bracket = host.lastIndexOf("]");
  if (isBracketed && bracket === -1) throw new Fault("missing ']' in host");
  const colon = isBracketed ? bracket + 1 : host.lastIndexOf(":");
  const port = colon === -1 ? "" : host.slice(colon);
  if (!/^(?::\d*)?$/u.test(port)) throw new Fault(`invalid port ${quoteGo(port)} after host`);
  const zone = isBracketed ? host.indexOf("%25") : -1;
  if (zone === -1) return unescapeHost(host);
  return unescapeHost(host.slice(0, zone)) + fromBytes(unescapeBytes(host.slice(zone)));
}

/** In a host only bytes beyond ASCII may be escaped, and few characters may stand. */
function unescapeHost(host: string): string {
  for (let at = host.indexOf("%"); at !== -1; at = host.indexOf("%", at + 3)) {
    const escape = host.slice(at, at + 3);
    if (!/^%[89a-f][\da-f]$/iu.test(escape)) throw badEscape(escape);
  }
  const bad = /[^\w.~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}-]/u.exec(host);
  if (bad !== null) throw new Fault(`invalid character ${quoteGo(bad[0])} in host name`);
  return fromBytes(unescapeBytes(host));
}

function badEscape(escape: string): Fault {
  return new Fault(`invalid URL escape ${quoteGo(escape)}`);
}

type Part = "path" | "fragment" | "user";

/** What may stand in a part as it was written. */
const mayStand: Readonly<Record<Part, RegExp>> = {
  path: /^[\w.~!$&'()*+,;=:@[\]%/-]*$/u,
  fragment: /^[\w.~!$&'()*+,;=:@[\]%/?-]*$/u,
  user: /^[\w.~$&+,;=-]*$/u,
};

/** Bytes that are not escaped where a part is escaped anew. */
const keptBytes: Readonly<Record<Part, RegExp>> = {
  path: /[\w.~$&+,/:;=@-]/u,
  fragment: /[\w.~$&+,/:;=?@!()*-]/u,
  user: /[\w.~$&+,;=-]/u,
};
const hostBytes = /[\w.~!$&'()*+,;=:[\]<>"-]/u;

/** A part as Go writes it: as it was, or, when something in it may not stand, escaped anew as a whole. */
function escapePart(text: string, part: Part): string {
  const bad = /%(?![\da-f]{2}).{0,2}/iu.exec(text);
  if (bad !== null) throw badEscape(bad[0]);
  if (mayStand[part].test(text)) return text;
  return escapeBytes(unescapeBytes(text), keptBytes[part]);
}

/** @param bytes one character per byte */
function escapeBytes(bytes: string, kept: RegExp): string {
  let escaped = "";
  for (const byte of bytes) {
    escaped += kept.test(byte)
      ? byte
      : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}

/** One character per byte. */
function unescapeBytes(text: string): string {
  return toBytes(text).replaceAll(/%([\da-f]{2})/giu, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function toBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function fromBytes(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

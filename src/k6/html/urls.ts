/**
 * URLs as Go's net/url splits and resolves them (RFC 3986): unlike a browser's it keeps what it is given, "http://h"
 * gets no slash and a default port stays.
 */

import { quoteGo } from "../../base/go-quote.ts";

/** The parts of a URL, as written. */
export interface UrlParts {
  readonly scheme: string;
  readonly userInfo: string | undefined;
  /** Host with port; undefined when there is no "//". */
  readonly host: string | undefined;
  readonly path: string;
  /** Without "?"; undefined when there is none. */
  readonly query: string | undefined;
  /** Without "#"; undefined when there is none. */
  readonly fragment: string | undefined;
}

const pattern =
  /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/(?:([^/?#]*)@)?([^/?#@]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/iu;

/** Splits a URL; the reason as Go words it when it is none. */
export function splitUrl(text: string): UrlParts | string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/u.test(text)) return "net/url: invalid control character in URL";
  if (text.startsWith(":")) return "missing protocol scheme";
  const found = pattern.exec(text);
  if (found === null) return "invalid URL";
  const [, scheme = "", userInfo, host, path = "", query, fragment] = found;
  if (scheme === "" && host === undefined && /^[^/]*:/u.test(path))
    return "first path segment in URL cannot contain colon";
  const reason = hostFault(host ?? "") ?? escapeFault(path) ?? escapeFault(fragment ?? "");
  return reason ?? { scheme: scheme.toLowerCase(), userInfo, host, path, query, fragment };
}

/** As {@link splitUrl}; undefined when Go would refuse it. */
export function parseUrl(text: string): UrlParts | undefined {
  const parts = splitUrl(text);
  return typeof parts === "string" ? undefined : parts;
}

function hostFault(host: string): string | undefined {
  if (host.startsWith("[") && !host.includes("]")) return "missing ']' in host";
  const port = /:[^:\]]*$/u.exec(host)?.[0];
  if (port !== undefined && !/^:\d*$/u.test(port))
    return `invalid port ${quoteGo(port)} after host`;
  const odd = /[ "<>\\^`{|}]/u.exec(host)?.[0];
  if (odd !== undefined) return `invalid character ${quoteGo(odd)} in host name`;
  return escapeFault(host);
}

function escapeFault(text: string): string | undefined {
  const fault = /%(?![0-9a-f]{2}).{0,2}/iu.exec(text)?.[0];
  return fault === undefined ? undefined : `invalid URL escape ${quoteGo(fault)}`;
}

export function formatUrl({ scheme, userInfo, host, path, query, fragment }: UrlParts): string {
  const authority =
    host === undefined ? "" : `//${userInfo === undefined ? "" : `${userInfo}@`}${host}`;
  const escaped = path.replace(/[^!-~]+|["<>[\]\\^`{|}]/gu, encode);
  const start = scheme === "" ? "" : `${scheme}:`;
  const slash = authority !== "" && escaped !== "" && !escaped.startsWith("/") ? "/" : "";
  return (
    start +
    authority +
    slash +
    escaped +
    (query === undefined ? "" : `?${query}`) +
    (fragment ? `#${fragment.replace(/[^!-~]+|["<>[\]\\^`{|}]/gu, encode)}` : "")
  );
}

/** `reference` as seen from `base`; undefined when one of them is no URL. */
export function resolveUrl(base: string, reference: string): string | undefined {
  const from = parseUrl(base);
  const to = parseUrl(reference);
  if (from === undefined || to === undefined) return undefined;
  if (to.scheme !== "") return formatUrl({ ...to, path: withoutDots(to.path) });
  if (to.host !== undefined)
    return formatUrl({ ...to, scheme: from.scheme, path: withoutDots(to.path) });
  const { scheme, userInfo, host } = from;
  if (to.path === "") {
    const query = to.query ?? from.query;
    return formatUrl({ ...from, query, fragment: to.fragment });
  }
  const path = to.path.startsWith("/") ? to.path : mergePaths(from, to.path);
  return formatUrl({
    scheme,
    userInfo,
    host,
    path: withoutDots(path),
    query: to.query,
    fragment: to.fragment,
  });
}

function mergePaths({ host, path }: UrlParts, relative: string): string {
  if (host !== undefined && path === "") return `/${relative}`;
  return path.slice(0, path.lastIndexOf("/") + 1) + relative;
}

function withoutDots(path: string): string {
  if (path === "") return "";
  const kept: string[] = [];
  const segments = path.split("/");
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === "..") {
      if (kept.length > 1) kept.pop();
      if (isLast) kept.push("");
    } else if (segment === ".") {
      if (isLast) kept.push("");
    } else kept.push(segment);
  }
  const joined = kept.join("/");
  return joined.startsWith("/") ? joined : `/${joined}`;
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("hex").toUpperCase().replaceAll(/../gu, "%$&");
}

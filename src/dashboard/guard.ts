/**
 * Who may ask what of the server: it listens on loopback, and a page of somebody else's in the same browser reaches it
 * there, too. A `Host` that is not this address is such a page behind a name that leads here (DNS rebinding); a foreign
 * `Origin` is one that posts; and without the token, which only the page of this server has, nothing is changed.
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { tokenHeader } from "../page/index.ts";

export interface Denial {
  readonly status: 403 | 421;
  readonly text: string;
}

/** Undefined when it may. */
export function denialOf(headers: IncomingHttpHeaders, port: number): Denial | undefined {
  const hosts = ["127.0.0.1", "localhost"].map((name) => (port === 80 ? name : `${name}:${port}`));
  if (!hosts.includes(headers.host?.toLowerCase() ?? ""))
    return {
      status: 421,
      text: "this is the dashboard of a run on this machine, and of no other name",
    };
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`))
    return { status: 403, text: "the dashboard answers its own page alone" };
  const site = headers["sec-fetch-site"];
  // "none" is an address that somebody typed; a link from elsewhere may open the page, which then asks for itself.
  if (site === "cross-site" && headers["sec-fetch-mode"] !== "navigate")
    return { status: 403, text: "the dashboard answers its own page alone" };
  return undefined;
}

export function hasToken(headers: IncomingHttpHeaders, token: string): boolean {
  const given = Buffer.from(String(headers[tokenHeader] ?? ""));
  const own = Buffer.from(token);
  return given.length === own.length && timingSafeEqual(given, own);
}

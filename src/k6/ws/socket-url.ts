/** The URL of a WebSocket: what Go reads in it, and what dialling needs of it. */
import { parseGoUrl } from "../../http/index.ts";

/** The parts of a URL; all but `text` and `error` are empty when it is none. */
export interface SocketUrl {
  /** As given. */
  readonly text: string;
  /** Lower case; empty for a relative one. */
  readonly scheme: string;
  readonly hasUser: boolean;
  /** Host with port, as written. */
  readonly host: string;
  /** Without port and brackets. */
  readonly hostname: string;
  /** As written; empty when there is none. */
  readonly port: string;
  /** Path and query in visible ASCII, as a request asks for them. */
  readonly target: string;
  readonly fragment: string;
  /** Go's text for what is wrong with it; empty when nothing is. */
  readonly error: string;
}

/** Reads a URL of any scheme. */
export function readSocketUrl(text: string): SocketUrl {
  const parsed = parseGoUrl(text);
  const { scheme, userInfo, host, target } = parsed.kind === "url" ? parsed : noParts;
  const [, bracketed, plain = "", port = ""] =
    /^(?:\[(.*)\]|([^:]*))(?::(\d*))?$/u.exec(host) ?? [];
  const hash = text.indexOf("#");
  return {
    text,
    scheme,
    hasUser: userInfo !== undefined,
    host,
    hostname: bracketed ?? plain,
    port,
    // It has one character per byte, and Node would refuse to send a space.
    target: target.replaceAll(/[^!-~]/gu, percentEncode),
    fragment: parsed.kind === "problem" || hash < 0 ? "" : text.slice(hash + 1),
    error: parsed.kind === "problem" ? parsed.text : "",
  };
}

const noParts = { scheme: "", userInfo: undefined, host: "", target: "" };

function percentEncode(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

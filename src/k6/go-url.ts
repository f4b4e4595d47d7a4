/**
 * URLs as Go's net/url reads them, as far as dials need them: scheme, host, port, what to ask for; and Go's words for
 * what is wrong with one, which scripts see.
 */

/** The parts of a URL. */
export interface GoUrl {
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

const noParts: Omit<GoUrl, "text" | "error"> = {
  scheme: "",
  hasUser: false,
  host: "",
  hostname: "",
  port: "",
  target: "",
  fragment: "",
};

/** The parts of `text`; when it is no URL, `error` says why and the parts are empty. */
export function parseGoUrl(text: string): GoUrl {
  const [, schemeText, rest = ""] = /^(?:([a-z][a-z0-9+.-]*):)?(.*)$/isu.exec(text)!;
  const hash = rest.indexOf("#");
  const pieces = split(hash < 0 ? rest : rest.slice(0, hash));
  const { authority = "", path, query } = pieces;
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  const problem = findProblem({ text, schemeText, host, ...pieces });
  if (problem !== undefined)
    return { ...noParts, text, error: `parse ${JSON.stringify(text)}: ${problem}` };
  const [, bracketed, plain = "", port = ""] = /^(?:\[(.*)\]|([^:]*))(?::(\d*))?$/u.exec(host)!;
  return {
    text,
    scheme: schemeText?.toLowerCase() ?? "",
    hasUser: at >= 0,
    host,
    hostname: bracketed ?? plain,
    port,
    target: toTarget(path, query),
    fragment: hash < 0 ? "" : rest.slice(hash + 1),
    error: "",
  };
}

function findProblem(url: {
  text: string;
  schemeText: string | undefined;
  authority: string | undefined;
  host: string;
  path: string;
}): string | undefined {
  const { text, path } = url;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/u.test(text)) return "net/url: invalid control character in URL";
  if (text.startsWith(":")) return "missing protocol scheme";
  if (url.schemeText === undefined && url.authority === undefined && /^[^/]*:/u.test(path))
    return "first path segment in URL cannot contain colon";
  const badEscape = /%(?![0-9a-f]{2}).{0,2}/iu.exec(path);
  const escapeProblem =
    badEscape === null ? undefined : `invalid URL escape ${JSON.stringify(badEscape[0])}`;
  return checkHost(url.host) ?? escapeProblem;
}

function split(main: string): { authority: string | undefined; path: string; query: string } {
  const question = main.indexOf("?");
  const query = question < 0 ? "" : main.slice(question);
  const before = question < 0 ? main : main.slice(0, question);
  if (!before.startsWith("//")) return { authority: undefined, path: before, query };
  const slash = before.indexOf("/", 2);
  return slash < 0
    ? { authority: before.slice(2), path: "", query }
    : { authority: before.slice(2, slash), path: before.slice(slash), query };
}

function checkHost(host: string): string | undefined {
  const afterHost = /^(?:\[[^\]]*\]|[^:]*)(:.*)?$/u.exec(host)?.[1];
  if (afterHost !== undefined && !/^:\d*$/u.test(afterHost))
    return `invalid port ${JSON.stringify(afterHost)} after host`;
  const bad = /[ "<>\\^`{|}]/u.exec(host);
  return bad === null ? undefined : `invalid character ${JSON.stringify(bad[0])} in host name`;
}

function toTarget(path: string, query: string): string {
  const escapedPath = path.replaceAll(/[^!-~]+|["<>\\^`{|}]/gu, percentEncode);
  return (escapedPath === "" ? "/" : escapedPath) + query.replaceAll(/[^!-~]+/gu, percentEncode);
}

function percentEncode(text: string): string {
  return Buffer.from(text, "utf8").toString("hex").toUpperCase().replaceAll(/../gu, "%$&");
}

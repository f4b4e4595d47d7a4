/**
 * What a script says about a WebSocket connection, as both modules read it: headers, tags, jar, compression.
 * Gives the head of the request in Go's order, or throws k6's error.
 */
import type { CookieJar } from "../../http/index.ts";
import type { TagSet } from "../../metrics/index.ts";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { ScriptCookieJar } from "../http/cookie-jar.ts";
import { canonicalHeaderName } from "../http/headers.ts";
import { withCustomTags } from "../tags.ts";
import { textOf } from "../text.ts";

/** A script's params, read. */
export interface SocketParams {
  /** By canonical name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly tags: TagSet;
  readonly jar: CookieJar;
  readonly wantsDeflate: boolean;
}

/** What the two modules do differently. */
export interface ParamRules {
  /** k6's words before a problem with the tags. */
  readonly tagProblem: string;
  /** An unknown key is an error. */
  readonly isStrict: boolean;
}

const known: ReadonlySet<string> = new Set(["headers", "tags", "jar", "compression"]);

/** @throws GoError */
export function readSocketParams(vu: VuContext, params: unknown, rules: ParamRules): SocketParams {
  const given = toObject(params);
  if (rules.isStrict) {
    for (const key of Object.keys(given))
      if (!known.has(key)) throw new GoError(`unknown WebSocket's option ${key}`);
  }
  return {
    headers: readHeaders(vu, given["headers"]),
    tags: readTags(vu, given["tags"], rules),
    jar: ScriptCookieJar.unwrap(given["jar"]) ?? vu.cookieJar,
    wantsDeflate: readCompression(given, rules),
  };
}

function readHeaders(vu: VuContext, given: unknown): Map<string, string> {
  const headers = new Map<string, string>();
  if (vu.options.userAgent !== "") headers.set("User-Agent", vu.options.userAgent);
  for (const [name, value] of Object.entries(toObject(given)))
    headers.set(canonicalHeaderName(name), textOf(value));
  return headers;
}

/** What is no object has no tags. */
function readTags(vu: VuContext, given: unknown, { tagProblem }: ParamRules): TagSet {
  if (typeof given !== "object") return vu.tags;
  try {
    return withCustomTags(vu.tags, given);
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`${tagProblem}: ${error.message}`);
    throw error;
  }
}

function readCompression(given: Record<string, unknown>, { isStrict }: ParamRules): boolean {
  const { compression } = given as { compression?: unknown };
  if (compression === undefined) return false;
  const algorithm = textOf(compression).trim();
  if (algorithm === "deflate") return true;
  if (algorithm === "" && !isStrict) return false;
  throw new GoError(
    `unsupported compression algorithm '${algorithm}', supported algorithm is 'deflate'`,
  );
}

/** Whatever a script gives in place of an object, as JavaScript sees it: a string has keys, a number none. */
function toObject(value: unknown): Record<string, unknown> {
  return (value === undefined || value === null ? {} : Object(value)) as Record<string, unknown>;
}

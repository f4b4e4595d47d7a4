/**
 * From the arguments of a request to a plan: everything that is decided before the first byte is sent.
 * Arguments that k6 refuses are a GoError here; the caller makes of it a response with status 0, or throws it.
 * Keys of `params`: reference k6-behaviour 4.3.
 */
import { parseDurationMs } from "../../base/units.ts";
import { normalizeUrl } from "../../http/index.ts";
import type {
  Authentication,
  CookieJar,
  HeaderFields,
  HttpRequest,
  RedirectOptions,
  RequestCookie,
} from "../../http/index.ts";
import type { TagSet } from "../../metrics/index.ts";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { toTagValue } from "../tags.ts";
import { compressBody, type EncodedBody, encodeBody } from "./body.ts";
import { ScriptCookieJar } from "./cookie-jar.ts";
import { type ExpectedStatuses, toResponseCallback } from "./expected-statuses.ts";
import type { HeaderLists } from "./headers.ts";
import { basicAuthorization, credentialsOf, HttpUrl, maskUrl, withoutCredentials } from "./url.ts";
import { textOf } from "../text.ts";

/** What becomes of a response's body. */
type ResponseType = "text" | "binary" | "none";

/** A request that is decided and not yet sent. It is what the client sends and what says how redirects are followed. */
export interface RequestPlan extends HttpRequest, RedirectOptions {
  readonly method: string;
  readonly url: string;
  /** The tags `name` and `url` of the first hop. */
  readonly name: string;
  /** True when the script named the request: redirect hops keep the name, else they show their own URL. */
  readonly isNamed: boolean;
  /** The VU's tags at the time of the call, with those of `params`. */
  readonly tags: TagSet;
  readonly headers: HeaderFields;
  readonly body: string | Uint8Array | undefined;
  readonly timeoutMs: number;
  readonly maxRedirects: number;
  readonly isRedirectLimitExplicit: boolean;
  readonly throwOnFailure: boolean;
  readonly responseType: ResponseType;
  readonly discardBody: boolean;
  readonly expected: ExpectedStatuses | null;
  readonly jar: CookieJar;
  readonly cookies: readonly RequestCookie[] | undefined;
  /** The URL as the script shows it of its request, with what a digest login takes out of it. */
  readonly requestUrl: string;
  /** The header that the credentials of the URL became, which k6 does not show as one of the script's. */
  readonly urlAuthorization: string | undefined;
  /** How the call logs in; undefined: at most by a header. */
  readonly authentication: Authentication | undefined;
}

/** The arguments of a request, as the script gave them. */
export interface RequestCall {
  readonly method: string;
  readonly url: unknown;
  readonly body: unknown;
  readonly params: unknown;
}

/** What a plan takes from the VU's http module. */
interface PlanSource {
  readonly vu: VuContext;
  readonly headerLists: HeaderLists;
  /** The VU's response callback (http.setResponseCallback). */
  readonly expected: ExpectedStatuses | null;
}

interface Params {
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly jar?: unknown;
  readonly compression?: unknown;
  readonly redirects?: unknown;
  readonly tags?: unknown;
  readonly auth?: unknown;
  readonly timeout?: unknown;
  readonly throw?: unknown;
  readonly responseType?: unknown;
  readonly responseCallback?: unknown;
}

const defaultTimeoutMs = 60_000;
const noParams: Params = {};

/** Decides a request. @throws GoError for arguments that k6 refuses; LakhError for what lakh does not have yet */
export function createPlan(source: PlanSource, call: RequestCall): RequestPlan {
  const { vu } = source;
  const params = readParams(call.params);
  const given = normalizeUrl(typeof call.url === "string" ? call.url : String(call.url));
  const authentication = readAuthentication(params.auth, given);
  // As in k6, a digest login takes the credentials out of the URL.
  const url = authentication?.scheme === "digest" ? withoutCredentials(given) : given;
  const named = readTags(vu, params.tags);
  const body = prepareBody(vu, call.body, params);
  const responseType = readResponseType(vu, params);
  return {
    method: call.method,
    url,
    name: named.name ?? (call.url instanceof HttpUrl ? call.url.name : maskUrl(url)),
    isNamed: named.name !== undefined,
    tags: named.tags,
    headers: prepareHeaders(source, {
      given: params.headers,
      method: call.method,
      url: given,
      body,
    }),
    body: body.content,
    timeoutMs: readTimeoutMs(params),
    maxRedirects: isSet(params.redirects)
      ? readRedirects(params.redirects)
      : vu.options.maxRedirects,
    isRedirectLimitExplicit: isSet(params.redirects) || vu.options.maxRedirectsSet,
    throwOnFailure: wantsThrow(vu, call.params),
    responseType,
    discardBody: responseType === "none" && vu.options.httpDebug !== "full",
    expected:
      params.responseCallback === undefined
        ? source.expected
        : toResponseCallback(params.responseCallback),
    jar: readJar(vu, params.jar),
    cookies: params.cookies === undefined ? undefined : readCookies(params.cookies),
    authentication,
    requestUrl: given,
    urlAuthorization: basicAuthorization(given),
  };
}

/** True when a failure of this call is thrown; also asked when the rest of `params` cannot be read. */
export function wantsThrow(vu: VuContext, params: unknown): boolean {
  const own = typeof params === "object" && params !== null ? (params as Params).throw : undefined;
  return isSet(own) ? Boolean(own) : vu.options.throwOnFailure;
}

/** For these keys k6 takes undefined for "not given" only when the key is not there at all. */
function isGiven(params: Params, key: "timeout" | "responseType" | "compression"): boolean {
  return params[key] !== undefined || Object.hasOwn(params, key);
}

/** For most keys null is "not given"; for responseCallback it switches the metric off. */
function isSet(value: unknown): value is NonNullable<unknown> {
  return value !== undefined && value !== null;
}

function readParams(params: unknown): Params {
  if (params === undefined || params === null) return noParams;
  return typeof params === "object" ? params : noParams; // k6 passes over what is no object
}

/** Other words are passed over, as in k6; "basic" too, which the credentials in the URL ask for by themselves. */
function readAuthentication(auth: unknown, url: string): Authentication | undefined {
  if (auth !== "digest" && auth !== "ntlm") return undefined;
  return { scheme: auth, ...(credentialsOf(url) ?? { user: "", password: "" }) };
}

/**
 * The user's tags on top of the VU's. The name is taken out, because it also stands for the URL, unless that system tag is
 * off: then it is a tag like any other. A `url` is ignored.
 */
function readTags(vu: VuContext, custom: unknown): { tags: TagSet; name: string | undefined } {
  const { tags, options } = vu;
  if (!isSet(custom) || custom === null) return { tags, name: undefined };
  if (typeof custom !== "object") return { tags, name: undefined };
  let joined = tags;
  let name: string | undefined;
  for (const [key, value] of Object.entries(custom)) {
    const text = readTag(key, value);
    if (key === "name") name = text;
    if (key === "name" && options.systemTags.has("name")) continue;
    if (key !== "url") joined = joined.with(key, text);
  }
  return { tags: joined, name };
}

function readTag(key: string, value: unknown): string {
  try {
    return toTagValue(key, value);
  } catch (error) {
    if (error instanceof GoError)
      throw new GoError(`invalid HTTP request metric tags: ${error.message}`);
    throw error;
  }
}

interface PreparedBody extends EncodedBody {
  readonly contentEncoding?: string | undefined;
}

function prepareBody(vu: VuContext, body: unknown, params: Params): PreparedBody {
  const encoded = encodeBody(body, vu.logger);
  const { content, contentType } = encoded;
  if (!isGiven(params, "compression") || params.compression === "") return encoded;
  const compressed = compressBody(content ?? "", textOf(params.compression));
  return content === undefined ? encoded : { ...compressed, contentType };
}

function prepareHeaders(
  source: PlanSource,
  parts: { given: unknown; method: string; url: string; body: PreparedBody },
): HeaderFields {
  const { vu, headerLists } = source;
  const { given, url, body } = parts;
  const headers = typeof given === "object" && given !== null ? given : undefined;
  if (headers !== undefined) warnOfContentLength(vu, headers, parts);
  return headerLists.build(headers, {
    userAgent: vu.options.userAgent,
    contentType: body.contentType,
    contentEncoding: body.contentEncoding,
    authorization: basicAuthorization(url),
  });
}

function warnOfContentLength(
  vu: VuContext,
  given: object,
  { method, url, body }: { method: string; url: string; body: PreparedBody },
): void {
  for (const name in given) {
    if (name.length !== 14 || name.toLowerCase() !== "content-length") continue;
    const value = String((given as Record<string, unknown>)[name]);
    const { content } = body;
    const length = content === undefined ? 0 : Buffer.byteLength(content);
    if (value === String(length)) continue;
    vu.logger.log(
      "warning",
      `The specified Content-Length header ${JSON.stringify(value)} in the ${method} request for ${url} ` +
        `doesn't match the actual request body length of ${length}, so it will be ignored!`,
    );
  }
}

/** The duration that was read last: scripts give one constant, and reading it anew was 4 % of a request's garbage. */
let lastTimeout: { readonly given: string; readonly timeoutMs: number } | undefined;

function readTimeoutMs(params: Params): number {
  const { timeout } = params;
  if (!isGiven(params, "timeout")) return defaultTimeoutMs;
  if (lastTimeout !== undefined && timeout === lastTimeout.given) return lastTimeout.timeoutMs;
  const timeoutMs = parseTimeoutMs(timeout);
  if (typeof timeout === "string") lastTimeout = { given: timeout, timeoutMs };
  return timeoutMs;
}

function parseTimeoutMs(timeout: unknown): number {
  const timeoutMs = Number.isNaN(timeout) ? 0 : parseDurationMs(timeout);
  if (timeoutMs !== undefined) return timeoutMs; // 0 and less have passed before the request begins, as in k6
  const problem =
    typeof timeout === "string"
      ? `time: ${durationProblem(timeout)} duration ${JSON.stringify(timeout)}`
      : `unable to use type ${goTypeOf(timeout)} as a duration value`;
  throw new GoError(`invalid timeout value: ${problem}`);
}

/** Go's words for a text that is no duration. */
function durationProblem(text: string): string {
  const rest = /^[+-]?(?:\d+\.?\d*|\.\d+)(?<rest>.*)$/u.exec(text)?.groups?.["rest"];
  if (rest === undefined) return "invalid";
  const unit = /^[^\d.]*/u.exec(rest)![0];
  return unit === "" ? "missing unit in" : `unknown unit ${JSON.stringify(unit)} in`;
}

function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
}

function readRedirects(redirects: unknown): number {
  const count = Math.trunc(Number(redirects));
  return count > 0 ? count : 0; // what is no number is 0, as in k6
}

function readResponseType(vu: VuContext, params: Params): ResponseType {
  const { responseType } = params;
  if (!isGiven(params, "responseType")) return vu.options.discardResponseBodies ? "none" : "text";
  if (responseType === "text" || responseType === "binary" || responseType === "none")
    return responseType;
  throw new GoError(`${textOf(responseType)} does not belong to ResponseType values`);
}

function readJar(vu: VuContext, jar: unknown): CookieJar {
  return ScriptCookieJar.unwrap(jar) ?? vu.cookieJar;
}

function readCookies(cookies: unknown): RequestCookie[] {
  if (typeof cookies !== "object" || cookies === null) return [];
  return Object.entries(cookies).map(([name, given]: [string, unknown]) => {
    if (typeof given !== "object" || given === null)
      return { name, value: String(given), replace: false };
    const { value, replace } = given as { value?: unknown; replace?: unknown };
    return { name, value: value === undefined ? "" : textOf(value), replace: Boolean(replace) };
  });
}

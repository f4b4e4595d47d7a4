/**
 * From the arguments of a request to a plan: everything that is decided before the first byte is sent.
 * Arguments that k6 refuses are a GoError here; the caller makes of it a response with status 0, or throws it.
 * Keys of `params`: reference k6-behaviour 4.3.
 */
import { Buffer } from "node:buffer";
import { parseDurationMs } from "../../base/units.ts";
import { quoteGo } from "../../base/go-quote.ts";
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
import { goTypeOf } from "../go-types.ts";
import { toTagValue } from "../tags.ts";
import { compressBody, type EncodedBody, encodeBody, readCodings } from "./body.ts";
import { ScriptCookieJar } from "./cookie-jar.ts";
import { type ExpectedStatuses, toResponseCallback } from "./expected-statuses.ts";
import type { HeaderLists } from "./headers.ts";
import {
  basicAuthorization,
  credentialsOf,
  HttpUrl,
  maskUrl,
  readUrl,
  withoutCredentials,
} from "./url.ts";
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
  /** The body before its compression, which is what `response.request.body` shows. */
  readonly shownBody: string | Uint8Array | undefined;
  readonly timeoutMs: number;
  readonly maxRedirects: number;
  readonly isRedirectLimitExplicit: boolean;
  readonly throwOnFailure: boolean;
  readonly responseType: ResponseType;
  readonly discardBody: boolean;
  readonly expected: ExpectedStatuses | null;
  readonly jar: CookieJar;
  readonly cookies: readonly RequestCookie[] | undefined;
  /** Whose request it is. */
  readonly sender: Sender;
  /** The URL as the script shows it of its request, with what a digest login takes out of it. */
  readonly requestUrl: string;
  /** The header that the credentials of the URL became, which k6 does not show as one of the script's. */
  readonly urlAuthorization: string | undefined;
  /** How the call logs in; undefined: at most by a header. */
  readonly authentication: Authentication | undefined;
}

/** What a response needs for what it can do itself: parse HTML, submit a form, follow a link. */
export interface Sender {
  readonly vu: VuContext;
  /** Performs a request that the script waits for. */
  send(call: RequestCall): unknown;
}

/** The arguments of a request, as the script gave them. */
export interface RequestCall {
  readonly method: string;
  readonly url: unknown;
  readonly body: unknown;
  readonly params: unknown;
}

/** What a plan takes from the VU's http module. */
export interface PlanSource {
  readonly vu: VuContext;
  readonly sender: Sender;
  readonly headerLists: HeaderLists;
  /** The VU's response callback (http.setResponseCallback). */
  readonly expected: ExpectedStatuses | null;
}

/**
 * Keys count as soon as they are there, whatever stands in them. Each is asked for by its name where it counts: in one
 * helper for all of them V8 looks every key up anew, which was 1.5 % of a request.
 */
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
  const given = readUrl(call.url);
  const params = readParams(call.params);
  const authentication = readAuthentication(params.auth, given);
  // As in k6, a digest login takes the credentials out of the URL.
  const url = authentication?.scheme === "digest" ? withoutCredentials(given) : given;
  const named = readTags(vu, params.tags);
  const body = prepareBody(vu, call, params);
  const authorization = basicAuthorization(given);
  const responseType =
    "responseType" in params ? readResponseType(params.responseType) : defaultResponseType(vu);
  return {
    method: call.method,
    url,
    name: named.name ?? (call.url instanceof HttpUrl ? call.url.name : maskUrl(url)),
    isNamed: named.name !== undefined || call.url instanceof HttpUrl,
    tags: named.tags,
    headers: prepareHeaders(source, call, {
      given: params.headers,
      url: given,
      body,
      authorization,
    }),
    body: body.content,
    shownBody: body.plain,
    timeoutMs: "timeout" in params ? readTimeoutMs(params.timeout) : defaultTimeoutMs,
    maxRedirects: "redirects" in params ? readRedirects(params.redirects) : vu.options.maxRedirects,
    isRedirectLimitExplicit: "redirects" in params || vu.options.maxRedirectsSet,
    throwOnFailure: "throw" in params ? Boolean(params.throw) : vu.options.throwOnFailure,
    responseType,
    discardBody: responseType === "none" && vu.options.httpDebug !== "full",
    expected:
      params.responseCallback === undefined
        ? source.expected
        : readResponseCallback(params.responseCallback),
    jar: readJar(vu, params.jar),
    cookies: params.cookies === undefined ? undefined : readCookies(params.cookies),
    sender: source.sender,
    authentication,
    requestUrl: given,
    urlAuthorization: authorization,
  };
}

function isSet(value: unknown): value is NonNullable<unknown> {
  return value !== undefined && value !== null;
}

/** What is no object has no keys: it is ignored. */
function readParams(params: unknown): Params {
  return typeof params === "object" && params !== null ? params : noParams;
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
  if (!isSet(custom)) return { tags, name: undefined };
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
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`invalid HTTP request metric tags: ${error.message}`);
  }
}

interface PreparedBody extends EncodedBody {
  readonly plain: EncodedBody["content"];
  readonly contentEncoding?: string | undefined;
}

const noBody: PreparedBody = Object.freeze({ content: undefined, plain: undefined });

function prepareBody(vu: VuContext, call: RequestCall, params: Params): PreparedBody {
  const compression = "compression" in params ? textOf(params.compression) : "";
  if (compression === "" && (call.body === undefined || call.body === null)) return noBody;
  const encoded = encodeBody(call.body);
  const { content: plain, contentType } = encoded;
  // Not by a spread: this is on the way of every request, and a spread was 2 % of it.
  if (compression === "") return { content: plain, contentType, contentEncoding: undefined, plain };
  const codings = readCodings(compression);
  if (plain === undefined) return { ...encoded, plain };
  const { content, contentEncoding } = compressBody(plain, codings);
  const own = headerGiven(params.headers, "content-encoding");
  if (own !== undefined && textOf(own) !== contentEncoding) warnOfEncoding(vu, call);
  return { content, contentEncoding, contentType, plain };
}

function warnOfEncoding(vu: VuContext, { method, url }: RequestCall): void {
  vu.logger.log(
    "warning",
    "There's a mismatch between the desired `compression` the manually set `Content-Encoding` header " +
      `in the ${method} request for '${readUrl(url)}', the custom header has precedence and won't be overwritten. ` +
      "This may result in invalid data being sent to the server.",
  );
}

function prepareHeaders(
  source: PlanSource,
  { method }: RequestCall,
  parts: { given: unknown; url: string; body: PreparedBody; authorization: string | undefined },
): HeaderFields {
  const { vu, headerLists } = source;
  const { given, url, body, authorization } = parts;
  const length = headerGiven(given, "content-length");
  if (length !== undefined) {
    const bodyBytes = body.content === undefined ? 0 : Buffer.byteLength(body.content);
    if (textOf(length) !== String(bodyBytes)) {
      vu.logger.log(
        "warning",
        `The specified Content-Length header ${quoteGo(textOf(length))} in the ${method} request for ${url} ` +
          `doesn't match the actual request body length of ${bodyBytes}, so it will be ignored!`,
      );
    }
  }
  return headerLists.build(isSet(given) ? (Object(given) as object) : undefined, {
    userAgent: vu.options.userAgent,
    contentType: body.contentType,
    contentEncoding: body.contentEncoding,
    authorization,
  });
}

/** The value that the script gives for a header; `name` in lower case. */
function headerGiven(given: unknown, name: string): unknown {
  if (typeof given !== "object" || given === null) return undefined;
  for (const key in given) {
    if (key.length === name.length && key.toLowerCase() === name)
      return (given as Record<string, unknown>)[key];
  }
  return undefined;
}

/** The duration that was read last: scripts give one constant, and reading it anew was 4 % of a request's garbage. */
let lastTimeout: { readonly given: string; readonly timeoutMs: number } | undefined;

/** Milliseconds; 0 for what is over at once. */
function readTimeoutMs(timeout: unknown): number {
  if (lastTimeout !== undefined && timeout === lastTimeout.given) return lastTimeout.timeoutMs;
  if (typeof timeout === "number") return timeout > 0 && timeout < Infinity ? timeout : 0;
  if (typeof timeout !== "string") {
    throw new GoError(
      `invalid timeout value: unable to use type ${goTypeOf(timeout)} as a duration value`,
    );
  }
  const timeoutMs = parseDurationMs(timeout);
  if (timeoutMs === undefined) {
    const problem = `${durationProblem(timeout)} duration ${quoteGo(timeout)}`;
    throw new GoError(`invalid timeout value: time: ${problem}`);
  }
  lastTimeout = { given: timeout, timeoutMs: Math.max(0, timeoutMs) };
  return lastTimeout.timeoutMs;
}

/** Go's words for a text that is no duration. */
function durationProblem(text: string): string {
  const rest = /^[+-]?(?:\d+\.?\d*|\.\d+)(?<rest>.*)$/u.exec(text)?.groups?.["rest"];
  if (rest === undefined) return "invalid";
  const unit = /^[^\d.]*/u.exec(rest)![0];
  return unit === "" ? "missing unit in" : `unknown unit ${quoteGo(unit)} in`;
}

function readRedirects(redirects: unknown): number {
  const count = Math.trunc(Number(redirects));
  return count > 0 ? count : 0;
}

function defaultResponseType(vu: VuContext): ResponseType {
  return vu.options.discardResponseBodies ? "none" : "text";
}

function readResponseType(responseType: unknown): ResponseType {
  if (responseType === "text" || responseType === "binary" || responseType === "none")
    return responseType;
  throw new GoError(`${textOf(responseType)} does not belong to ResponseType values`);
}

function readResponseCallback(callback: unknown): ExpectedStatuses | null {
  const expected = toResponseCallback(callback);
  if (expected === undefined) throw new GoError("unsupported responseCallback");
  return expected;
}

function readJar(vu: VuContext, jar: unknown): CookieJar {
  return ScriptCookieJar.unwrap(jar) ?? vu.cookieJar;
}

function readCookies(cookies: unknown): RequestCookie[] {
  if (!isSet(cookies)) return [];
  const given = Object.entries(cookies).filter(([, value]) => isSet(value));
  return given.map(([name, cookie]: [string, unknown]) => {
    if (typeof cookie !== "object" || Array.isArray(cookie))
      return { name, value: textOf(cookie), replace: false };
    const { value, replace } = cookie as { value?: unknown; replace?: unknown };
    return { name, value: value === undefined ? "" : textOf(value), replace: Boolean(replace) };
  });
}

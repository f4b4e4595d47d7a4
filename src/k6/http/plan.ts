/**
 * From the arguments of a request to a plan: everything that is decided before the first byte is sent.
 * Arguments that k6 refuses are a GoError here; the caller makes of it a response with status 0, or throws it.
 * Keys of `params`: reference k6-behaviour 4.3.
 */
import { formatGoDuration, parseDurationMs } from "../../base/units.ts";
import type {
  CookieJar,
  HeaderFields,
  HttpRequest,
  RedirectOptions,
  RequestCookie,
} from "../../http/index.ts";
import type { TagSet } from "../../metrics/index.ts";
import type { VuContext } from "../context.ts";
import { featureMissing, GoError } from "../errors.ts";
import { toTagValue } from "../tags.ts";
import { compressBody, type EncodedBody, encodeBody } from "./body.ts";
import { ScriptCookieJar } from "./cookie-jar.ts";
import { type ExpectedStatuses, toResponseCallback } from "./expected-statuses.ts";
import type { HeaderLists } from "./headers.ts";
import { basicAuthorization, HttpUrl, maskUrl } from "./url.ts";
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
  /** Whose request it is. */
  readonly sender: Sender;
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
interface PlanSource {
  readonly vu: VuContext;
  readonly sender: Sender;
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
  requireKnownAuth(params.auth);
  const url = typeof call.url === "string" ? call.url : String(call.url);
  const named = readTags(vu.tags, params.tags);
  const body = prepareBody(vu, call.body, params.compression);
  const responseType = readResponseType(vu, params.responseType);
  return {
    method: call.method,
    url,
    name: named.name ?? (call.url instanceof HttpUrl ? call.url.name : maskUrl(url)),
    isNamed: named.name !== undefined,
    tags: named.tags,
    headers: prepareHeaders(source, { given: params.headers, url, body }),
    body: body.content,
    timeoutMs: readTimeoutMs(params.timeout),
    maxRedirects: isSet(params.redirects)
      ? readRedirects(params.redirects)
      : vu.options.maxRedirects,
    isRedirectLimitExplicit: isSet(params.redirects) || vu.options.maxRedirectsSet,
    throwOnFailure: wantsThrow(vu, call.params),
    responseType,
    discardBody: responseType === "none",
    expected:
      params.responseCallback === undefined
        ? source.expected
        : toResponseCallback(params.responseCallback),
    jar: readJar(vu, params.jar),
    cookies: params.cookies === undefined ? undefined : readCookies(params.cookies),
    sender: source.sender,
  };
}

/** True when a failure of this call is thrown; also asked when the rest of `params` cannot be read. */
export function wantsThrow(vu: VuContext, params: unknown): boolean {
  const own = typeof params === "object" && params !== null ? (params as Params).throw : undefined;
  return isSet(own) ? Boolean(own) : vu.options.throwOnFailure;
}

/** null is "not given" for every key but responseCallback, where it switches the metric off. */
function isSet(value: unknown): value is NonNullable<unknown> {
  return value !== undefined && value !== null;
}

function readParams(params: unknown): Params {
  if (params === undefined || params === null) return noParams;
  if (typeof params !== "object")
    throw new GoError(`invalid request params: an object is expected, got ${typeof params}`);
  return params;
}

function requireKnownAuth(auth: unknown): void {
  if (auth === undefined || auth === null || auth === "" || auth === "basic") return;
  if (auth === "digest" || auth === "ntlm") throw featureMissing(`${auth} authentication`);
  throw new GoError(`unknown auth '${textOf(auth)}': expected basic, digest or ntlm`);
}

/** The user's tags on top of the VU's. The name is taken out, because it also stands for the URL; a `url` is ignored. */
function readTags(tags: TagSet, custom: unknown): { tags: TagSet; name: string | undefined } {
  if (!isSet(custom) || custom === null) return { tags, name: undefined };
  if (typeof custom !== "object")
    throw new GoError(`invalid metric tags: an object is expected, got ${typeof custom}`);
  let joined = tags;
  let name: string | undefined;
  for (const [key, value] of Object.entries(custom)) {
    const text = toTagValue(key, value);
    if (key === "name") name = text;
    else if (key !== "url") joined = joined.with(key, text);
  }
  return { tags: joined, name };
}

interface PreparedBody extends EncodedBody {
  readonly contentEncoding?: string | undefined;
}

function prepareBody(vu: VuContext, body: unknown, compression: unknown): PreparedBody {
  const encoded = encodeBody(body, vu.logger);
  const { content, contentType } = encoded;
  if (
    content === undefined ||
    compression === undefined ||
    compression === null ||
    compression === ""
  ) {
    return encoded;
  }
  return { ...compressBody(content, textOf(compression)), contentType };
}

function prepareHeaders(
  source: PlanSource,
  parts: { given: unknown; url: string; body: PreparedBody },
): HeaderFields {
  const { vu, headerLists } = source;
  const { given, url, body } = parts;
  if (given !== undefined && given !== null && typeof given !== "object") {
    throw new GoError(`invalid request headers: an object is expected, got ${typeof given}`);
  }
  if (given !== undefined && given !== null && givesContentLength(given)) {
    vu.logger.log("warning", "The header Content-Length is ignored: it is computed from the body");
  }
  return headerLists.build(given ?? undefined, {
    userAgent: vu.options.userAgent,
    contentType: body.contentType,
    contentEncoding: body.contentEncoding,
    authorization: basicAuthorization(url),
  });
}

function givesContentLength(given: object): boolean {
  for (const name in given) {
    if (name.length === 14 && name.toLowerCase() === "content-length") return true;
  }
  return false;
}

/** The duration that was read last: scripts give one constant, and reading it anew was 4 % of a request's garbage. */
let lastTimeout: { readonly given: string; readonly timeoutMs: number } | undefined;

function readTimeoutMs(timeout: unknown): number {
  if (timeout === undefined || timeout === null) return defaultTimeoutMs;
  if (lastTimeout !== undefined && timeout === lastTimeout.given) return lastTimeout.timeoutMs;
  const timeoutMs = parseTimeoutMs(timeout);
  if (typeof timeout === "string") lastTimeout = { given: timeout, timeoutMs };
  return timeoutMs;
}

function parseTimeoutMs(timeout: unknown): number {
  const timeoutMs = parseDurationMs(timeout);
  if (timeoutMs === undefined)
    throw new GoError(`invalid timeout value: '${textOf(timeout)}' is no duration`);
  if (timeoutMs < 0)
    throw new GoError(`invalid timeout value: ${formatGoDuration(timeoutMs)} is negative`);
  return timeoutMs === 0 ? defaultTimeoutMs : timeoutMs;
}

function readRedirects(redirects: unknown): number {
  const count = Number(redirects);
  if (!Number.isFinite(count))
    throw new GoError(`invalid redirects value: '${String(redirects)}' is no number`);
  return Math.max(0, Math.trunc(count));
}

function readResponseType(vu: VuContext, responseType: unknown): ResponseType {
  if (!isSet(responseType)) return vu.options.discardResponseBodies ? "none" : "text";
  if (responseType === "text" || responseType === "binary" || responseType === "none")
    return responseType;
  throw new GoError(`${textOf(responseType)} is not a valid ResponseType`);
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

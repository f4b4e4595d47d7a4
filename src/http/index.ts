/** Door of `http`: one request, and what came of it, over connections that belong to one VU. */
export type {
  Exchange,
  ExchangeReceiver,
  HeaderFields,
  HttpClient,
  HttpFailure,
  HttpOptions,
  HttpRequest,
  HttpStack,
  Timings,
} from "./exchange.ts";
export { CookieJar, parseSetCookies } from "./cookies.ts";
export type { CookieAttributes, ReceivedCookie } from "./cookies.ts";
export { decodeBody } from "./decode.ts";
export { formatUrl, parseProblem, parseUrl, quote, resolveUrl, splitUrl } from "./go-url.ts";
export type { UrlParts } from "./go-url.ts";
export { httpErrorCodes } from "./errors.ts";
export { createExchange } from "./pending-exchange.ts";
export { followRedirects, sendFollowingRedirects, withJarCookies } from "./redirects.ts";
export type { RedirectOptions, RedirectResult, RequestCookie } from "./redirects.ts";
export { createHttpStack } from "./stack.ts";

/** Door of `http`: one request, and what came of it, over connections that belong to one VU. */
export type {
  DialAddress,
  DnsSettings,
  Exchange,
  ExchangeReceiver,
  HeaderFields,
  HttpClient,
  HttpFailure,
  HttpOptions,
  HttpRequest,
  HttpStack,
  ProxyOptions,
  TlsCertificate,
  TlsOptions,
  TlsVersion,
  Timings,
} from "./exchange.ts";
export { AuthenticatingClient } from "./authentication.ts";
export type { Authentication } from "./authentication.ts";
export { CookieJar, parseSetCookies } from "./cookies.ts";
export type { CookieAttributes, ReceivedCookie } from "./cookies.ts";
export { ConfirmedHosts, isLoopback } from "./confirmed-hosts.ts";
export { decodeBody } from "./decode.ts";
export { failureText, httpErrorCodes } from "./errors.ts";
export { LoadGuard } from "./load-guard.ts";
export { createExchange } from "./pending-exchange.ts";
export { followRedirects, sendFollowingRedirects, withJarCookies } from "./redirects.ts";
export type { RedirectOptions, RedirectResult, RequestCookie } from "./redirects.ts";
export { parseGoUrl, readGoUrl, requestTargetOf } from "./go-url.ts";
export { createHttpStack } from "./stack.ts";

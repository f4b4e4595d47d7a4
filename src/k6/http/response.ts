/**
 * What a request gives the script: k6's response fields (reference k6-behaviour 4.4).
 * Plain fields are copied from the exchange; headers, cookies, body text and the request are made when first read,
 * because most scripts read only the status.
 */
import { Buffer } from "node:buffer";
import { createExchange, parseSetCookies } from "../../http/index.ts";
import type { Exchange, HeaderFields, ReceivedCookie, Timings } from "../../http/index.ts";
import { toArrayBuffer } from "../bytes.ts";
import { GoError } from "../errors.ts";
import { HostObject, listMembers } from "../host-object.ts";
import { parseHtml, type Selection } from "../html/selection.ts";
import { shownAs } from "../inspect.ts";
import { parseJson } from "../json/parse.ts";
import { selectJson } from "../json/select.ts";
import { textOf } from "../text.ts";
import { canonicalHeaderName } from "./headers.ts";
import { formRequest, linkRequest } from "./page-actions.ts";
import type { RequestPlan } from "./plan.ts";

type Body = string | ArrayBuffer | null;
type HeaderValues = Record<string, string>;
type CookieLists = Record<string, ReceivedCookie[]>;

/** What an answer is made of. */
interface ResponseParts {
  readonly plan: RequestPlan;
  /** Headers of the first hop. */
  readonly sent: HeaderFields;
  /** The first hop, which `request` describes. */
  readonly first: Exchange;
  /** The last hop, which is the answer. */
  readonly last: Exchange;
  /** The body of the last hop without its content encodings. */
  readonly content: Uint8Array;
  readonly errorCode: number;
}

const noOcsp = {
  produced_at: 0,
  this_update: 0,
  next_update: 0,
  revoked_at: 0,
  revocation_reason: "",
  status: "",
};
/** No connection of lakh asks for an OCSP answer: over TLS the status is unknown, and over plain TCP there is none. */
const unknownOcsp = { ...noOcsp, status: "unknown" };

/** A response. */
export class HttpResponse extends HostObject {
  remote_ip: string;
  remote_port: number;
  url: string;
  status: number;
  status_text: string;
  proto: string;
  timings: Timings;
  tls_version: string;
  tls_cipher_suite: string;
  ocsp: Readonly<Record<string, unknown>>;
  error: string;
  error_code: number;
  readonly #parts: ResponseParts;
  #headers: HeaderValues | undefined;
  #cookies: CookieLists | undefined;
  #request: unknown;
  /** undefined until it is read. */
  #body: Body | undefined;

  constructor(parts: ResponseParts) {
    super();
    const { last } = parts;
    this.#parts = parts;
    this.remote_ip = last.remoteIp;
    this.remote_port = last.remotePort;
    this.url = last.url;
    this.status = last.status;
    this.status_text = statusText(last);
    this.proto = last.proto;
    this.timings = last.timings;
    this.tls_version = last.tlsVersion;
    this.tls_cipher_suite = last.tlsCipherSuite;
    this.ocsp = last.tlsVersion === "" ? noOcsp : unknownOcsp;
    this.error = last.failure?.message ?? "";
    this.error_code = parts.errorCode;
  }

  get headers(): HeaderValues {
    this.#headers ??= joinHeaders(this.#parts.last);
    return this.#headers;
  }

  set headers(headers: HeaderValues) {
    this.#headers = headers;
  }

  get cookies(): CookieLists {
    this.#cookies ??= groupCookies(this.#parts.last);
    return this.#cookies;
  }

  set cookies(cookies: CookieLists) {
    this.#cookies = cookies;
  }

  get body(): Body {
    if (this.#body === undefined) this.#body = readBody(this.#parts);
    return this.#body;
  }

  set body(body: Body) {
    this.#body = body;
  }

  get request(): unknown {
    if (this.#request === undefined) this.#request = describeRequest(this.#parts);
    return this.#request;
  }

  set request(request: unknown) {
    this.#request = request;
  }

  /** The parsed body, or what `selector` finds in it; a fresh value each time, as in k6. */
  json(...selector: unknown[]): unknown {
    const { body } = this;
    if (body === null) {
      throw new GoError(
        "the body is null so we can't transform it to JSON - " +
          "this likely was because of a request error getting the response",
      );
    }
    const text = typeof body === "string" ? body : Buffer.from(body).toString("utf8");
    if (selector.length === 0) return parseJson(text);
    const path = textOf(selector[0]);
    return path === "" ? undefined : selectJson(text, path);
  }

  /** The parsed page, or what `selector` finds in it. */
  html(...selector: unknown[]): Selection {
    const { body } = this;
    if (body === null) {
      throw new GoError(
        "the body is null so we can't transform it to HTML - " +
          "this likely was because of a request error getting the response",
      );
    }
    const text = typeof body === "string" ? body : Buffer.from(body).toString("utf8");
    const page = parseHtml(this.#parts.plan.sender.vu, text, this.url);
    return selector.length === 0 ? page : page.find(textOf(selector[0]));
  }

  /** Sends a form of the page, as its button would. */
  submitForm(...options: unknown[]): unknown {
    return this.#act(formRequest, options);
  }

  /** Follows a link of the page. */
  clickLink(...options: unknown[]): unknown {
    return this.#act(linkRequest, options);
  }

  #act(toRequest: typeof formRequest, options: readonly unknown[]): unknown {
    const page = { url: this.url, selection: this.html() };
    return this.#parts.plan.sender.send(toRequest(page, options.length === 0 ? {} : options[0]));
  }

  /** All fields as a plain object, for JSON.stringify and the console. */
  toJSON(): Record<string, unknown> {
    const { headers, cookies, body, request } = this;
    return { ...(this as object), headers, cookies, body, request };
  }
}

listMembers(HttpResponse.prototype, ["toJSON"]);

const noBytes: readonly number[] = Object.freeze([]);

Object.defineProperty(HttpResponse.prototype, shownAs, {
  value(this: HttpResponse): Record<string, unknown> {
    return this.toJSON();
  },
});

/** The answer to a call that was refused before anything was sent (reference k6-behaviour 4.6). */
export function createRefusal(call: { error: string; errorCode: number }): HttpResponse {
  const exchange = createExchange("", "");
  exchange.failure = { code: call.errorCode, message: call.error, generatorFault: undefined };
  const response = new HttpResponse({
    plan: refusedPlan,
    sent: [],
    first: exchange,
    last: exchange,
    content: new Uint8Array(0),
    errorCode: call.errorCode,
  });
  // As k6 shows a response that was never made.
  response.body = noBytes as unknown as Body;
  response.request = null;
  return response;
}

/** The little of a plan that a response reads; a refused call never had one. */
const refusedPlan = {
  responseType: "none",
  shownBody: undefined,
} as unknown as RequestPlan;

function statusText(exchange: Exchange): string {
  if (exchange.status === 0) return "";
  // Go cuts the line of HTTP/1.1 and puts that of HTTP/2 together, also for a status without a phrase.
  return exchange.statusText === "" && exchange.proto !== "HTTP/2.0"
    ? String(exchange.status)
    : `${exchange.status} ${exchange.statusText}`;
}

function joinHeaders(exchange: Exchange): HeaderValues {
  const joined: HeaderValues = {};
  for (const [name, value] of exchange.headers) {
    const key = canonicalHeaderName(name);
    const earlier = joined[key];
    joined[key] = earlier === undefined ? value : `${earlier}, ${value}`;
  }
  return joined;
}

function groupCookies(exchange: Exchange): CookieLists {
  const groups: CookieLists = {};
  for (const cookie of parseSetCookies(exchange)) (groups[cookie.name] ??= []).push(cookie);
  return groups;
}

function readBody({ plan, last, content }: ResponseParts): Body {
  if (plan.responseType === "none" || hasNoBody(last, content)) return null;
  if (plan.responseType === "binary") return toArrayBuffer(content);
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("utf8");
}

function hasNoBody({ status, body, failure }: Exchange, content: Uint8Array): boolean {
  // Of a body that broke off there is a text, if an empty one; where none was begun there is null.
  if (failure !== undefined && content.length === 0) return body === undefined;
  return status === 204 || status === 304 || (status < 200 && body === undefined);
}

function describeRequest({ plan, sent, first }: ResponseParts): unknown {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of sent) {
    if (name === "Authorization" && value === plan.urlAuthorization) continue;
    (headers[name] ??= []).push(value);
  }
  const body = plan.shownBody;
  const text =
    body === undefined || typeof body === "string" ? body : Buffer.from(body).toString("utf8");
  const cookies = sentCookies(headers["Cookie"] ?? []);
  return { method: first.method, url: plan.requestUrl, headers, body: text ?? "", cookies };
}

interface SentCookie {
  readonly name: string;
  readonly value: string;
  /** What was replaced is not among them, and k6 says so for all. */
  readonly replace: false;
}

function sentCookies(fields: readonly string[]): Record<string, SentCookie[]> {
  const cookies: Record<string, SentCookie[]> = {};
  for (const pair of fields.flatMap((field) => field.split("; "))) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals);
    const value = pair.slice(equals + 1).replace(/^"(.*)"$/u, "$1");
    (cookies[name] ??= []).push({ name, value, replace: false });
  }
  return cookies;
}

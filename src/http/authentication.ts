/**
 * k6's `auth: "digest"` and `auth: "ntlm"`: each request of a call is asked for without the answer first, and again with
 * it when the server wants one; nothing is kept for the next call. Every exchange on the wire is told, in order.
 */
import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { answerDigest } from "./digest.ts";
import type { Exchange, HeaderFields, HttpClient, HttpRequest } from "./exchange.ts";
import { requestTargetOf } from "./go-url.ts";
import { authenticateMessage, negotiateMessage, parseChallenge } from "./ntlm.ts";
import { fieldValues } from "./response-head.ts";

/** How a call logs in. */
export interface Authentication {
  readonly scheme: "digest" | "ntlm";
  /** Empty: the URL names nobody. */
  readonly user: string;
  readonly password: string;
}

/** What answers of a client go through: {@link HttpClient.send} with the login's exchanges around. */
export class AuthenticatingClient implements Pick<HttpClient, "send"> {
  readonly #client: HttpClient;
  readonly #clock: Clock;
  readonly #onExchange: (exchange: Exchange) => void;
  #authentication: Authentication;

  /** @param parts.onExchange told of every exchange on the wire, in order */
  constructor(
    client: HttpClient,
    authentication: Authentication,
    parts: { clock: Clock; onExchange: (exchange: Exchange) => void },
  ) {
    this.#client = client;
    this.#authentication = authentication;
    this.#clock = parts.clock;
    this.#onExchange = parts.onExchange;
  }

  send(request: HttpRequest): Promise<Exchange> {
    const authentication = this.#authentication;
    // As in k6, the credentials of the first URL do not go on to where it redirects.
    this.#authentication = { ...authentication, user: "", password: "" };
    return new Promise((resolve) => {
      if (authentication.scheme === "digest") this.#sendDigest(request, authentication, resolve);
      else this.#sendNtlm(request, authentication, resolve);
    });
  }

  #exchange(request: HttpRequest, then: (exchange: Exchange) => void): void {
    this.#client.start(request, {
      onExchange: (exchange) => {
        this.#onExchange(exchange);
        then(exchange);
      },
    });
  }

  #sendDigest(
    request: HttpRequest,
    { user, password }: Authentication,
    resolve: (exchange: Exchange) => void,
  ): void {
    this.#exchange(request, (first) => {
      if (first.status !== 401) {
        resolve(first);
        return;
      }
      const answer = answerDigest(fieldValues(first.headers, "www-authenticate"), {
        method: request.method,
        target: requestTargetOf(request.url).target,
        body: request.body,
        user,
        password,
        cnonce: randomBytes(16).toString("hex"),
      });
      this.#exchange(withAuthorization(request, answer, first), resolve);
    });
  }

  /**
   * The login is the connection's: its two requests must go over the same one. They do, because the last begins in the
   * very call that gives the connection back, and the connection used last is taken first.
   */
  #sendNtlm(
    request: HttpRequest,
    { user, password }: Authentication,
    resolve: (exchange: Exchange) => void,
  ): void {
    const anonymous = withoutAuthorization(request);
    this.#exchange(anonymous, (first) => {
      const scheme = offeredScheme(first);
      if (scheme === undefined || user === "") {
        resolve(first);
        return;
      }
      const greeting = withAuthorization(anonymous, `${scheme} ${negotiateMessage}`, first);
      this.#exchange(greeting, (second) => {
        const challenge = readChallenge(second, scheme);
        if (challenge === undefined) {
          resolve(second);
          return;
        }
        const message = authenticateMessage(challenge, {
          user,
          password,
          wallMs: this.#clock.wallMs(),
          clientChallenge: randomBytes(8),
        });
        this.#exchange(withAuthorization(greeting, `${scheme} ${message}`, second), resolve);
      });
    });
  }
}

function offeredScheme({ status, headers }: Exchange): "NTLM" | "Negotiate" | undefined {
  if (status !== 401) return undefined;
  const offers = fieldValues(headers, "www-authenticate").flatMap((value) => value.split(","));
  return (["NTLM", "Negotiate"] as const).find((scheme) =>
    offers.some((offer) => offer.trim().split(" ")[0] === scheme),
  );
}

function readChallenge({ status, headers }: Exchange, scheme: string) {
  if (status !== 401) return undefined;
  for (const value of fieldValues(headers, "www-authenticate")) {
    if (value.startsWith(`${scheme} `)) return parseChallenge(value.slice(scheme.length + 1));
  }
  return undefined;
}

/** The same request with the answer, in the time that is left. */
function withAuthorization(
  request: HttpRequest,
  authorization: string,
  { timings }: Exchange,
): HttpRequest {
  const { headers } = withoutAuthorization(request);
  return {
    ...request,
    headers: [...headers, ["Authorization", authorization]] satisfies HeaderFields,
    timeoutMs: request.timeoutMs - timings.blocked - timings.duration,
  };
}

function withoutAuthorization(request: HttpRequest): HttpRequest {
  return {
    ...request,
    headers: request.headers.filter(([name]) => name.toLowerCase() !== "authorization"),
  };
}

/**
 * Sends a planned request and follows its redirects: waits for the rate limiter, records a full set of samples for each
 * hop, counts the bytes, warns or throws when it failed. A request whose iteration was cut leaves no samples.
 */
import {
  AuthenticatingClient,
  decodeBody,
  failureText,
  followRedirects,
  withJarCookies,
} from "../../http/index.ts";
import type { Exchange, ExchangeReceiver, HeaderFields, RedirectResult } from "../../http/index.ts";
import type { BlockedCall, VuContext } from "../context.ts";
import { GoError, goErrorAt } from "../errors.ts";
import type { WorkerScope } from "../worker-scope.ts";
import { logExchange } from "./debug.ts";
import type { RequestPlan } from "./plan.ts";
import { createRefusal, HttpResponse } from "./response.ts";
import { offerExchange } from "./offer.ts";
import { errorCodeOf, type KeepableOutcome } from "./series.ts";
import { maskUrl } from "./url.ts";

export const invalidUrlCode = 1020;

/** Performs a request. @throws GoError when it failed and the plan says to throw */
export async function sendPlan(
  vu: VuContext,
  scope: WorkerScope,
  plan: RequestPlan,
): Promise<HttpResponse> {
  if (vu.options.rps > 0) {
    await scope.limiter.take(vu);
    // The wait ends early when the iteration is cut: what was not sent then is not sent any more.
    if (vu.interrupted) return createRefusal({ error: "interrupted", errorCode: 0 });
  }
  const { authentication } = plan;
  const onWire: Exchange[] = [];
  const client =
    authentication === undefined
      ? vu.http
      : new AuthenticatingClient(vu.http, authentication, {
          clock: vu.clock,
          onExchange: (exchange) => onWire.push(exchange),
        });
  const sent = withJarCookies(plan, plan);
  const first = await client.send(sent);
  const following = followRedirects(client, { request: plan, first }, plan);
  const result = await (following ?? { exchanges: [first], isLimitReached: false });
  const recorded = authentication === undefined ? result.exchanges : onWire;
  return finish({ vu, scope, plan, sent: sent.headers }, result, recorded);
}

/** Performs a request that the script waits for. */
export function sendBlocking(vu: VuContext, scope: WorkerScope, plan: RequestPlan): HttpResponse {
  if (vu.options.rps > 0 || plan.authentication !== undefined)
    return vu.block(sendPlan(vu, scope, plan));
  return vu.suspend((call) => {
    const sent = withJarCookies(plan, plan);
    vu.http.start(sent, new BlockingSend({ vu, scope, plan, sent: sent.headers }, call));
  });
}

interface Sending {
  readonly vu: VuContext;
  readonly scope: WorkerScope;
  readonly plan: RequestPlan;
  /** Headers of the first hop, with its cookies. */
  readonly sent: HeaderFields;
}

/** A call of the script until its answer is there: without a promise between the socket and the script (measured). */
class BlockingSend implements ExchangeReceiver {
  readonly #sending: Sending;
  readonly #call: BlockedCall<HttpResponse>;
  /** Where the script called, when a failure is an exception. */
  readonly #site: Error | undefined;

  constructor(sending: Sending, call: BlockedCall<HttpResponse>) {
    this.#sending = sending;
    this.#call = call;
    this.#site = sending.plan.throwOnFailure ? new GoError("") : undefined;
  }

  onExchange(first: Exchange): void {
    const { vu, plan } = this.#sending;
    const following = followRedirects(vu.http, { request: plan, first }, plan);
    if (following === undefined) {
      this.#finish({ exchanges: [first], isLimitReached: false });
      return;
    }
    following.then(
      (result) => this.#finish(result),
      (error: unknown) => this.#fail(error),
    );
  }

  #finish(result: RedirectResult): void {
    let response: HttpResponse;
    try {
      response = finish(this.#sending, result);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#call.done(response);
  }

  #fail(error: unknown): void {
    const isPlaceless = this.#site !== undefined && error instanceof GoError;
    this.#call.fail(isPlaceless ? goErrorAt(this.#site, error.message) : error);
  }
}

/**
 * Records what was on the wire (the hops, and the exchanges of their logins) and makes the answer of the hops.
 * @throws GoError when it failed and the plan says to throw
 */
function finish(
  { vu, scope, plan, sent }: Sending,
  result: RedirectResult,
  onWire: readonly Exchange[] = result.exchanges,
): HttpResponse {
  const { exchanges, isLimitReached } = result;
  const first = exchanges[0]!;
  const last = exchanges.at(-1)!;
  const { httpDebug } = vu.options;
  if (httpDebug !== undefined) {
    for (const exchange of onWire) logExchange(vu, exchange, httpDebug === "full");
  }
  // Before the samples: a body that cannot be decoded makes the exchange a failed one (1701).
  const content = plan.responseType === "none" ? noBytes : decodeBody(last);
  for (const exchange of onWire) {
    const kept = record(vu, scope, {
      exchange,
      plan,
      isFirst: exchange.url === first.url,
      isExpected: exchange === onWire[0] ? isChallengeExpected(plan, exchange) : undefined,
    });
    if (kept !== undefined)
      offerExchange(vu, kept, {
        exchange,
        name: nameOf(plan, exchange, exchange.url === first.url),
        plan,
        onWire,
        content: exchange === last ? content : undefined,
      });
  }
  if (isLimitReached && !plan.isRedirectLimitExplicit) warnOfRedirectLimit(vu, plan);
  if (last.status === 101)
    throw new GoError("unsupported response status: 101 Switching Protocols");
  if (last.failure !== undefined) reportFailure(vu, plan, failureText(last, last.failure));
  return new HttpResponse({ plan, sent, first, last, content, errorCode: errorCodeOf(last) });
}

/** What becomes of a call that was refused before it was sent: thrown, or a response with status 0. */
export function refuseCall(
  vu: VuContext,
  call: { throwOnFailure: boolean; errorCode: number },
  error: string,
): HttpResponse {
  reportFailure(vu, call, error);
  return createRefusal({ error, errorCode: call.errorCode });
}

/** What k6 makes of the first answer of a login: digest wants a 401, NTLM takes one. Undefined: as of any other. */
function isChallengeExpected(
  { authentication }: RequestPlan,
  { status }: Exchange,
): boolean | undefined {
  if (authentication?.scheme === "digest") return status === 401;
  return authentication !== undefined && status === 401 ? true : undefined;
}

function record(
  vu: VuContext,
  scope: WorkerScope,
  hop: { exchange: Exchange; plan: RequestPlan; isFirst: boolean; isExpected: boolean | undefined },
): KeepableOutcome | undefined {
  const { exchange, plan, isFirst } = hop;
  vu.countData(exchange.bytesSent, exchange.bytesReceived);
  if (vu.interrupted) return undefined;
  return scope.http.record(vu, exchange, {
    tags: plan.tags,
    name: nameOf(plan, exchange, isFirst),
    isExpected:
      plan.expected === null
        ? undefined
        : (hop.isExpected ??
          (exchange.failure === undefined && plan.expected.has(exchange.status))),
  });
}

function nameOf(plan: RequestPlan, exchange: Exchange, isFirst: boolean): string {
  return isFirst || plan.isNamed ? plan.name : maskUrl(exchange.url);
}

function warnOfRedirectLimit(vu: VuContext, plan: RequestPlan): void {
  vu.logger.log(
    "warning",
    `Stopped after ${plan.maxRedirects + 1} redirects and returned the redirection; ` +
      "pass { redirects: n } in request params or set global maxRedirects to silence this",
    { url: maskUrl(plan.url) },
  );
}

function reportFailure(
  vu: VuContext,
  call: { readonly throwOnFailure: boolean },
  error: string,
): void {
  if (call.throwOnFailure) throw new GoError(error);
  if (!vu.interrupted) vu.logger.log("warning", "Request Failed", { error });
}

const noBytes = new Uint8Array(0);

/**
 * Sends a planned request and follows its redirects: waits for the rate limiter, records a full set of samples for each
 * hop, counts the bytes, warns or throws when it failed. A request whose iteration was cut leaves no samples.
 */
import { decodeBody, sendFollowingRedirects } from "../../http/index.ts";
import type { Exchange } from "../../http/index.ts";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import type { WorkerScope } from "../worker-scope.ts";
import type { RequestPlan } from "./plan.ts";
import { createRefusal, HttpResponse } from "./response.ts";
import { errorCodeOf } from "./series.ts";
import { maskUrl } from "./url.ts";

const invalidUrlCode = 1020;

/** Performs a request. @throws GoError when it failed and the plan says to throw */
export async function sendPlan(
  vu: VuContext,
  scope: WorkerScope,
  plan: RequestPlan,
): Promise<HttpResponse> {
  if (vu.options.rps > 0) {
    await scope.limiter.take(vu);
    // The wait ends early when the iteration is cut: what was not sent then is not sent any more.
    if (vu.interrupted)
      return createRefusal({ method: plan.method, error: "interrupted", errorCode: 0 });
  }
  const { exchanges, isLimitReached } = await sendFollowingRedirects(
    vu.http,
    {
      method: plan.method,
      url: plan.url,
      headers: plan.headers,
      body: plan.content,
      timeoutMs: plan.timeoutMs,
      discardBody: plan.responseType === "none",
    },
    { maxRedirects: plan.maxRedirects, jar: plan.jar, cookies: plan.cookies },
  );
  const first = exchanges[0]!;
  const last = exchanges.at(-1)!;
  // Before the samples: a body that cannot be decoded makes the exchange a failed one (1701).
  const content = decodeBody(last);
  if (first.failure?.code === invalidUrlCode) return refuse(vu, plan, first.failure.message);
  for (const exchange of exchanges)
    record(vu, scope, { exchange, plan, isFirst: exchange === first });
  if (isLimitReached && !plan.isRedirectLimitExplicit) warnOfRedirectLimit(vu, plan);
  if (last.status === 101)
    throw new GoError("unsupported response status: 101 Switching Protocols");
  if (last.failure !== undefined) reportFailure(vu, plan, last.failure.message);
  return new HttpResponse({ plan, first, last, content, errorCode: errorCodeOf(last) });
}

/** What becomes of a call that was refused before it was sent: thrown, or a response with status 0. */
export function refuseCall(
  vu: VuContext,
  call: { method: string; throwOnFailure: boolean; errorCode: number },
  error: string,
): HttpResponse {
  reportFailure(vu, call, error);
  return createRefusal({ method: call.method, error, errorCode: call.errorCode });
}

function refuse(vu: VuContext, plan: RequestPlan, error: string): HttpResponse {
  return refuseCall(vu, { ...plan, errorCode: invalidUrlCode }, error);
}

function record(
  vu: VuContext,
  scope: WorkerScope,
  hop: { exchange: Exchange; plan: RequestPlan; isFirst: boolean },
): void {
  const { exchange, plan, isFirst } = hop;
  vu.countData(exchange.bytesSent, exchange.bytesReceived);
  if (vu.interrupted) return;
  scope.http.record(vu, exchange, {
    tags: plan.tags,
    name: isFirst || plan.isNamed ? plan.name : maskUrl(exchange.url),
    isExpected:
      plan.expected === null
        ? undefined
        : exchange.failure === undefined && plan.expected.has(exchange.status),
  });
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
  call: { readonly throwOnFailure: boolean; readonly method: string; readonly url?: string },
  error: string,
): void {
  if (call.throwOnFailure) throw new GoError(error);
  if (vu.interrupted) return;
  const url = call.url === undefined ? {} : { url: `${call.method} ${maskUrl(call.url)}` };
  vu.logger.log("warning", "Request Failed", { error, ...url });
}

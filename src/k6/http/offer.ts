/** Offers an exchange to whoever keeps some whole: the rare path behind the comparison in `series.ts`. */
import type { Exchange } from "../../http/index.ts";
import type { VuContext } from "../context.ts";
import type { RequestPlan } from "./plan.ts";
import type { KeepableOutcome } from "./series.ts";

interface Keepable {
  readonly exchange: Exchange;
  /** Value of its tag `name`. */
  readonly name: string;
  readonly plan: RequestPlan;
  /** All that its call had on the wire, in order. */
  readonly onWire: readonly Exchange[];
  /** The decoded body, of the last hop. */
  readonly content: Uint8Array | undefined;
}

export function offerExchange(vu: VuContext, outcome: KeepableOutcome, kept: Keepable): void {
  const { exchange, name, plan, onWire, content } = kept;
  const at = onWire.indexOf(exchange);
  // Those after it began when it was over: a call waits for each.
  const later = onWire.slice(at + 1).map(({ timings }) => timings.blocked + timings.duration);
  const sent = exchange.request?.body;
  outcome.slow = vu.exchanges.offer(vu, {
    exchange,
    name,
    errorCode: outcome.errorCode,
    tags: plan.tags,
    requestBody: sent === plan.body ? plan.shownBody : sent,
    responseBody: plan.responseType === "none" ? exchange.body : (content ?? exchange.body),
    isBodyDiscarded: plan.discardBody,
    hop: at + 1,
    endedAgoMs: later.reduce((sum, each) => sum + each, 0),
    failure: outcome.failure,
  });
}

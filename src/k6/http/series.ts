/**
 * The nine series that one exchange adds to, found again with two map look-ups and a few comparisons.
 * All exchanges that share (user's tags, name) differ in few outcomes (method, status, protocol, error …), so those
 * stand in a short list that is searched; nothing is concatenated, and a repeated request allocates nothing.
 */
import type { Exchange } from "../../http/index.ts";
import type { Series, TagSet } from "../../metrics/index.ts";
import { TagCache } from "../bounded-cache.ts";
import type { VuContext } from "../context.ts";
import type { BuiltinMetrics } from "../builtin-metrics.ts";
import type { ExchangeKeeper, FailureKind, SlowWatch } from "../exchange-watch.ts";

/** The identity of an exchange's samples beside what the exchange itself tells. */
interface SampleKey {
  readonly tags: TagSet;
  /** Value of the tags `name` and `url`. */
  readonly name: string;
  /** undefined: no response callback, so neither the tag nor http_req_failed. */
  readonly isExpected: boolean | undefined;
}

/** Outcomes remembered per (tags, name); statuses and errors are few, and what is forgotten is only looked up again. */
const outcomeLimit = 32;

/** k6's numbers: 1000 + status for an HTTP error, else the code of the failure; 0 when all is well. */
export function errorCodeOf(exchange: Exchange): number {
  if (exchange.failure !== undefined) return exchange.failure.code;
  return exchange.status >= 400 ? 1_000 + exchange.status : 0;
}

/** Records exchanges of a worker's VUs. */
export class HttpSeries {
  readonly #metrics: BuiltinMetrics;
  readonly #outcomes = new TagCache<Outcome[]>();

  constructor(metrics: BuiltinMetrics) {
    this.#metrics = metrics;
  }

  /**
   * Adds the samples of one hop, in k6's order.
   * @returns what it came to, when it may be worth keeping whole
   */
  record(vu: VuContext, exchange: Exchange, key: SampleKey): KeepableOutcome | undefined {
    const { timings } = exchange;
    const outcome = this.#find(vu, exchange, key);
    vu.claimSamples();
    outcome.reqs.add(1);
    outcome.duration.add(timings.duration);
    outcome.blocked.add(timings.blocked);
    outcome.connecting.add(timings.connecting);
    outcome.tlsHandshaking.add(timings.tls_handshaking);
    outcome.sending.add(timings.sending);
    outcome.waiting.add(timings.waiting);
    outcome.receiving.add(timings.receiving);
    outcome.failed?.add(key.isExpected === true ? 0 : 1);
    vu.countResponse(timings.duration);
    const { failure } = outcome;
    if (failure !== undefined) {
      failure.count++;
      if (failure.wanted > 0) return outcome;
    }
    return timings.duration > outcome.slow.floorMs ? outcome : undefined;
  }

  #find(vu: VuContext, exchange: Exchange, key: SampleKey): Outcome {
    const outcomes = this.#outcomes.get(key.tags, key.name);
    if (outcomes !== undefined) {
      for (const outcome of outcomes) {
        if (outcome.matches(exchange, key.isExpected)) return outcome;
      }
    }
    const made = new Outcome(exchange, key, {
      open: (tags) => this.#open(vu, tags, key),
      keeper: vu.exchanges,
    });
    if (outcomes === undefined) this.#outcomes.set(key.tags, key.name, [made]);
    else if (outcomes.push(made) > outcomeLimit) outcomes.shift();
    return made;
  }

  #open(vu: VuContext, outcome: OutcomeTags, key: SampleKey): OutcomeSeries {
    const tags = systemTags(vu, outcome, key);
    const metrics = this.#metrics;
    return {
      reqs: vu.series(metrics.httpReqs, tags),
      duration: vu.series(metrics.httpReqDuration, tags),
      blocked: vu.series(metrics.httpReqBlocked, tags),
      connecting: vu.series(metrics.httpReqConnecting, tags),
      tlsHandshaking: vu.series(metrics.httpReqTlsHandshaking, tags),
      sending: vu.series(metrics.httpReqSending, tags),
      waiting: vu.series(metrics.httpReqWaiting, tags),
      receiving: vu.series(metrics.httpReqReceiving, tags),
      failed: key.isExpected === undefined ? undefined : vu.series(metrics.httpReqFailed, tags),
    };
  }
}

interface OutcomeSeries {
  readonly reqs: Series;
  readonly duration: Series;
  readonly blocked: Series;
  readonly connecting: Series;
  readonly tlsHandshaking: Series;
  readonly sending: Series;
  readonly waiting: Series;
  readonly receiving: Series;
  readonly failed: Series | undefined;
}

interface OutcomeTags {
  readonly method: string;
  readonly proto: string;
  readonly status: number;
  readonly tlsVersion: string;
  readonly remoteIp: string;
  readonly error: string;
  readonly errorCode: number;
}

/** What whoever keeps exchanges wants of those that came to the same. */
export interface KeepableOutcome {
  /** Replaced by what the keeper answers to an offer. */
  slow: SlowWatch;
  /** Undefined unless they failed. */
  readonly failure: FailureKind | undefined;
  readonly errorCode: number;
}

/** What an exchange came to, as far as tags tell it, with the series of exactly these tags. */
class Outcome implements OutcomeTags, OutcomeSeries, KeepableOutcome {
  readonly method: string;
  readonly proto: string;
  readonly status: number;
  readonly tlsVersion: string;
  readonly remoteIp: string;
  readonly error: string;
  readonly errorCode: number;
  readonly isExpected: boolean | undefined;
  readonly reqs: Series;
  readonly duration: Series;
  readonly blocked: Series;
  readonly connecting: Series;
  readonly tlsHandshaking: Series;
  readonly sending: Series;
  readonly waiting: Series;
  readonly receiving: Series;
  readonly failed: Series | undefined;
  slow: SlowWatch;
  readonly failure: FailureKind | undefined;

  constructor(
    exchange: Exchange,
    { name, isExpected }: SampleKey,
    { open, keeper }: { open: (tags: OutcomeTags) => OutcomeSeries; keeper: ExchangeKeeper },
  ) {
    this.method = exchange.method;
    this.proto = exchange.proto;
    this.status = exchange.status;
    this.tlsVersion = exchange.tlsVersion;
    this.remoteIp = exchange.remoteIp;
    this.error = exchange.failure?.message ?? "";
    this.errorCode = errorCodeOf(exchange);
    this.isExpected = isExpected;
    const series = open(this);
    this.reqs = series.reqs;
    this.duration = series.duration;
    this.blocked = series.blocked;
    this.connecting = series.connecting;
    this.tlsHandshaking = series.tlsHandshaking;
    this.sending = series.sending;
    this.waiting = series.waiting;
    this.receiving = series.receiving;
    this.failed = series.failed;
    const { method, status, errorCode } = this;
    this.slow = keeper.watch(method, name);
    this.failure =
      isExpected === false || exchange.failure !== undefined
        ? keeper.failureKind({ method, name, status, errorCode })
        : undefined;
  }

  matches(exchange: Exchange, isExpected: boolean | undefined): boolean {
    return (
      exchange.status === this.status &&
      exchange.method === this.method &&
      isExpected === this.isExpected &&
      exchange.proto === this.proto &&
      exchange.tlsVersion === this.tlsVersion &&
      exchange.remoteIp === this.remoteIp &&
      (exchange.failure === undefined
        ? this.error === ""
        : exchange.failure.message === this.error && exchange.failure.code === this.errorCode)
    );
  }
}

/** Kept when empty, as in k6. */
const alwaysTagged: ReadonlySet<string> = new Set(["method", "name", "url"]);

/**
 * The sample's tags: the user's, overwritten by the system's. What is empty or not enabled is left out.
 * Every step interns a set, so the tags with many values come last: a new URL then makes two sets, not ten.
 */
function systemTags(vu: VuContext, outcome: OutcomeTags, key: SampleKey): TagSet {
  const enabled = vu.options.systemTags;
  const { name, isExpected } = key;
  const values: readonly (readonly [string, string])[] = [
    ["method", outcome.method],
    ["proto", outcome.proto],
    ["status", String(outcome.status)],
    ["expected_response", isExpected === undefined ? "" : String(isExpected)],
    ["tls_version", outcome.tlsVersion],
    ["error", outcome.error],
    ["error_code", outcome.errorCode === 0 ? "" : String(outcome.errorCode)],
    ["ip", outcome.remoteIp],
    ["name", name],
    ["url", name],
  ];
  let { tags } = key;
  for (const [tag, value] of values) {
    if ((value !== "" || alwaysTagged.has(tag)) && enabled.has(tag)) tags = tags.with(tag, value);
  }
  return tags;
}

/**
 * The requests of a run by endpoint, (name, method) as in the record, from the run's own totals: nothing is counted twice,
 * only what the series say now is put together. Counts are those of each second; percentiles are computed for endpoints
 * that have new requests alone, and of many endpoints for some a second, in turns: 500 of them would cost 20 ms each time.
 */
import { type AggregateSeries, ExponentialHistogram } from "../metrics/index.ts";
import type { RunTotals } from "../outputs/index.ts";
import type { EndpointName, EndpointRow, LatencyTotals } from "../page/index.ts";
import { Listing } from "./listing.ts";
import { shownText } from "./shown-text.ts";

/** Endpoints of their own; a script that has more has a URL in its names (`lakh check` says so). */
const endpointLimit = 1_000;
/** Percentiles that are computed in a second. */
const endpointsPerSecond = 100;
/** Series that are put together in a second for the percentiles of all requests. */
const seriesPerSecond = 200;
/** Over which the rate of an endpoint is told. */
const rateSeconds = 10;

interface Endpoint {
  readonly id: number;
  readonly durations: AggregateSeries[];
  readonly failures: AggregateSeries[];
  /** Of how many requests the latency is. */
  requests: number;
  latency: readonly number[];
  /** Requests at the ends of the latest seconds, the newest last. */
  readonly before: number[];
}

export class Endpoints {
  readonly listing: Listing<EndpointName, EndpointRow> = new Listing(endpointLimit);
  readonly #conceal: (text: string) => string;
  readonly #byKey = new Map<string, Endpoint | undefined>();
  readonly #known = new Set<AggregateSeries>();
  readonly #all: Endpoint[] = [];
  readonly #durations: AggregateSeries[] = [];
  /** Ends of the latest seconds. */
  readonly #times: number[] = [];
  #latency: LatencyTotals | null = null;
  #counted = 0;
  #turn = 0;

  constructor(conceal: (text: string) => string) {
    this.#conceal = conceal;
  }

  /** Of all requests, whatever their endpoint; null without any. */
  get latency(): LatencyTotals | null {
    return this.#latency;
  }

  /** Reads the totals at the end of a second; `isWhole`: all percentiles, whoever's turn it is. */
  read(totals: RunTotals, wallMs: number, isWhole: boolean): void {
    for (const series of totals.seriesOf("http_req_duration")) this.#learn(series, "durations");
    for (const series of totals.seriesOf("http_req_failed")) this.#learn(series, "failures");
    const oldest = this.#times[0];
    const sinceMs = oldest === undefined ? 0 : wallMs - oldest;
    const isDue = (place: number, count: number, perSecond: number): boolean =>
      isWhole || (place + this.#turn) % Math.ceil(count / perSecond) === 0;
    for (const endpoint of this.#all) {
      const isTurn = isDue(endpoint.id, this.#all.length, endpointsPerSecond);
      this.#readEndpoint(endpoint, { sinceMs, isTurn });
    }
    this.#times.push(wallMs);
    if (this.#times.length > rateSeconds) this.#times.shift();
    if (isDue(0, this.#durations.length, seriesPerSecond)) this.#readAll();
    this.#turn++;
  }

  #learn(series: AggregateSeries, kind: "durations" | "failures"): void {
    if (this.#known.has(series)) return;
    this.#known.add(series);
    if (kind === "durations") this.#durations.push(series);
    this.#endpointOf(series.tags)?.[kind].push(series);
  }

  #endpointOf(tags: Readonly<Record<string, string>>): Endpoint | undefined {
    const name = tags["name"] ?? tags["url"] ?? "";
    const method = tags["method"] ?? "";
    const key = `${method} ${name}`;
    if (this.#byKey.has(key)) return this.#byKey.get(key);
    const made = this.#create({
      name: shownText(this.#conceal(name)),
      method: shownText(method),
    });
    this.#byKey.set(key, made);
    return made;
  }

  #create(name: EndpointName): Endpoint | undefined {
    const id = this.listing.add(name);
    if (id === undefined) return undefined;
    const made: Endpoint = {
      id,
      durations: [],
      failures: [],
      requests: 0,
      latency: [0, 0, 0, 0, 0],
      before: this.#times.map(() => 0),
    };
    this.#all.push(made);
    return made;
  }

  #readEndpoint(
    endpoint: Endpoint,
    { sinceMs, isTurn }: { readonly sinceMs: number; readonly isTurn: boolean },
  ): void {
    const requests = endpoint.durations.reduce((sum, series) => sum + countOf(series), 0);
    const failed = endpoint.failures.reduce(
      (sum, { sink }) => sum + (sink.type === "rate" ? sink.trues : 0),
      0,
    );
    const isNew = endpoint.requests === 0;
    if ((isTurn || isNew) && requests !== endpoint.requests) {
      endpoint.latency = latencyOf(merged(endpoint.durations));
      endpoint.requests = requests;
    }
    const then = endpoint.before[0] ?? 0;
    const rate = sinceMs <= 0 ? 0 : ((requests - then) * 1_000) / sinceMs;
    endpoint.before.push(requests);
    if (endpoint.before.length > rateSeconds) endpoint.before.shift();
    const row = [endpoint.id, requests, failed, short(rate), ...endpoint.latency];
    this.listing.set(endpoint.id, row as unknown as EndpointRow);
  }

  #readAll(): void {
    const counted = this.#durations.reduce((sum, series) => sum + countOf(series), 0);
    if (counted === this.#counted) return;
    this.#counted = counted;
    const all = merged(this.#durations);
    this.#latency = {
      p50Ms: all.quantile(0.5),
      p95Ms: all.quantile(0.95),
      p99Ms: all.quantile(0.99),
      maxMs: all.max,
    };
  }
}

function countOf({ sink }: AggregateSeries): number {
  return sink.type === "trend" ? sink.histogram.count : 0;
}

function merged(series: readonly AggregateSeries[]): ExponentialHistogram {
  const [first] = series;
  if (series.length === 1 && first!.sink.type === "trend") return first!.sink.histogram;
  const all = new ExponentialHistogram();
  for (const { sink } of series) if (sink.type === "trend") all.merge(sink.histogram);
  return all;
}

function latencyOf(all: ExponentialHistogram): readonly number[] {
  return [0.5, 0.9, 0.95, 0.99].map((share) => short(all.quantile(share))).concat(short(all.max));
}

/** Microseconds are more than anybody reads. */
function short(value: number): number {
  return Number(value.toFixed(3));
}

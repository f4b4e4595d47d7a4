/** The clock of a Prometheus, and how often it scrapes: measured, because its configuration need not be readable. */
import type { Clock } from "../base/clock.ts";
import { askPrometheus, type PrometheusEndpoint } from "./prometheus-api.ts";
import type { PrometheusPlan } from "./prometheus-request.ts";
import { fillQuery, seriesSelectors, writeSeries } from "./promql.ts";

/** How far its clock is ahead of ours; 0 while the difference is within what cannot be told from rounding. */
export interface PromClock {
  readonly aheadMs: number;
}

/** Times of the samples of what is asked for. */
export interface ScrapeTimes {
  readonly intervalMs: number;
  /** Of the newest sample, by the clock of Prometheus; undefined when there is none. */
  readonly newestMs: number | undefined;
}

/** What many installations scrape at; for the time before it is known, and for what names no series to measure at. */
export const defaultIntervalMs = 15_000;
/** Some servers round `time()` to seconds. */
const clockToleranceMs = 2_000;
/** Prometheus forgets a series after so long without a sample. */
const probed = "5m";
/** Selectors tried for a series; a query with alternatives has several. */
const maxProbes = 4;

/** Asks for the time, and takes the middle of the request for ours. @throws LakhError OBSERVE_… */
export async function measureClock(
  endpoint: PrometheusEndpoint,
  clock: Clock,
  timeoutMs: number,
): Promise<PromClock> {
  const askedMs = clock.wallMs();
  const [answer] = await askPrometheus(endpoint, "query", { query: "time()", timeoutMs });
  const answeredMs = clock.wallMs();
  const theirs = answer?.points[0]?.[1];
  if (theirs === undefined) return { aheadMs: 0 };
  const aheadMs = theirs * 1_000 - (askedMs + answeredMs) / 2;
  const isBeyondDoubt = Math.abs(aheadMs) > clockToleranceMs + (answeredMs - askedMs) / 2;
  return { aheadMs: isBeyondDoubt ? Math.round(aheadMs) : 0 };
}

/**
 * The usual distance of samples: the median over the last minutes of the series that has most of them.
 * @throws LakhError OBSERVE_…
 */
export async function measureScrapes(
  { endpoint, selector, readings }: PrometheusPlan,
  { atMs, timeoutMs }: { readonly atMs: number; readonly timeoutMs: number },
): Promise<ScrapeTimes> {
  const queries = readings.map(({ query }) =>
    fillQuery(query, { selector, windowMs: defaultIntervalMs }),
  );
  const asked = { time: atMs / 1_000, timeoutMs };
  for (const probe of queries.flatMap(seriesSelectors).slice(0, maxProbes)) {
    const query = `topk(1, count_over_time(${probe.selector}[${probed}]))`;
    const [densest] = await askPrometheus(endpoint, "query", { query, ...asked });
    if (densest === undefined) continue;
    const samples = `${writeSeries(probe.name, densest.labels)}[${probed}]`;
    const [series] = await askPrometheus(endpoint, "query", { query: samples, ...asked });
    const times = (series?.points ?? []).map(([wallMs]) => wallMs);
    return { intervalMs: medianGap(times) ?? defaultIntervalMs, newestMs: times.at(-1) };
  }
  return { intervalMs: defaultIntervalMs, newestMs: undefined };
}

function medianGap(times: readonly number[]): number | undefined {
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  return gaps.sort((first, second) => first - second)[Math.floor(gaps.length / 2)];
}

/**
 * The steady state in windows, for all requests and for each endpoint: what later tells a difference between two runs
 * from the noise within them. A window's percentiles are those of its own requests; windows are never averaged.
 *
 * Where the length of the steady state is known beforehand, its windows are as long as makes sixty of them, at least 5 s.
 * Where a run ends with its iterations they are 5 s long, and when there are too many, every second one goes.
 */
import { ExponentialHistogram, type MetricAggregate } from "../metrics/index.ts";
import type { BlocksRecord } from "../record/index.ts";
import type { SteadyWindow } from "./steady.ts";

/** The metrics that the aggregate must keep windows of. */
export const blockMetrics: readonly string[] = ["http_req_duration", "http_req_failed"];

const leastWindowMs = 5_000;
const mostWindows = 60;
/** Endpoints that the record keeps; a script that puts ids into URLs has thousands. */
const mostEndpoints = 50;
/** And that are followed while the run goes on. */
const mostFollowed = 500;
/** Ticks come a little early or late. */
const toleranceMs = 100;

interface Columns {
  readonly requests: number[];
  readonly failed: number[];
  readonly p50Ms: (number | null)[];
  readonly p95Ms: (number | null)[];
  readonly p99Ms: (number | null)[];
}

interface Endpoint {
  readonly name: string;
  readonly method: string;
  readonly columns: Columns;
  /** Of the window that is going on. */
  readonly latency: ExponentialHistogram;
  failed: number;
  total: number;
}

export class SteadyBlocks {
  readonly #steady: MetricAggregate;
  readonly #windowMs: number;
  readonly #startsMs: number[] = [];
  readonly #durationsMs: number[] = [];
  readonly #all = emptyColumns(0);
  readonly #endpoints = new Map<string, Endpoint>();
  /** Where the window that is going on began; undefined before the steady state. */
  #fromMs: number | undefined;
  /** Of so many windows one is kept. */
  #stride = 1;
  #closed = 0;

  /** `steady` must keep windows of {@link blockMetrics}. */
  constructor(steady: MetricAggregate, { fromMs, toMs }: SteadyWindow) {
    this.#steady = steady;
    const even = Math.ceil((toMs - fromMs) / mostWindows / 1_000) * 1_000;
    this.#windowMs = Number.isFinite(even) ? Math.max(leastWindowMs, even) : leastWindowMs;
  }

  /** After a tick of the steady state was merged; it covers `fromMs` to `toMs`. */
  addTick(fromMs: number, toMs: number): void {
    this.#fromMs ??= fromMs;
    if (toMs - this.#fromMs < this.#windowMs - toleranceMs) return;
    this.#close(this.#fromMs, toMs);
    this.#fromMs = toMs;
  }

  /** Undefined when there is no whole window. A window that was going on at the end is left out. */
  toRecord(): BlocksRecord | undefined {
    if (this.#startsMs.length === 0) return undefined;
    const most = [...this.#endpoints.values()]
      .toSorted((one, other) => other.total - one.total)
      .slice(0, mostEndpoints);
    return {
      startsMs: this.#startsMs,
      durationsMs: this.#durationsMs,
      all: this.#all,
      endpoints: most.map(({ name, method, columns }) => ({ name, method, ...columns })),
    };
  }

  #close(fromMs: number, toMs: number): void {
    const latency = new ExponentialHistogram();
    let failed = 0;
    this.#steady.drainWindow("http_req_duration", (tags, sink) => {
      if (sink.type !== "trend") return;
      latency.merge(sink.histogram);
      this.#endpointOf(tags)?.latency.merge(sink.histogram);
    });
    this.#steady.drainWindow("http_req_failed", (tags, sink) => {
      if (sink.type !== "rate") return;
      failed += sink.trues;
      const endpoint = this.#endpointOf(tags);
      if (endpoint !== undefined) endpoint.failed += sink.trues;
    });
    const isKept = this.#closed % this.#stride === 0;
    this.#closed++;
    if (isKept) {
      this.#startsMs.push(Math.round(fromMs));
      this.#durationsMs.push(Math.round(toMs - fromMs));
      push(this.#all, latency, failed);
    }
    for (const endpoint of this.#endpoints.values()) closeEndpoint(endpoint, isKept);
    // One more than sixty is what a late tick can make of a length that was planned for sixty.
    if (this.#startsMs.length > mostWindows + 1) this.#thin();
  }

  /** Every second window goes, and of those to come only as many are kept. */
  #thin(): void {
    this.#stride *= 2;
    const columns = [this.#all, ...[...this.#endpoints.values()].map((each) => each.columns)];
    thin(this.#startsMs);
    thin(this.#durationsMs);
    for (const each of columns) for (const column of Object.values(each)) thin(column as unknown[]);
  }

  #endpointOf(tags: Readonly<Record<string, string>>): Endpoint | undefined {
    const name = tags["name"] ?? tags["url"] ?? "";
    const method = tags["method"] ?? "";
    const key = `${method} ${name}`;
    const known = this.#endpoints.get(key);
    if (known !== undefined || this.#endpoints.size >= mostFollowed) return known;
    const columns = emptyColumns(this.#startsMs.length);
    const latency = new ExponentialHistogram();
    const made: Endpoint = { name, method, columns, latency, failed: 0, total: 0 };
    this.#endpoints.set(key, made);
    return made;
  }
}

function closeEndpoint(endpoint: Endpoint, isKept: boolean): void {
  const { latency, columns } = endpoint;
  endpoint.total += latency.count;
  if (isKept) push(columns, latency, endpoint.failed);
  latency.reset();
  endpoint.failed = 0;
}

/** Columns of an endpoint that had no request in the first `windows` windows. */
function emptyColumns(windows: number): Columns {
  const zeros = (): number[] => Array.from({ length: windows }, () => 0);
  const nulls = (): null[] => Array.from({ length: windows }, () => null);
  return { requests: zeros(), failed: zeros(), p50Ms: nulls(), p95Ms: nulls(), p99Ms: nulls() };
}

function push(columns: Columns, latency: ExponentialHistogram, failed: number): void {
  const quantile = (share: number): number | null =>
    latency.count === 0 ? null : Number(latency.quantile(share).toPrecision(4));
  columns.requests.push(latency.count);
  columns.failed.push(failed);
  columns.p50Ms.push(quantile(0.5));
  columns.p95Ms.push(quantile(0.95));
  columns.p99Ms.push(quantile(0.99));
}

function thin(column: unknown[]): void {
  const kept = column.filter((_, index) => index % 2 === 0);
  column.splice(0, column.length, ...kept);
}

/**
 * Turns the engine's ticks into what the record holds: whole-run and steady-state aggregates, one interval a tick,
 * and the generator's health. Memory is bounded: a long run merges neighbouring intervals.
 */
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import { formatCount } from "../base/units.ts";
import {
  type ExponentialHistogram,
  MetricAggregate,
  type MetricDelta,
  type MetricRegistry,
  SampleLog,
  SampleStore,
  type TagSet,
  tagSetLimit,
} from "../metrics/index.ts";
import { type EngineTick, tickIntervalMs, type WorkerHealth } from "../engine/index.ts";
import type { Outputs } from "../outputs/index.ts";
import type {
  BlocksRecord,
  GeneratorHealthRecord,
  IntervalRecord,
  ObjectivesRecord,
} from "../record/index.ts";
import { combineCounts, EndpointCounts } from "./endpoint-counts.ts";
import type { MachineWatch } from "./machine-watch.ts";
import { ResponseTimes } from "./response-times.ts";
import type { SteadyWindow } from "./steady.ts";
import { blockMetrics, SteadyBlocks } from "./steady-blocks.ts";

/** More intervals than this are merged two by two: two hours at one a second. */
const maxIntervals = 7_200;

/** Index of the host's own samples (vus, vus_max) among the workers'. */
const hostIndex = -1;

const tagOverflowWarning =
  `the test makes more different tags than lakh keeps apart, ${formatCount(tagSetLimit)} sets: of further requests the tags name and url are ` +
  '"(other)", but for those that thresholds or objectives ask for. Give requests of one kind one name: ' +
  'http.url`…`, or { tags: { name: "…" } }. https://grafana.com/docs/k6/latest/using-k6/http-requests/#url-grouping';

/** CPU and memory of the whole process, read by the caller. */
export interface ProcessReading {
  /** User + system microseconds since the process started; NaN, like the other, when it cannot be read. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

export interface CollectorParts {
  readonly registry: MetricRegistry;
  readonly rootTags: TagSet;
  readonly window: SteadyWindow;
  /** What the run must show; every limit of it is tracked. */
  readonly objectives: ObjectivesRecord | undefined;
  /** Get what is collected, and the samples of the host's own. */
  readonly outputs: Outputs;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly readProcess: () => ProcessReading;
  readonly machine: MachineWatch;
}

export class RunCollector {
  /** Everything since the start, setup and teardown included. */
  readonly whole: MetricAggregate;
  /** The steady state only. */
  readonly steady: MetricAggregate;
  readonly intervals: IntervalRecord[] = [];
  readonly health: GeneratorHealthRecord[] = [];
  /** Last totals of the workers. */
  counts: EngineTick["counts"] | undefined;
  peakActiveVus = 0;
  /** Milliseconds since time 0 at the last tick. */
  elapsedMs = 0;
  /** How often samples were given "(other)" in place of a tag's value. */
  tagOverflows = 0;
  /** Requests of the iterations so far, and how many of them failed. */
  readonly totals = { requests: 0, failed: 0 };
  readonly #parts: CollectorParts;
  readonly #hostStore: SampleStore;
  readonly #hostSamples: SampleLog | undefined;
  readonly #endpoints: EndpointCounts;
  readonly #responses: ResponseTimes;
  readonly #blocks: SteadyBlocks;
  #lastProcess: ProcessReading;

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    this.whole = new MetricAggregate(parts.registry);
    this.steady = new MetricAggregate(parts.registry, blockMetrics);
    this.#blocks = new SteadyBlocks(this.steady, parts.window);
    this.#endpoints = new EndpointCounts(parts.objectives?.endpoints ?? [], this.whole);
    this.#responses = new ResponseTimes(parts.objectives);
    this.#hostStore = new SampleStore(parts.registry);
    this.#lastProcess = parts.readProcess();
    const { outputs, clock } = parts;
    if (!outputs.wantSamples) return;
    this.#hostSamples = new SampleLog(this.#hostStore, {
      wallMs: () => clock.wallMs(),
      onBatch: (batch) => outputs.addSamples(batch, hostIndex),
    });
  }

  /** Response times from when requests were due, over the steady state; undefined when nothing was due by the clock. */
  get steadyResponse(): ExponentialHistogram | undefined {
    return this.#responses.steady;
  }

  /** The steady state in windows; undefined when it is shorter than one. */
  get blocks(): BlocksRecord | undefined {
    return this.#blocks.toRecord();
  }

  /** Samples of setup() or teardown(): they count in the whole run, never in an interval or the steady state. */
  addLifecycle(delta: MetricDelta): void {
    this.whole.merge(delta, 0);
    this.steady.learn(delta, 0);
    this.whole.takeInterval();
    this.#endpoints.take();
    this.#tellOutputs();
  }

  addTick(tick: EngineTick): void {
    const isSteady = this.#isSteady(tick);
    for (const { workerIndex, delta } of tick.deltas) {
      this.whole.merge(delta, workerIndex);
      if (isSteady) this.steady.merge(delta, workerIndex);
      else this.steady.learn(delta, workerIndex);
    }
    if (isSteady) this.#blocks.addTick(this.elapsedMs, tick.atMs);
    this.#addVuGauges(tick);
    this.#tellOutputs();
    this.#addInterval(tick, this.#responses.add(tick.responses, isSteady));
    this.#addHealth(tick);
    this.#noteTagOverflows(tick.tagOverflows);
    this.counts = tick.counts;
    this.peakActiveVus = Math.max(this.peakActiveVus, tick.counts.activeVus);
    this.elapsedMs = tick.atMs;
  }

  #noteTagOverflows(count: number): void {
    if (count > 0 && this.tagOverflows === 0) this.#parts.logger.log("warning", tagOverflowWarning);
    this.tagOverflows = count;
  }

  /** VUs when no load is sent: none active. */
  addIdleVus(initializedVus: number): void {
    this.#recordVus(0, initializedVus);
    this.whole.merge(this.#hostStore.drain(), hostIndex);
    this.whole.takeInterval();
    this.#tellOutputs();
  }

  #isSteady(tick: EngineTick): boolean {
    const { fromMs, toMs } = this.#parts.window;
    const middleMs = (this.elapsedMs + tick.atMs) / 2;
    return middleMs >= fromMs && middleMs < toMs;
  }

  #tellOutputs(): void {
    const { outputs, clock } = this.#parts;
    if (outputs.wantIntervals)
      outputs.addInterval({ endWallMs: clock.wallMs(), totals: this.whole });
  }

  /** k6 counts VUs at whole seconds: a test that is shorter has no such sample. */
  #addVuGauges(tick: EngineTick): void {
    if (isWhole(tick)) this.#recordVus(tick.counts.activeVus, tick.counts.initializedVus);
    this.whole.merge(this.#hostStore.drain(), hostIndex);
  }

  #recordVus(active: number, initialized: number): void {
    const { registry, rootTags } = this.#parts;
    this.#hostStore.series(registry.get("vus")!, rootTags).add(active);
    this.#hostStore.series(registry.get("vus_max")!, rootTags).add(initialized);
    this.#hostSamples?.flush();
  }

  #addInterval(tick: EngineTick, lateRequests: readonly number[] | undefined): void {
    const { latency: limits = [] } = this.#parts.objectives ?? {};
    const endpoints = this.#endpoints.take();
    const taken = this.whole.takeInterval();
    const { counts } = tick;
    const before = this.counts;
    const since = (of: (counts: EngineTick["counts"]) => number): number =>
      of(counts) - (before === undefined ? 0 : of(before));
    const latency = taken.trend("http_req_duration");
    const failed = taken.rate("http_req_failed");
    const checks = taken.rate("checks");
    const quantile = (share: number): number | null =>
      latency === undefined || latency.count === 0 ? null : latency.quantile(share);
    this.intervals.push({
      atMs: this.elapsedMs,
      durationMs: Math.max(0, tick.atMs - this.elapsedMs),
      requests: taken.counter("http_reqs"),
      failedRequests: failed.trues,
      slowRequests: limits.map(({ limitMs }) => taken.above("http_req_duration", limitMs)),
      ...(lateRequests === undefined ? {} : { lateRequests }),
      p50Ms: quantile(0.5),
      p95Ms: quantile(0.95),
      p99Ms: quantile(0.99),
      iterationsStarted: since((c) => c.iterationsStarted),
      iterationsDropped: since((c) => c.iterationsDropped),
      iterationsFailed: since((c) => c.iterationsFailed),
      checksPassed: checks.trues,
      checksFailed: checks.total - checks.trues,
      activeVus: counts.activeVus,
      initializedVus: counts.initializedVus,
      bytesSent: taken.counter("data_sent"),
      bytesReceived: taken.counter("data_received"),
      ...(endpoints === undefined ? {} : { endpoints }),
    });
    this.totals.requests += this.intervals.at(-1)!.requests;
    this.totals.failed += failed.trues;
    if (this.intervals.length > maxIntervals) mergeNeighbours(this.intervals, mergeIntervals);
  }

  #addHealth(tick: EngineTick): void {
    const now = this.#parts.readProcess();
    const durationMs = Math.max(1, tick.atMs - this.elapsedMs);
    const worstOrNull = (of: (health: WorkerHealth) => number | null): number | null => {
      const present = tick.health.map(of).filter((value) => value !== null);
      return present.length === 0 ? null : Math.max(...present);
    };
    this.health.push({
      atMs: this.elapsedMs,
      loopUtilization: worstOrNull((h) => h.loopUtilization),
      loopDelayP99Ms: worstOrNull((h) => h.loopDelayP99Ms),
      gcShare: worstOrNull((h) => h.gcShare),
      gcLongestMs: worstOrNull((h) => h.gcLongestMs),
      cpuCores: numberOrNull((now.cpuMicros - this.#lastProcess.cpuMicros) / 1_000 / durationMs),
      rssBytes: numberOrNull(now.rssBytes),
      startLagP99Ms: worstOrNull((h) => h.startLagP99Ms),
      startLagMaxMs: worstOrNull((h) => h.startLagMaxMs),
      ...this.#parts.machine.read(),
      socketFaults: tick.health.reduce((sum, h) => sum + h.socketFaults, 0),
      ...faultKinds(tick.health.map((h) => h.socketFaultKinds)),
    });
    this.#lastProcess = now;
    if (this.health.length > maxIntervals) mergeNeighbours(this.health, mergeHealth);
  }
}

/** The last tick of a run ends with the run, the others with a second; timers may be early by a millisecond. */
export function isWhole({ index, atMs }: EngineTick): boolean {
  return atMs >= (index + 1) * tickIntervalMs - 2;
}

/** Halves the list in place; counts add up, extremes stay. */
function mergeNeighbours<T>(list: T[], merge: (first: T, second: T) => T): void {
  const merged: T[] = [];
  for (let index = 0; index < list.length; index += 2) {
    const second = list[index + 1];
    merged.push(second === undefined ? list[index]! : merge(list[index]!, second));
  }
  list.splice(0, list.length, ...merged);
}

function numberOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function maxOrNull(first: number | null, second: number | null): number | null {
  if (first === null) return second;
  return second === null ? first : Math.max(first, second);
}

function mergeIntervals(first: IntervalRecord, second: IntervalRecord): IntervalRecord {
  return {
    atMs: first.atMs,
    durationMs: first.durationMs + second.durationMs,
    requests: first.requests + second.requests,
    failedRequests: first.failedRequests + second.failedRequests,
    slowRequests: addUp(first.slowRequests, second.slowRequests),
    // Counts of one of the two are none of both.
    ...(first.lateRequests === undefined || second.lateRequests === undefined
      ? {}
      : { lateRequests: addUp(first.lateRequests, second.lateRequests) }),
    p50Ms: maxOrNull(first.p50Ms, second.p50Ms),
    p95Ms: maxOrNull(first.p95Ms, second.p95Ms),
    p99Ms: maxOrNull(first.p99Ms, second.p99Ms),
    iterationsStarted: first.iterationsStarted + second.iterationsStarted,
    iterationsDropped: first.iterationsDropped + second.iterationsDropped,
    iterationsFailed: first.iterationsFailed + second.iterationsFailed,
    checksPassed: first.checksPassed + second.checksPassed,
    checksFailed: first.checksFailed + second.checksFailed,
    activeVus: Math.max(first.activeVus, second.activeVus),
    initializedVus: Math.max(first.initializedVus, second.initializedVus),
    bytesSent: first.bytesSent + second.bytesSent,
    bytesReceived: first.bytesReceived + second.bytesReceived,
    ...(first.endpoints === undefined
      ? {}
      : { endpoints: mergeEndpoints(first.endpoints, second.endpoints ?? []) }),
  };
}

function addUp(first: readonly number[], second: readonly number[]): number[] {
  return first.map((count, index) => count + (second[index] ?? 0));
}

function mergeEndpoints(
  first: NonNullable<IntervalRecord["endpoints"]>,
  second: NonNullable<IntervalRecord["endpoints"]>,
): NonNullable<IntervalRecord["endpoints"]> {
  return first.map((counts, index) => {
    const other = second[index];
    return other === undefined ? counts : combineCounts(counts, other, (a, b) => a + b);
  });
}

function mergeHealth(
  first: GeneratorHealthRecord,
  second: GeneratorHealthRecord,
): GeneratorHealthRecord {
  return {
    atMs: first.atMs,
    loopUtilization: maxOrNull(first.loopUtilization, second.loopUtilization),
    loopDelayP99Ms: maxOrNull(first.loopDelayP99Ms, second.loopDelayP99Ms),
    gcShare: maxOrNull(first.gcShare, second.gcShare),
    gcLongestMs: maxOrNull(first.gcLongestMs, second.gcLongestMs),
    cpuCores: maxOrNull(first.cpuCores, second.cpuCores),
    rssBytes: maxOrNull(first.rssBytes, second.rssBytes),
    startLagP99Ms: maxOrNull(first.startLagP99Ms, second.startLagP99Ms),
    startLagMaxMs: maxOrNull(first.startLagMaxMs, second.startLagMaxMs),
    stealShare: maxOrNull(first.stealShare ?? null, second.stealShare ?? null),
    throttledShare: maxOrNull(first.throttledShare ?? null, second.throttledShare ?? null),
    socketFaults: first.socketFaults + second.socketFaults,
    ...faultKinds([first.socketFaultKinds ?? {}, second.socketFaultKinds ?? {}]),
  };
}

/** Counts by errno, added up; nothing when there are none. */
function faultKinds(
  counts: readonly Readonly<Record<string, number>>[],
): Pick<GeneratorHealthRecord, "socketFaultKinds"> {
  const sums = new Map<string, number>();
  for (const [errno, count] of counts.flatMap((each) => Object.entries(each)))
    sums.set(errno, (sums.get(errno) ?? 0) + count);
  return sums.size === 0 ? {} : { socketFaultKinds: Object.fromEntries(sums) };
}

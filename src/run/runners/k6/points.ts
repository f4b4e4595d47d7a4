/**
 * k6's samples (`--out json`, k6-behaviour 7.1), read line by line into a sample store, with what can be told from them
 * of iterations and VUs. A line is cut by position and its tags are looked up by their text: parsing JSON for each of
 * nine samples a request would take more CPU than all the rest.
 */
import {
  type MetricRegistry,
  type MetricType,
  type SampleStore,
  type Series,
  type TagInterner,
  type ValueKind,
  withTags,
} from "../../../metrics/index.ts";
import { hostOfUrl, type UrlHost } from "./host-watch.ts";

/** What the samples have told so far. */
export interface PointCounts {
  completed: number;
  /** Iterations that ended, completed or not: each ends with one sample of data_sent. */
  ended: number;
  dropped: number;
  activeVus: number;
  maxVus: number;
}

/** A sample that waits for the tick it belongs to. */
interface Point {
  readonly series: Series;
  readonly value: number;
  /** Unix milliseconds. */
  readonly timeMs: number;
}

/** When something of an open scenario happened, for the generator's punctuality. Unix milliseconds. */
export interface ScenarioMoments {
  /** Starts of iterations, in the order in which they ended. */
  readonly startsMs: number[];
  readonly dropsMs: number[];
}

/** Texts of tags that are remembered; beyond it they are read anew. */
const seriesLimit = 50_000;

const lifecycleGroups: ReadonlySet<string> = new Set(["::setup", "::teardown"]);

export interface PointsWanted {
  /** Scenarios whose {@link ScenarioMoments} are kept, by name. */
  readonly openScenarios: readonly string[];
  /** What the tags of all samples are made from. */
  readonly rootTags: TagInterner;
}

export class PointReader {
  readonly counts: PointCounts = { completed: 0, ended: 0, dropped: 0, activeVus: 0, maxVus: 0 };
  /** Unix milliseconds of the latest sample of a scenario. */
  lastMs: number = -Infinity;
  /** By scenario: filled for those named at construction only. */
  readonly moments: ReadonlyMap<string, ScenarioMoments>;
  /** A request ended, at this Unix millisecond. */
  onRequest: ((host: UrlHost, timeMs: number) => void) | undefined;
  readonly #registry: MetricRegistry;
  readonly #store: SampleStore;
  readonly #rootTags: TagInterner;
  readonly #known = new Map<string, Target>();
  readonly #users = new Set<string>();
  #waiting: Point[] = [];
  #rest = "";

  constructor(
    registry: MetricRegistry,
    store: SampleStore,
    { openScenarios, rootTags }: PointsWanted,
  ) {
    this.#registry = registry;
    this.#store = store;
    this.#rootTags = rootTags;
    this.moments = new Map(openScenarios.map((name) => [name, { startsMs: [], dropsMs: [] }]));
  }

  /** VUs that ran something; 0 unless k6 was asked for the system tag `vu`. */
  get usedVus(): number {
    return this.#users.size;
  }

  /** Takes a piece of k6's output, which may end within a line. */
  feed(text: string): void {
    const whole = this.#rest + text;
    let at = 0;
    for (;;) {
      const end = whole.indexOf("\n", at);
      if (end === -1) break;
      this.#readLine(whole, at, end);
      at = end + 1;
    }
    this.#rest = whole.slice(at);
  }

  /** Unix milliseconds at which the first waiting sample of a scenario began to be measured; undefined without one. */
  firstStartMs(): number | undefined {
    let firstMs: number | undefined;
    for (const { series, value, timeMs } of this.#waiting) {
      if (isLifecycle(series)) continue;
      const startMs = spanMetrics.has(series.metric.name) ? timeMs - value : timeMs;
      if (firstMs === undefined || startMs < firstMs) firstMs = startMs;
    }
    return firstMs;
  }

  /** Records the waiting samples of scenarios before `beforeMs` (Unix); the others keep waiting. */
  recordScenarios(beforeMs: number): void {
    this.#record((point) => point.timeMs < beforeMs && !isLifecycle(point.series));
  }

  /** Records the waiting samples of setup() or of teardown(). */
  recordLifecycle(which: "setup" | "teardown"): void {
    this.#record(
      (point) => point.series.tags.get("group") === `::${which}` && isLifecycle(point.series),
    );
  }

  #record(isDue: (point: Point) => boolean): void {
    const kept: Point[] = [];
    for (const point of this.#waiting) {
      if (isDue(point)) point.series.add(point.value);
      else kept.push(point);
    }
    this.#waiting = kept;
  }

  #readLine(text: string, start: number, end: number): void {
    if (text.startsWith('{"metric":', start)) this.#readPoint(text.slice(start, end));
    else if (text.startsWith('{"type":"Metric"', start)) this.#define(text.slice(start, end));
  }

  #define(line: string): void {
    const { data } = JSON.parse(line) as {
      data: { name: string; type: MetricType; contains: ValueKind };
    };
    this.#registry.define(data.name, data.type, data.contains);
  }

  /** `{"metric":"m","type":"Point","data":{"time":"…","value":1,"tags":{…},"metadata":{…}}}` */
  #readPoint(line: string): void {
    const timeAt = line.indexOf('"time":"') + 8;
    const timeEnd = line.indexOf('"', timeAt);
    const valueAt = timeEnd + 10; // ","value":
    const valueEnd = line.indexOf(",", valueAt);
    const tagsAt = valueEnd + 8; // ,"tags":
    const metadataAt = line.lastIndexOf('},"metadata":{');
    const tagsEnd = metadataAt < tagsAt ? line.length - 2 : metadataAt + 1;
    const metric = line.slice(11, line.indexOf('"', 11));
    const target = this.#targetOf(metric, line.slice(tagsAt, tagsEnd));
    const timeMs = Date.parse(line.slice(timeAt, timeEnd));
    const value = Number(line.slice(valueAt, valueEnd));
    if (metadataAt >= tagsAt) this.#noteUser(line.slice(tagsEnd));
    this.#count(target, value, timeMs);
    // The collector makes these two of the counts.
    if (metric === "vus" || metric === "vus_max") return;
    this.#waiting.push({ series: target.series, value, timeMs });
    if (timeMs > this.lastMs && !isLifecycle(target.series)) this.lastMs = timeMs;
  }

  #targetOf(metricName: string, tagsText: string): Target {
    const key = metricName + tagsText;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const metric = this.#registry.get(metricName);
    if (metric === undefined)
      throw new Error(`k6 wrote a sample of "${metricName}" before saying what that is`);
    const tags = withTags(this.#rootTags, JSON.parse(tagsText) as Record<string, string>);
    const series = this.#store.series(metric, tags);
    const host = metricName === "http_reqs" ? hostOfUrl(tags.get("url")) : undefined;
    const target = { series, host, moments: this.moments.get(tags.get("scenario") ?? "") };
    if (this.#known.size < seriesLimit) this.#known.set(key, target);
    return target;
  }

  #noteUser(metadata: string): void {
    const vu = /"vu":"(\d+)"/u.exec(metadata)?.[1];
    if (vu !== undefined && vu !== "0") this.#users.add(vu);
  }

  #count({ series, host, moments }: Target, value: number, timeMs: number): void {
    const { counts } = this;
    switch (series.metric.name) {
      case "http_reqs":
        if (host !== undefined) this.onRequest?.(host, timeMs);
        break;
      case "iterations":
        counts.completed += value;
        break;
      case "data_sent":
        if (!isLifecycle(series)) counts.ended++;
        break;
      case "iteration_duration":
        moments?.startsMs.push(timeMs - value);
        break;
      case "dropped_iterations":
        counts.dropped += value;
        for (let n = 0; n < value; n++) moments?.dropsMs.push(timeMs);
        break;
      case "vus":
        counts.activeVus = value;
        break;
      case "vus_max":
        counts.maxVus = value;
        break;
    }
  }
}

interface Target {
  readonly series: Series;
  /** Of requests: where they went. */
  readonly host: UrlHost | undefined;
  readonly moments: ScenarioMoments | undefined;
}

/** Trends whose value reaches back to the start of what they measure. */
const spanMetrics: ReadonlySet<string> = new Set(["iteration_duration", "http_req_duration"]);

/** Samples of setup() and teardown() carry these groups and no scenario. */
function isLifecycle({ tags }: Series): boolean {
  return lifecycleGroups.has(tags.get("group") ?? "") && tags.get("scenario") === undefined;
}

/**
 * Polls sources while a run goes on and puts their readings on the run's time axis. Sources are independent: a slow or
 * failing one delays no other, is tried again at the next turn, and its gap stays a gap. It is reported when it first
 * fails, and at the end with how often.
 *
 * Memory is bounded: a series that grows past `maxPoints` is halved by averaging neighbours.
 */
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import type { ObservationRecord } from "../record/index.ts";
import type { ObservationSource, Reading } from "./source.ts";

/** Two hours at one a second, as the run's own intervals. */
const maxPoints = 7_200;

/** What an observer needs. */
export interface ObserverOptions {
  readonly sources: readonly ObservationSource[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly intervalMs: number;
  /** Wall-clock milliseconds of the run's time 0; undefined until it is known, and nothing is kept before. */
  readonly startWallMs: () => number | undefined;
  /** Calls `turn` each `intervalMs` until the returned function is called; the platform's timer by default. */
  readonly every?: (intervalMs: number, turn: () => void) => () => void;
}

/** The newest value of one series of readings. */
export interface LatestReading {
  readonly name: ObservationRecord["name"];
  readonly source: string;
  /** Milliseconds since the run's time 0. */
  readonly atMs: number;
  readonly value: number;
}

/** Readings being taken. */
export interface Observer {
  /** What has been read last, while the run goes on; empty for what is read after it. */
  latest(): readonly LatestReading[];
  /** Stops polling, waits for the reads under way, resolves with everything read. Never rejects. */
  stop(): Promise<readonly ObservationRecord[]>;
}

/** Reads every source at once, then each `intervalMs`, until `stop`. */
export function startObserver(options: ObserverOptions): Observer {
  const watches = options.sources.map((source) => new Watch(source, options));
  const turn = (): void => {
    for (const watch of watches) watch.poll();
  };
  turn();
  const cancel = (options.every ?? everyByTimer)(options.intervalMs, turn);
  return {
    latest: () => watches.flatMap((watch) => watch.latest()),
    async stop() {
      cancel();
      await Promise.all(watches.map((watch) => watch.end()));
      return watches.flatMap((watch) => watch.records());
    },
  };
}

function everyByTimer(intervalMs: number, turn: () => void): () => void {
  const timer = setInterval(turn, intervalMs);
  return () => clearInterval(timer);
}

interface SeriesPoints {
  readonly unit: ObservationRecord["unit"];
  points: [atMs: number, value: number][];
  /** Last total and when it was read. */
  lastTotal: { readonly value: number; readonly wallMs: number } | undefined;
}

/** One source and what it has told. */
class Watch {
  readonly #source: ObservationSource;
  readonly #options: ObserverOptions;
  readonly #series = new Map<string, SeriesPoints>();
  #underWay: Promise<void> | undefined;
  #reads = 0;
  #failures = 0;

  constructor(source: ObservationSource, options: ObserverOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** Reads once, unless the last read is still under way. */
  poll(): void {
    this.#underWay ??= this.#read().finally(() => {
      this.#underWay = undefined;
    });
  }

  /** Waits for the read under way, and says how often reading failed. */
  async end(): Promise<void> {
    await this.#underWay;
    if (this.#failures < 2) return;
    const { logger } = this.#options;
    const share = `${this.#failures} of ${this.#reads}`;
    logger.log("warning", `${share} readings of ${this.#source.describe} failed`);
  }

  latest(): LatestReading[] {
    const source = this.#source.describe;
    return [...this.#series].flatMap(([name, { points }]) => {
      const newest = points.at(-1);
      return newest === undefined ? [] : [{ name, source, atMs: newest[0], value: newest[1] }];
    });
  }

  records(): ObservationRecord[] {
    const source = this.#source.describe;
    return [...this.#series]
      .filter(([, { points }]) => points.length > 0)
      .map(([name, { unit, points }]) => ({ name, unit, source, points }));
  }

  /** Never rejects: a fault of a source is a fact about the source. */
  async #read(): Promise<void> {
    this.#reads++;
    try {
      const readings = await this.#source.read();
      const wallMs = this.#options.clock.wallMs();
      for (const reading of readings) this.#keep(reading, wallMs);
    } catch (error) {
      this.#failures++;
      if (this.#failures === 1) this.#report(error);
    }
  }

  #keep({ name, unit, value, isTotal }: Reading, wallMs: number): void {
    if (!Number.isFinite(value)) return;
    const series = this.#seriesOf(name, unit);
    const startWallMs = this.#options.startWallMs();
    const atMs = startWallMs === undefined ? -1 : wallMs - startWallMs;
    if (!isTotal) {
      append(series, atMs, value);
      return;
    }
    const last = series.lastTotal;
    series.lastTotal = { value, wallMs };
    if (last === undefined || wallMs <= last.wallMs) return;
    if (value < last.value) {
      // A total that fell belongs to a restarted process: its increase is not known, and the restart is a finding.
      this.#countRestart(atMs);
      return;
    }
    append(series, atMs, (value - last.value) / ((wallMs - last.wallMs) / 1_000));
  }

  #countRestart(atMs: number): void {
    const restarts = this.#seriesOf("restarts", "count");
    append(restarts, atMs, (restarts.points.at(-1)?.[1] ?? 0) + 1);
  }

  #seriesOf(name: string, unit: ObservationRecord["unit"]): SeriesPoints {
    const series = this.#series.get(name) ?? { unit, points: [], lastTotal: undefined };
    this.#series.set(name, series);
    return series;
  }

  #report(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    const what = `cannot read ${this.#source.describe}: ${error.message}${cause}`;
    this.#options.logger.log("warning", what, {
      hint: "its readings will be missing from the record",
    });
  }
}

/** Adds a point that lies in the run; before its start the target was not under load. */
function append(series: SeriesPoints, atMs: number, value: number): void {
  if (atMs < 0) return;
  series.points.push([atMs, value]);
  if (series.points.length > maxPoints) series.points = halved(series.points);
}

/** Each two neighbours as one, at the time of the later: a rate is that of the time before it. */
function halved(points: readonly [number, number][]): [number, number][] {
  const merged: [number, number][] = [];
  for (let index = 0; index + 1 < points.length; index += 2) {
    const [, value] = points[index]!;
    const [atMs, next] = points[index + 1]!;
    merged.push([atMs, (value + next) / 2]);
  }
  if (points.length % 2 === 1) merged.push(points.at(-1)!);
  return merged;
}

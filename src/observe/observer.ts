/**
 * Polls sources while a run goes on and puts their readings on the run's time axis. A source that fails is tried again
 * at the next turn; it is reported once, and its gap stays a gap.
 */
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import type { ObservationRecord } from "../record/index.ts";
import type { ObservationSource, Reading } from "./source.ts";

export interface ObserverOptions {
  readonly sources: readonly ObservationSource[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly intervalMs: number;
  /** Wall-clock milliseconds of the run's time 0; undefined until it is known, and nothing is kept before. */
  readonly startWallMs: () => number | undefined;
}

export interface Observer {
  /** Stops polling; resolves with everything read. */
  stop(): Promise<readonly ObservationRecord[]>;
}

export function startObserver(options: ObserverOptions): Observer {
  const watches = options.sources.map((source) => new Watch(source, options));
  let turn = Promise.resolve<unknown>(undefined);
  const poll = (): void => {
    turn = Promise.all(watches.map((watch) => watch.poll()));
  };
  poll();
  const timer = setInterval(poll, options.intervalMs);
  return {
    async stop() {
      clearInterval(timer);
      await turn;
      return watches.flatMap((watch) => watch.records());
    },
  };
}

interface SeriesPoints {
  readonly unit: ObservationRecord["unit"];
  readonly points: [atMs: number, value: number][];
  /** Last total and when it was read. */
  lastTotal: { readonly value: number; readonly wallMs: number } | undefined;
}

/** One source and what it has told. */
class Watch {
  readonly #source: ObservationSource;
  readonly #options: ObserverOptions;
  readonly #series = new Map<string, SeriesPoints>();
  #busy = false;
  #warned = false;

  constructor(source: ObservationSource, options: ObserverOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** Reads once, unless the last read is still under way. Never rejects. */
  async poll(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const readings = await this.#source.read();
      const wallMs = this.#options.clock.wallMs();
      for (const reading of readings) this.#keep(reading, wallMs);
    } catch (error) {
      this.#warnOnce(error as Error);
    } finally {
      this.#busy = false;
    }
  }

  records(): ObservationRecord[] {
    const source = this.#source.describe;
    return [...this.#series].map(([name, { unit, points }]) => ({ name, unit, source, points }));
  }

  #keep({ name, unit, value, isTotal }: Reading, wallMs: number): void {
    if (!Number.isFinite(value)) return;
    const series = this.#series.get(name) ?? { unit, points: [], lastTotal: undefined };
    this.#series.set(name, series);
    const startWallMs = this.#options.startWallMs();
    const atMs = startWallMs === undefined ? -1 : wallMs - startWallMs;
    if (!isTotal) {
      if (atMs >= 0) series.points.push([atMs, value]);
      return;
    }
    const last = series.lastTotal;
    series.lastTotal = { value, wallMs };
    // A total that fell belongs to a restarted process: the increase is not known.
    if (last === undefined || value < last.value || wallMs <= last.wallMs || atMs < 0) return;
    series.points.push([atMs, (value - last.value) / ((wallMs - last.wallMs) / 1_000)]);
  }

  #warnOnce(error: Error): void {
    if (this.#warned) return;
    this.#warned = true;
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    this.#options.logger.log(
      "warning",
      `cannot read ${this.#source.describe}: ${error.message}${cause}`,
      {
        hint: "its readings will be missing from the record",
      },
    );
  }
}

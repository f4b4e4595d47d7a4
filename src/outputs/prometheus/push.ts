/**
 * One push after the other: reads what has changed since the last, and puts it on its way in parcels of what a request may
 * hold. A push of many series is made in slices, so that nothing else of the run waits for it.
 */
import type { Logger } from "../../base/log.ts";
import type { RunFacts } from "../context.ts";
import type { Delivery } from "../delivery.ts";
import type { RunMoment } from "../moment.ts";
import type { RunTotals } from "../output.ts";
import type { CardinalityWatch } from "./cardinality.ts";
import { describeLabels, TagLabels } from "./labels.ts";
import type { PrometheusOptions } from "./options.ts";
import {
  factValues,
  momentValues,
  outputValues,
  type OwnValue,
  runState,
  slowRequestValues,
} from "./own-series.ts";
import type { Receiver } from "./receiver.ts";
import { type RemoteSeries, RowPacker, type RowParcel } from "./rows.ts";
import { SampleSeries, type TrendUse } from "./sample-series.ts";
import { SeriesBook } from "./series-book.ts";

export interface PushParts {
  readonly options: Pick<
    PrometheusOptions,
    "columns" | "schema" | "trends" | "pushIntervalMs" | "staleMarkers"
  >;
  readonly facts: RunFacts;
  /** Of every series. */
  readonly labels: Readonly<Record<string, string>>;
  /** Unix milliseconds. */
  readonly startMs: number;
  readonly delivery: Pick<Delivery<RowParcel>, "add" | "counts" | "isClosed">;
  readonly receiver: Pick<Receiver, "takesHistograms">;
  readonly logger: Logger;
  readonly watch: CardinalityWatch;
  readonly description: string;
}

/** A few milliseconds of work. */
const sliceSeries = 200;

export class Push {
  readonly #parts: PushParts;
  readonly #book: SeriesBook;
  readonly #samples: SampleSeries;
  /** Own series of the last push: one that is not in the next has ended. */
  #own = new Set<RemoteSeries>();
  #moment: RunMoment | undefined;
  /** Undefined before the first interval has ended. */
  #totals: RunTotals | undefined;
  /** Time of the newest that was handed in, and of the last push. */
  #newestMs = 0;
  #lastMs = 0;
  #under: Promise<void> = Promise.resolve();
  #toldClashes = 0;
  #hasToldRefused = false;

  constructor(parts: PushParts) {
    this.#parts = parts;
    const { startMs, labels, options, facts } = parts;
    this.#book = new SeriesBook({ startMs, pushIntervalMs: options.pushIntervalMs });
    this.#samples = new SampleSeries({ book: this.#book, labels });
    const tagSets = facts.droppable.length === 0 ? [facts.tags] : facts.droppable;
    for (const tags of tagSets)
      this.#samples.announce({ name: "dropped_iterations", type: "counter" }, tags);
  }

  /** What the run has so far, as of this time in Unix milliseconds. */
  addTotals(totals: RunTotals, wallMs: number): void {
    this.#totals = totals;
    this.#note(wallMs);
  }

  addMoment(moment: RunMoment): void {
    this.#moment = moment;
    this.#note(moment.wallMs);
  }

  /** Pushes what is new; one push waits for the one before. */
  run(): Promise<void> {
    return this.#next("going");
  }

  /** The last push, and the end of all series. */
  async finish(wallMs: number): Promise<void> {
    this.#note(wallMs);
    await this.#next("ended");
    const { options, delivery } = this.#parts;
    if (!options.staleMarkers || delivery.isClosed) return;
    const packer = this.#packer();
    for (const row of this.#book.endAll(this.#lastMs + 1)) packer.add(row);
    packer.flush();
  }

  /** Never rejects: whatever is wrong here is no matter of the run. */
  #next(state: "going" | "ended"): Promise<void> {
    this.#under = this.#under
      .then(() => this.#push(state))
      .catch((error: unknown) => {
        const { logger, description } = this.#parts;
        logger.log("error", `output ${description}: a push failed: ${String(error)}`);
      });
    return this.#under;
  }

  /** Something was handed in that is as new as this. */
  #note(wallMs: number): void {
    this.#newestMs = Math.max(this.#newestMs, wallMs);
  }

  async #push(state: "going" | "ended"): Promise<void> {
    const { delivery, watch } = this.#parts;
    if (delivery.isClosed) return;
    // Nothing was handed in since: there is nothing to say, and no time to say it at.
    if (state === "going" && Math.floor(this.#newestMs) <= this.#lastMs) return;
    this.#lastMs = Math.max(Math.floor(this.#newestMs), this.#lastMs + 1);
    const timeMs = this.#lastMs;
    const packer = this.#packer();
    this.#addOwn(packer, { timeMs, goesOn: state === "going" });
    const count = await this.#addSamples(packer, timeMs);
    // After the samples, which may have made a counter of what was only announced: one value for each time.
    for (const row of this.#samples.announcedRows(timeMs)) packer.add(row);
    packer.flush();
    watch.check(count);
    this.#tellTrouble();
  }

  /** How many series there are. */
  async #addSamples(packer: RowPacker, timeMs: number): Promise<number> {
    const { watch } = this.#parts;
    const use = this.#trendUse();
    const all = this.#totals?.allSeries() ?? [];
    for (const [index, series] of all.entries()) {
      watch.add(series.tags);
      for (const row of this.#samples.rows(series, timeMs, use)) packer.add(row);
      if ((index + 1) % sliceSeries === 0) await nextTurn();
    }
    return all.length;
  }

  #trendUse(): TrendUse {
    const { options, receiver } = this.#parts;
    const { columns, schema, trends } = options;
    const { takesHistograms } = receiver;
    return {
      columns,
      schema,
      sendsHistograms: trends !== "gauges" && takesHistograms !== false,
      sendsGauges: trends !== "native" || takesHistograms === false,
    };
  }

  #addOwn(packer: RowPacker, { timeMs, goesOn }: { timeMs: number; goesOn: boolean }): void {
    const before = this.#own;
    this.#own = new Set();
    for (const { name, labels, kind, value } of this.#ownValues(goesOn)) {
      const series = this.#book.find(
        { name, tags: new TagLabels({ ...this.#parts.labels, ...labels }) },
        kind,
      );
      if (series === undefined) continue;
      this.#own.add(series);
      packer.add(this.#book.value(series, value, timeMs));
    }
    for (const series of before)
      if (!this.#own.has(series) && series.kind === "gauge")
        packer.add(this.#book.end(series, timeMs));
  }

  #ownValues(goesOn: boolean): OwnValue[] {
    const { facts, delivery } = this.#parts;
    const values = [
      ...factValues(facts),
      ...(this.#moment === undefined ? [] : momentValues(this.#moment)),
      ...slowRequestValues(this.#totals?.seriesOf("http_req_duration") ?? [], facts),
      ...outputValues(delivery.counts),
    ];
    return goesOn
      ? values
      : [...values.filter(({ name }) => name !== "lakh_run_state"), runState(false)];
  }

  #packer(): RowPacker {
    return new RowPacker((parcel) => this.#parts.delivery.add(parcel));
  }

  /** Series that could not be had. */
  #tellTrouble(): void {
    const { logger, description } = this.#parts;
    const { clashes, refused, size } = this.#book;
    for (const labels of clashes.slice(this.#toldClashes, this.#toldClashes + 1)) {
      logger.log(
        "warning",
        `output ${description}: two metrics would be the series ${describeLabels(labels)}; the later one is not sent. Rename one of them`,
      );
    }
    this.#toldClashes = clashes.length;
    if (refused === 0 || this.#hasToldRefused) return;
    this.#hasToldRefused = true;
    logger.log(
      "error",
      `output ${description}: ${size} series are sent, and hardly more: what further ones would tell is missing there. The summary has it`,
    );
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Samples as points of InfluxDB, one a sample as in k6: the metric's name is the measurement, its tags are tags, except
 * those that are to be fields (k6: vu, iter and url), and the field `value` is a float.
 *
 * Points of one series with one time overwrite each other: InfluxDB keeps the last, and says nothing. VUs that do the same
 * at the same microsecond are such points, and so are requests that differ in a field alone. So every point gets a time of
 * its own: the nanoseconds go in steps of 64, a worker's points of a series take one step each, and the place within the
 * step is the worker's. What is sent twice, because an answer got lost, is still one point.
 */
import { toGoNumber } from "../../base/go-json.ts";
import type { Metadata } from "../../metrics/index.ts";
import { escapeKey, freeKey, quoteField, seriesHead } from "./line-protocol.ts";
import { isMeasured, measuredText } from "../measured.ts";
import type { Samples, SampleSeries } from "../output.ts";

export type FieldType = "string" | "int" | "float" | "bool";

export type InfluxPrecision = "ns" | "us" | "ms" | "s";

export interface InfluxLinesParts {
  /** Tags and metadata that become fields, and as what. */
  readonly tagsAsFields: ReadonlyMap<string, FieldType>;
  readonly precision: InfluxPrecision;
}

/** What stands around the value of each point of a series. */
interface SeriesText {
  readonly head: string;
  /** Fields after the value. */
  readonly tail: string;
  /** Keys of these fields. */
  readonly fieldKeys: ReadonlySet<string>;
  readonly isMeasured: boolean;
  /** The newest step that each worker has used: of the points that InfluxDB takes for one series. */
  readonly lastSteps: number[];
}

/** Nanoseconds of a step, and so workers that are told apart; the main thread is the last of them. */
const stepNs = 64;

export class InfluxLines {
  readonly #tagsAsFields: ReadonlyMap<string, FieldType>;
  readonly #timeText: (timeMs: number, lastSteps: number[], sourceId: number) => string;
  readonly #series: SeriesText[] = [];
  /** By head: series that differ in fields alone are one to InfluxDB. */
  readonly #lastSteps = new Map<string, number[]>();
  /** Whole milliseconds from which nanoseconds are counted: as doubles they are exact for a hundred days. */
  #baseMs: number | undefined;
  #lastMetadata: Metadata | undefined;
  #lastMetadataText = "";

  constructor({ tagsAsFields, precision }: InfluxLinesParts) {
    this.#tagsAsFields = tagsAsFields;
    this.#timeText =
      precision === "ns"
        ? (timeMs, lastSteps, sourceId) => this.#ownNanoseconds(timeMs, lastSteps, sourceId)
        : coarseTimes[precision];
  }

  encode(samples: Samples, from: number, to: number): string {
    let text = "";
    for (let at = from; at < to; at++) {
      const series = samples.seriesAt(at);
      const known = this.#series[series.index] ?? this.#define(series);
      const value = samples.valueAt(at);
      const shown = known.isMeasured ? measuredText(value) : toGoNumber(value);
      const fields = this.#metadataText(samples.metadataAt(at), known.fieldKeys);
      const time = this.#timeText(samples.timeMsAt(at), known.lastSteps, samples.sourceId);
      text += `${known.head} value=${shown}${known.tail}${fields} ${time}\n`;
    }
    return text;
  }

  #define({ index, metric, tags }: SampleSeries): SeriesText {
    const isField = ([key]: readonly [string, string]): boolean => this.#tagsAsFields.has(key);
    const pairs = Object.entries(tags);
    const head = seriesHead(
      metric.name,
      pairs.filter((pair) => !isField(pair)),
    );
    const fields = pairs.filter(isField);
    const made: SeriesText = {
      head,
      tail: this.#fieldsText(fields),
      fieldKeys: new Set(fields.map(([key]) => key)),
      isMeasured: isMeasured(metric),
      lastSteps: this.#lastStepsOf(head),
    };
    this.#series[index] = made;
    return made;
  }

  #lastStepsOf(head: string): number[] {
    const known = this.#lastSteps.get(head);
    if (known !== undefined) return known;
    const made: number[] = [];
    this.#lastSteps.set(head, made);
    return made;
  }

  /** Of metadata only what is to be fields is written; a tag of the same name goes first. */
  #metadataText(metadata: Metadata | undefined, taken: ReadonlySet<string>): string {
    if (metadata === undefined) return "";
    if (metadata !== this.#lastMetadata) {
      this.#lastMetadata = metadata;
      this.#lastMetadataText = this.#fieldsText(this.#fieldsOf(metadata));
    }
    const isFree = taken.size === 0 || !Object.keys(metadata).some((key) => taken.has(key));
    if (isFree) return this.#lastMetadataText;
    return this.#fieldsText(this.#fieldsOf(metadata).filter(([key]) => !taken.has(key)));
  }

  #fieldsOf(metadata: Metadata): [string, string][] {
    return Object.entries(metadata).filter(([key]) => this.#tagsAsFields.has(key));
  }

  #fieldsText(pairs: readonly (readonly [string, string])[]): string {
    let text = "";
    for (const [key, value] of pairs) {
      const shown = fieldText(value, this.#tagsAsFields.get(key)!);
      if (shown !== undefined) text += `,${escapeKey(fieldKey(key))}=${shown}`;
    }
    return text;
  }

  #ownNanoseconds(timeMs: number, lastSteps: number[], sourceId: number): string {
    this.#baseMs ??= Math.floor(timeMs);
    const place = (sourceId + stepNs) % stepNs;
    const last = lastSteps[place] ?? Number.NEGATIVE_INFINITY;
    const step = Math.max(Math.floor(((timeMs - this.#baseMs) * 1e6) / stepNs), last + 1);
    lastSteps[place] = step;
    const sinceBaseNs = step * stepNs + place;
    const wholeMs = Math.floor(sinceBaseNs / 1e6);
    const restNs = sinceBaseNs - wholeMs * 1e6;
    return `${this.#baseMs + wholeMs}${String(restNs).padStart(6, "0")}`;
  }
}

const coarseTimes: Readonly<Record<Exclude<InfluxPrecision, "ns">, (timeMs: number) => string>> = {
  us: (timeMs) => String(Math.floor(timeMs * 1_000)),
  ms: (timeMs) => String(Math.floor(timeMs)),
  s: (timeMs) => String(Math.floor(timeMs / 1_000)),
};

/** `value` is the sample's. */
function fieldKey(key: string): string {
  return key === "value" ? "value_" : freeKey(key);
}

/** Undefined when the value is empty or cannot be read as the type: InfluxDB would refuse the whole point. */
function fieldText(value: string, type: FieldType): string | undefined {
  if (value === "") return undefined;
  switch (type) {
    case "string":
      return quoteField(value);
    case "int":
      return /^[+-]?\d{1,18}$/u.test(value) ? `${BigInt(value)}i` : undefined;
    case "float":
      return Number.isFinite(Number(value)) && value.trim() !== ""
        ? String(Number(value))
        : undefined;
    case "bool":
      return /^(?:[tT]|true|TRUE|True|1)$/u.test(value)
        ? "true"
        : /^(?:[fF]|false|FALSE|False|0)$/u.test(value)
          ? "false"
          : undefined;
  }
}

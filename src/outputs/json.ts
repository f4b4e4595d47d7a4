/**
 * `--out json`: one line of JSON a sample, and one that defines a metric before its first sample (k6: 7.1).
 * Everything of a line but time, value and metadata is the same for all samples of a series, and is made once.
 */
import { formatGoTime } from "../base/time.ts";
import type { Metadata } from "../metrics/index.ts";
import { toGoNumber, toPlainGoJson } from "../base/go-json.ts";
import type { MetricOptions, OutputContext } from "./context.ts";
import { isMeasured, measuredText } from "./measured.ts";
import type { Output, Samples, SampleSeries } from "./output.ts";
import { createWriterOutput } from "./sample-writer.ts";
import { openFileSink, streamSink } from "./text-sink.ts";

const flushIntervalMs = 200;

export function createJsonOutput(argument: string, context: OutputContext): Output {
  const isStdout = argument === "" || argument === "-";
  const description = isStdout ? "json(stdout)" : `json (${argument})`;
  const lines = new JsonLines(context.metricOptions);
  const encode = lines.encode.bind(lines);
  const { logger, stopGraceMs } = context;
  return createWriterOutput(
    { description, encode, flushIntervalMs, logger, stopGraceMs },
    async () =>
      isStdout ? streamSink(context.stdout) : openFileSink(context.resolvePath(argument), argument),
  );
}

/** What stands before the time, between time and value, and after the value. */
interface SeriesText {
  readonly head: string;
  readonly tail: string;
  /** Milliseconds that were measured: whole nanoseconds, as in k6. */
  readonly isMeasured: boolean;
}

/** Samples as lines. */
export class JsonLines {
  readonly #metricOptions: (metricName: string) => MetricOptions;
  readonly #defined = new Set<string>();
  readonly #series: SeriesText[] = [];
  #lastMs = Number.NaN;
  #lastTime = "";
  #lastMetadata: Metadata | undefined;
  #lastMetadataText = "";

  constructor(metricOptions: (metricName: string) => MetricOptions) {
    this.#metricOptions = metricOptions;
  }

  encode(samples: Samples, from: number, to: number): string {
    let text = "";
    for (let at = from; at < to; at++) {
      const series = samples.seriesAt(at);
      let known = this.#series[series.index];
      if (known === undefined) {
        text += this.#definition(series);
        known = this.#define(series);
      }
      const time = this.#timeText(samples.timeMsAt(at));
      const metadata = this.#metadataTextOf(samples.metadataAt(at));
      const value = samples.valueAt(at);
      const shown = known.isMeasured ? measuredText(value) : toGoNumber(value);
      text += `${known.head}${time}","value":${shown}${known.tail}${metadata}}}\n`;
    }
    return text;
  }

  #define({ index, metric, tags }: SampleSeries): SeriesText {
    const made = {
      head: `{"metric":${toPlainGoJson(metric.name)},"type":"Point","data":{"time":"`,
      tail: `,"tags":${toPlainGoJson(tags)}`,
      isMeasured: isMeasured(metric),
    };
    this.#series[index] = made;
    return made;
  }

  #definition({ metric }: SampleSeries): string {
    const { name, type, contains } = metric;
    if (this.#defined.has(name)) return "";
    this.#defined.add(name);
    const { thresholds, submetrics } = this.#metricOptions(name);
    const data = {
      name,
      type,
      contains,
      thresholds,
      submetrics: submetrics.length === 0 ? null : submetrics,
    };
    return `${toPlainGoJson({ type: "Metric", data, metric: name })}\n`;
  }

  /** The samples of one request share their time. */
  #timeText(timeMs: number): string {
    if (timeMs !== this.#lastMs) {
      this.#lastMs = timeMs;
      this.#lastTime = formatGoTime(timeMs);
    }
    return this.#lastTime;
  }

  #metadataTextOf(metadata: Metadata | undefined): string {
    if (metadata === undefined) return "";
    if (metadata !== this.#lastMetadata) {
      this.#lastMetadata = metadata;
      this.#lastMetadataText = `,"metadata":${toPlainGoJson(sortedByKey(metadata))}`;
    }
    return this.#lastMetadataText;
  }
}

function sortedByKey(metadata: Metadata): Metadata {
  const keys = Object.keys(metadata).sort();
  return Object.fromEntries(keys.map((key) => [key, metadata[key]!]));
}

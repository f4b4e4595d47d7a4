/**
 * `--out csv`: one row a sample, a column for each enabled system tag, everything else in two columns at the end (k6: 7.2).
 * k6 writes those two in random order; here the keys are sorted.
 */
import { LakhError, reasonOf } from "../base/errors.ts";
import type { Metadata } from "../metrics/index.ts";
import { formatGoSeconds, formatGoTime } from "../base/time.ts";
import type { OutputContext } from "./context.ts";
import { parseCsvOptions, type CsvOptions, type CsvTimeFormat } from "./csv-options.ts";
import type { OutputsErrorCode } from "./errors.ts";
import type { Output, Samples, SampleSeries } from "./output.ts";
import { createWriterOutput } from "./sample-writer.ts";
import { openFileSink, streamSink, type TextSink } from "./text-sink.ts";

/** System tags that are metadata, which has a column of its own. */
const unindexed: ReadonlySet<string> = new Set(["vu", "iter"]);

/** @throws LakhError OUTPUT_ARGUMENT */
export function createCsvOutput(argument: string, context: OutputContext): Output {
  const options = parseCsvOptions(argument, context.env);
  const { fileName, timeFormat, saveIntervalMs: flushIntervalMs } = options;
  const description = fileName === "-" ? "csv (stdout)" : `csv (${fileName})`;
  const rows = new CsvRows(context.systemTags, timeFormat);
  const encode = rows.encode.bind(rows);
  const { logger, stopGraceMs } = context;
  return createWriterOutput(
    { description, encode, flushIntervalMs, logger, stopGraceMs },
    async () => {
      requirePositive(options);
      const sink = await openSink(fileName, context);
      await writeHeader(sink, { header: rows.header, fileName });
      return sink;
    },
  );
}

function requirePositive({ saveIntervalMs }: CsvOptions): void {
  if (saveIntervalMs > 0) return;
  throw new LakhError(
    "OUTPUT_ARGUMENT" satisfies OutputsErrorCode,
    `metric flush period should be positive but was ${saveIntervalMs / 1_000}s`,
    { hint: "give saveInterval (or K6_CSV_SAVE_INTERVAL) a duration such as 1s" },
  );
}

async function openSink(fileName: string, context: OutputContext): Promise<TextSink> {
  if (fileName === "-") return streamSink(context.stdout);
  try {
    return await openFileSink(context.resolvePath(fileName), fileName);
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    throw notCreated(error.message, error);
  }
}

/** A disk that has no room for the first row is a reason not to begin. */
async function writeHeader(sink: TextSink, { header, fileName }: HeaderParts): Promise<void> {
  try {
    await sink.write(header);
  } catch (error) {
    throw notCreated(`write ${fileName}: ${reasonOf(error)}`, error);
  }
}

interface HeaderParts {
  readonly header: string;
  readonly fileName: string;
}

function notCreated(reason: string, cause: unknown): LakhError {
  return new LakhError(
    "OUTPUT_OPEN" satisfies OutputsErrorCode,
    `could not create the 'csv' output: ${reason}`,
    {
      hint: "name a file in a folder that exists and that you may write to, on a disk with room",
      cause,
    },
  );
}

/** Samples as rows. */
export class CsvRows {
  readonly header: string;
  readonly #columns: readonly string[];
  readonly #time: (timeMs: number) => string;
  /** What follows the value of a series: its columns and its other tags, up to the metadata. */
  readonly #tails: string[] = [];
  #lastMs = Number.NaN;
  #lastTime = "";
  #lastMetadata: Metadata | undefined;
  #lastMetadataText = "";

  constructor(systemTags: readonly string[], timeFormat: CsvTimeFormat) {
    this.#columns = systemTags.filter((tag) => !unindexed.has(tag)).sort();
    this.#time = timeTexts[timeFormat];
    const names = ["metric_name", "timestamp", "metric_value", ...this.#columns];
    this.header = `${[...names, "extra_tags", "metadata"].join(",")}\n`;
  }

  encode(samples: Samples, from: number, to: number): string {
    let text = "";
    for (let at = from; at < to; at++) {
      const series = samples.seriesAt(at);
      const tail = this.#tails[series.index] ?? this.#define(series);
      const time = this.#timeText(samples.timeMsAt(at));
      const value = sixDecimals(samples.valueAt(at));
      const metadata = this.#metadataText(samples.metadataAt(at));
      text += `${series.metric.name},${time},${value},${tail}${metadata}\n`;
    }
    return text;
  }

  #define({ index, tags }: SampleSeries): string {
    const own = this.#columns.map((tag) => csvField(tags[tag] ?? ""));
    const others = Object.entries(tags).filter(([tag]) => !this.#columns.includes(tag));
    const tail = `${[...own, csvField(joinPairs(others))].join(",")},`;
    this.#tails[index] = tail;
    return tail;
  }

  #timeText(timeMs: number): string {
    if (timeMs !== this.#lastMs) {
      this.#lastMs = timeMs;
      this.#lastTime = this.#time(timeMs);
    }
    return this.#lastTime;
  }

  #metadataText(metadata: Metadata | undefined): string {
    if (metadata === undefined) return "";
    if (metadata !== this.#lastMetadata) {
      this.#lastMetadata = metadata;
      const pairs = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
      this.#lastMetadataText = csvField(joinPairs(pairs));
    }
    return this.#lastMetadataText;
  }
}

/** Unescaped, as in k6. */
function joinPairs(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([key, value]) => `${key}=${value}`).join("&");
}

/** A field as Go's encoder writes it: quoted when it would be read differently otherwise. */
function csvField(text: string): string {
  const isPlain = !/[",\r\n]|^\s/u.test(text) && text !== "\\.";
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}

const micros = (timeMs: number): number => Math.round(timeMs * 1_000);

const timeTexts: Readonly<Record<CsvTimeFormat, (timeMs: number) => string>> = {
  unix: (timeMs) => String(Math.floor(timeMs / 1_000)),
  unix_milli: (timeMs) => String(Math.floor(timeMs)),
  unix_micro: (timeMs) => String(micros(timeMs)),
  unix_nano: (timeMs) => `${micros(timeMs)}000`,
  rfc3339: formatGoSeconds,
  rfc3339_nano: formatGoTime,
};

/** Go's `%f`: never an exponent, exact ties to the even digit, and a sign even for zero. */
function sixDecimals(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (size >= 1e21) return `${sign}${BigInt(size)}.000000`;
  // Only odd multiples of 1/128 lie exactly between two numbers of six decimals.
  const isTie = Number.isInteger(size * 128) && !Number.isInteger(size * 64);
  if (!isTie) return sign + size.toFixed(6);
  const below = Math.floor(size * 1e6);
  return sign + ((below + (below % 2)) / 1e6).toFixed(6);
}

/**
 * Rows as the messages of Prometheus' remote write protocol, by hand over protobufjs' writer: 1.0 (package `prometheus`)
 * and 2.0 (`io.prometheus.write.v2`). The two differ in where labels stand: in 1.0 as texts in each series (encoded once,
 * they never change), in 2.0 as numbers of a table that the request begins with. Samples and histograms are alike.
 */
import protobuf from "protobufjs/minimal.js";
import { flatLabels, nameLabel, type TagLabels } from "./labels.ts";
import { type NativeBuckets, type NativeHistogram, zeroThreshold } from "./native-histogram.ts";
import type { Row } from "./rows.ts";

export type WireVersion = 1 | 2;

/** What the points of a request have in common. */
export interface WireTimes {
  /** Added to every time: the receiver's clock less ours. */
  readonly offsetMs: number;
  /** Unix milliseconds at which counters began; told by 2.0 only. */
  readonly startMs: number;
}

type Writer = protobuf.Writer;

/** The field's number and how its value is written, as protobuf puts them before a value. */
const tagOf = (field: number, wireType: 0 | 1 | 2): number => (field << 3) | wireType;
const varint = 0;
const fixed64 = 1;
const delimited = 2;

/** Field numbers of a series that the versions have differently. */
const seriesFields = {
  1: { samples: 2, histograms: 4 },
  2: { samples: 2, histograms: 3 },
} as const;

/** Of Metadata in 2.0. */
const typeNumbers = { counter: 1, gauge: 2, histogram: 3 } as const;

/** The bits of the NaN that marks a series as ended: 0x7ff0000000000002. A NaN of the language has others. */
const staleBits = "9218868437227405314";

/** The body of a request, not yet compressed. */
export function encodeRows(
  rows: readonly Row[],
  version: WireVersion,
  times: WireTimes,
): Uint8Array {
  return version === 1 ? encodeVersion1(rows, times) : encodeVersion2(rows, times);
}

function encodeVersion1(rows: readonly Row[], times: WireTimes): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const row of rows) {
    const { series } = row;
    const { before, after } = (series.tags.encoded ??= encodeTags(series.tags));
    const name = (series.encodedName ??= encodeLabels([nameLabel, series.name]));
    const labelBytes = before.length + name.length + after.length;
    const writer = protobuf.Writer.create();
    writePoints(writer, row, { version: 1, times });
    const points = writer.finish();
    const head = protobuf.Writer.create().uint32(tagOf(1, delimited));
    chunks.push(head.uint32(labelBytes + points.length).finish(), before, name, after, points);
  }
  return Buffer.concat(chunks);
}

function encodeTags({ before, after }: TagLabels): NonNullable<TagLabels["encoded"]> {
  return { before: encodeLabels(before), after: encodeLabels(after) };
}

/** Labels of a series in 1.0: each is a message of its own. */
function encodeLabels(labels: readonly string[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (let at = 0; at < labels.length; at += 2) {
    writer.uint32(tagOf(1, delimited)).fork();
    writer.uint32(tagOf(1, delimited)).string(labels[at]!);
    writer.uint32(tagOf(2, delimited)).string(labels[at + 1]!);
    writer.ldelim();
  }
  return writer.finish();
}

function encodeVersion2(rows: readonly Row[], times: WireTimes): Uint8Array {
  // The first is the empty text, whatever the rest.
  const symbols = new Map<string, number>([["", 0]]);
  const symbol = (text: string): number => {
    const known = symbols.get(text);
    if (known !== undefined) return known;
    symbols.set(text, symbols.size);
    return symbols.size - 1;
  };
  const series = protobuf.Writer.create();
  for (const row of rows) {
    series.uint32(tagOf(5, delimited)).fork();
    series.uint32(tagOf(1, delimited)).fork();
    for (const text of flatLabels(row.series)) series.uint32(symbol(text));
    series.ldelim();
    writePoints(series, row, { version: 2, times });
    series.uint32(tagOf(5, delimited)).fork();
    series.uint32(tagOf(1, varint)).uint32(typeNumbers[row.series.kind]);
    series.ldelim().ldelim();
  }
  const table = protobuf.Writer.create();
  for (const text of symbols.keys()) table.uint32(tagOf(4, delimited)).string(text);
  return Buffer.concat([table.finish(), series.finish()]);
}

interface PointForm {
  readonly version: WireVersion;
  readonly times: WireTimes;
}

function writePoints(writer: Writer, row: Row, form: PointForm): void {
  const { series, floats, histograms } = row;
  const fields = seriesFields[form.version];
  const { offsetMs, startMs } = form.times;
  // Of what counts up only.
  const began = form.version === 2 && series.kind !== "gauge" ? startMs + offsetMs : undefined;
  for (const { timeMs, value } of floats) {
    writer.uint32(tagOf(fields.samples, delimited)).fork();
    writer.uint32(tagOf(1, fixed64));
    if (Number.isNaN(value)) writer.fixed64(staleBits);
    else writer.double(value);
    writer.uint32(tagOf(2, varint)).int64(timeMs + offsetMs);
    if (began !== undefined) writer.uint32(tagOf(3, varint)).int64(began);
    writer.ldelim();
  }
  for (const { timeMs, histogram } of histograms) {
    writer.uint32(tagOf(fields.histograms, delimited)).fork();
    writeHistogram(writer, histogram);
    writer.uint32(tagOf(15, varint)).int64(timeMs + offsetMs);
    if (began !== undefined) writer.uint32(tagOf(17, varint)).int64(began);
    writer.ldelim();
  }
}

function writeHistogram(writer: Writer, histogram: NativeHistogram): void {
  writer.uint32(tagOf(1, varint)).uint64(histogram.count);
  writer.uint32(tagOf(3, fixed64)).double(histogram.sum);
  writer.uint32(tagOf(4, varint)).sint32(histogram.schema);
  writer.uint32(tagOf(5, fixed64)).double(zeroThreshold);
  writer.uint32(tagOf(6, varint)).uint64(histogram.zeroCount);
  writeBuckets(writer, histogram.negative, 8);
  writeBuckets(writer, histogram.positive, 11);
}

/** Spans in the field, deltas in the one after it. */
function writeBuckets(writer: Writer, { spans, deltas }: NativeBuckets, field: number): void {
  for (const { offset, length } of spans) {
    writer.uint32(tagOf(field, delimited)).fork();
    writer.uint32(tagOf(1, varint)).sint32(offset);
    writer.uint32(tagOf(2, varint)).uint32(length);
    writer.ldelim();
  }
  if (deltas.length === 0) return;
  writer.uint32(tagOf(field + 1, delimited)).fork();
  for (const delta of deltas) {
    // The bytes are the same; 32 bits take no object.
    if (delta === (delta | 0)) writer.sint32(delta);
    else writer.sint64(delta);
  }
  writer.ldelim();
}

/**
 * Rows as the messages of Prometheus' remote write protocol, 1.0 (package `prometheus`) and 2.0 (`io.prometheus.write.v2`).
 * The two differ in where labels stand: in 1.0 as texts in each series (those of its tags are encoded once, they never
 * change), in 2.0 as numbers of a table that the request begins with. Samples and histograms are alike.
 */
import { flatLabels, nameLabel, type TagLabels } from "./labels.ts";
import { type NativeBuckets, type NativeHistogram, zeroThreshold } from "./native-histogram.ts";
import type { Row } from "./rows.ts";
import { WireWriter, wireTypes } from "./wire-writer.ts";

export type WireVersion = 1 | 2;

/** What the points of a request have in common. */
export interface WireTimes {
  /** Added to every time: the receiver's clock less ours. */
  readonly offsetMs: number;
  /** Unix milliseconds at which counters began; told by 2.0 only. */
  readonly startMs: number;
}

const { varint, fixed64, delimited } = wireTypes;

/** Field numbers of a series that the versions have differently. */
const seriesFields = {
  1: { samples: 2, histograms: 4 },
  2: { samples: 2, histograms: 3 },
} as const;

/** Of Metadata in 2.0. */
const typeNumbers = { counter: 1, gauge: 2, histogram: 3 } as const;

/** The bits of the NaN that marks a series as ended, 0x7ff0000000000002. A NaN of the language has others. */
const staleBits: Uint8Array = Uint8Array.of(2, 0, 0, 0, 0, 0, 0xf0, 0x7f);

/** Nothing waits between its first byte and its last: one for all. */
const writer: WireWriter = new WireWriter();

/** The body of a request, not yet compressed. */
export function encodeRows(
  rows: readonly Row[],
  version: WireVersion,
  times: WireTimes,
): Uint8Array {
  return version === 1 ? encodeVersion1(rows, times) : encodeVersion2(rows, times);
}

function encodeVersion1(rows: readonly Row[], times: WireTimes): Uint8Array {
  // Before the rows: they use the same writer.
  for (const { series } of rows) {
    series.tags.encoded ??= encodeTags(series.tags);
    if (!encodedNames.has(series.name))
      encodedNames.set(series.name, encodeLabels([nameLabel, series.name]));
  }
  for (const row of rows) {
    const { tags, name } = row.series;
    writer.tag(1, delimited);
    const start = writer.begin();
    writer.raw(tags.encoded!.before);
    writer.raw(encodedNames.get(name)!);
    writer.raw(tags.encoded!.after);
    writePoints(row, { version: 1, times });
    writer.end(start);
  }
  return writer.take();
}

/** The labels of names; there are as many as metrics and their statistics. */
const encodedNames = new Map<string, Uint8Array>();

function encodeTags({ before, after }: TagLabels): NonNullable<TagLabels["encoded"]> {
  return { before: encodeLabels(before), after: encodeLabels(after) };
}

/** Labels of a series in 1.0: each is a message of its own. */
function encodeLabels(labels: readonly string[]): Uint8Array {
  for (let at = 0; at < labels.length; at += 2) {
    writer.tag(1, delimited);
    const start = writer.begin();
    writer.tag(1, delimited);
    writer.text(labels[at]!);
    writer.tag(2, delimited);
    writer.text(labels[at + 1]!);
    writer.end(start);
  }
  return writer.take();
}

function encodeVersion2(rows: readonly Row[], times: WireTimes): Uint8Array {
  const table = toTable(rows);
  for (const text of table.keys()) {
    writer.tag(4, delimited);
    writer.text(text);
  }
  for (const row of rows) {
    writer.tag(5, delimited);
    const start = writer.begin();
    writer.tag(1, delimited);
    const labels = writer.begin();
    for (const text of flatLabels(row.series)) writer.varint(table.get(text)!);
    writer.end(labels);
    writePoints(row, { version: 2, times });
    writer.tag(5, delimited);
    const metadata = writer.begin();
    writer.tag(1, varint);
    writer.varint(typeNumbers[row.series.kind]);
    writer.end(metadata);
    writer.end(start);
  }
  return writer.take();
}

/** Every text of the labels by its number; the first is the empty text, whatever the rest. */
function toTable(rows: readonly Row[]): ReadonlyMap<string, number> {
  const table = new Map<string, number>([["", 0]]);
  for (const { series } of rows)
    for (const text of flatLabels(series)) if (!table.has(text)) table.set(text, table.size);
  return table;
}

interface PointForm {
  readonly version: WireVersion;
  readonly times: WireTimes;
}

function writePoints({ series, floats, histograms }: Row, { version, times }: PointForm): void {
  const fields = seriesFields[version];
  const { offsetMs, startMs } = times;
  // Of what counts up only.
  const began = version === 2 && series.kind !== "gauge" ? startMs + offsetMs : undefined;
  for (const { timeMs, value } of floats) {
    writer.tag(fields.samples, delimited);
    const start = writer.begin();
    writer.tag(1, fixed64);
    if (Number.isNaN(value)) writer.raw(staleBits);
    else writer.double(value);
    writeTime(2, timeMs + offsetMs);
    if (began !== undefined) writeTime(3, began);
    writer.end(start);
  }
  for (const { timeMs, histogram } of histograms) {
    writer.tag(fields.histograms, delimited);
    const start = writer.begin();
    writeHistogram(histogram);
    writeTime(15, timeMs + offsetMs);
    if (began !== undefined) writeTime(17, began);
    writer.end(start);
  }
}

function writeTime(field: number, unixMs: number): void {
  writer.tag(field, varint);
  writer.varint(unixMs);
}

function writeHistogram(histogram: NativeHistogram): void {
  writer.tag(1, varint);
  writer.varint(histogram.count);
  writer.tag(3, fixed64);
  writer.double(histogram.sum);
  writer.tag(4, varint);
  writer.zigzag(histogram.schema);
  writer.tag(5, fixed64);
  writer.double(zeroThreshold);
  writer.tag(6, varint);
  writer.varint(histogram.zeroCount);
  writeBuckets(histogram.negative, 8);
  writeBuckets(histogram.positive, 11);
}

/** Spans in the field, deltas in the one after it. */
function writeBuckets({ spans, deltas }: NativeBuckets, field: number): void {
  for (const { offset, length } of spans) {
    writer.tag(field, delimited);
    const start = writer.begin();
    writer.tag(1, varint);
    writer.zigzag(offset);
    writer.tag(2, varint);
    writer.varint(length);
    writer.end(start);
  }
  if (deltas.length === 0) return;
  writer.tag(field + 1, delimited);
  const start = writer.begin();
  for (const delta of deltas) writer.zigzag(delta);
  writer.end(start);
}

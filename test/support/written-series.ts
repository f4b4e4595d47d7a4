/**
 * Writes series into a Prometheus by remote write 1.0, encoded here by hand, so that tests of queries have data of any
 * age without waiting for a scrape, native histograms included. Slices go out in the order of time, because a server
 * refuses what is older than the newest sample of a series.
 */
import protobuf from "protobufjs";
import { prometheusPassword, prometheusUser } from "./prometheus.ts";

/** A native histogram of schema 6; counts of neighbouring buckets, the first with this index. */
export interface NativeHistogram {
  readonly firstIndex: number;
  readonly counts: readonly number[];
  readonly sum: number;
}

export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** In the order of time. */
  readonly points: readonly (readonly [atMs: number, value: number | NativeHistogram])[];
}

const schema = 6;

/** Index of the bucket that holds `value`: its upper limit is 2 ** (index / 64). */
export function bucketIndex(value: number): number {
  return Math.ceil(Math.log2(value) * 2 ** schema);
}

/** Upper limit of a bucket. */
export function bucketLimit(index: number): number {
  return 2 ** (index / 2 ** schema);
}

/** Sends all points; rejects with the server's words if it does not take them. */
export async function writeSeries(port: number, series: readonly WrittenSeries[]): Promise<void> {
  const login = Buffer.from(`${prometheusUser}:${prometheusPassword}`).toString("base64");
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/write`, {
    method: "POST",
    headers: {
      authorization: `Basic ${login}`,
      "content-encoding": "snappy",
      "content-type": "application/x-protobuf",
      "x-prometheus-remote-write-version": "0.1.0",
    },
    body: new Uint8Array(toSnappyBlock(encodeRequest(series))),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`remote write: ${response.status} ${text}`);
}

function encodeRequest(all: readonly WrittenSeries[]): Uint8Array {
  const writer = new protobuf.Writer();
  for (const { labels, points } of all) {
    writer.uint32(message(1)).fork();
    const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, value] of sorted) {
      if (value === "") continue;
      writer.uint32(message(1)).fork();
      writer.uint32(message(1)).string(name).uint32(message(2)).string(value).ldelim();
    }
    for (const [atMs, value] of points) {
      if (typeof value === "number") writeSample(writer, atMs, value);
      else writeHistogram(writer, atMs, value);
    }
    writer.ldelim();
  }
  return writer.finish();
}

function writeSample(writer: protobuf.Writer, atMs: number, value: number): void {
  writer.uint32(message(2)).fork();
  writer.uint32(fixed64(1)).double(value).uint32(varint(2)).int64(atMs).ldelim();
}

function writeHistogram(writer: protobuf.Writer, atMs: number, histogram: NativeHistogram): void {
  const { firstIndex, counts, sum } = histogram;
  const count = counts.reduce((total, each) => total + each, 0);
  writer.uint32(message(4)).fork();
  writer.uint32(varint(1)).uint64(count);
  writer.uint32(fixed64(3)).double(sum);
  writer.uint32(varint(4)).sint32(schema);
  writer.uint32(fixed64(5)).double(2 ** -128);
  writer.uint32(varint(6)).uint64(0);
  writer.uint32(message(11)).fork();
  writer.uint32(varint(1)).sint32(firstIndex).uint32(varint(2)).uint32(counts.length).ldelim();
  writer.uint32(message(12)).fork();
  for (const [index, each] of counts.entries()) writer.sint64(each - (counts[index - 1] ?? 0));
  writer.ldelim();
  writer.uint32(varint(15)).int64(atMs).ldelim();
}

const varint = (field: number): number => field << 3;
const fixed64 = (field: number): number => (field << 3) | 1;
const message = (field: number): number => (field << 3) | 2;

/** The block format, of literals only: valid, and as large as it is simple. */
function toSnappyBlock(bytes: Uint8Array): Buffer {
  const parts: Uint8Array[] = [new protobuf.Writer().uint32(bytes.length).finish()];
  const longest = 65_536;
  for (let at = 0; at < bytes.length; at += longest) {
    const literal = bytes.subarray(at, at + longest);
    const tag = Buffer.alloc(3);
    tag[0] = 61 << 2;
    tag.writeUInt16LE(literal.length - 1, 1);
    parts.push(tag, literal);
  }
  return Buffer.concat(parts);
}

/**
 * The other end of Prometheus' remote write, for tests: decodes requests by the protocol's own definitions (which the
 * sender does not use), and answers as it is told.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import protobuf from "protobufjs";
import snappy from "snappy";

const pointFields = `
  message Sample { double value = 1; int64 timestamp = 2; int64 start_timestamp = 3; }
  message BucketSpan { sint32 offset = 1; uint32 length = 2; }
  message Histogram {
    oneof count { uint64 count_int = 1; double count_float = 2; }
    double sum = 3; sint32 schema = 4; double zero_threshold = 5;
    oneof zero_count { uint64 zero_count_int = 6; double zero_count_float = 7; }
    repeated BucketSpan negative_spans = 8; repeated sint64 negative_deltas = 9; repeated double negative_counts = 10;
    repeated BucketSpan positive_spans = 11; repeated sint64 positive_deltas = 12; repeated double positive_counts = 13;
    int32 reset_hint = 14; int64 timestamp = 15; repeated double custom_values = 16; int64 start_timestamp = 17;
  }`;

const version1 = protobuf
  .parse(
    `syntax = "proto3"; package prometheus;
  message WriteRequest { repeated TimeSeries timeseries = 1; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; repeated Histogram histograms = 4; }
  message Label { string name = 1; string value = 2; }
  ${pointFields}`,
    { keepCase: true },
  )
  .root.lookupType("prometheus.WriteRequest");

const version2 = protobuf
  .parse(
    `syntax = "proto3"; package write.v2;
  message Request { repeated string symbols = 4; repeated TimeSeries timeseries = 5; }
  message TimeSeries { repeated uint32 labels_refs = 1; repeated Sample samples = 2; repeated Histogram histograms = 3; Metadata metadata = 5; }
  message Metadata { int32 type = 1; uint32 help_ref = 3; uint32 unit_ref = 4; }
  ${pointFields}`,
    { keepCase: true },
  )
  .root.lookupType("write.v2.Request");

export interface DecodedSample {
  readonly value: number;
  readonly timestamp: number;
  readonly start_timestamp: number;
}

export interface DecodedHistogram {
  readonly count_int: number;
  readonly sum: number;
  readonly schema: number;
  readonly zero_threshold: number;
  readonly zero_count_int: number;
  readonly positive_spans: readonly { offset: number; length: number }[];
  readonly positive_deltas: readonly number[];
  readonly negative_spans: readonly { offset: number; length: number }[];
  readonly negative_deltas: readonly number[];
  readonly timestamp: number;
  readonly start_timestamp: number;
}

export interface DecodedSeries {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly samples: readonly DecodedSample[];
  readonly histograms: readonly DecodedHistogram[];
  /** 2.0 only. */
  readonly type: number | undefined;
}

interface Version1Request {
  readonly timeseries: (Pick<DecodedSeries, "samples" | "histograms"> & {
    readonly labels: readonly { readonly name: string; readonly value: string }[];
  })[];
}

interface Version2Request {
  readonly symbols: string[];
  readonly timeseries: (Pick<DecodedSeries, "samples" | "histograms"> & {
    readonly labels_refs: number[];
    readonly metadata: { readonly type: number } | null;
  })[];
}

const plain = { longs: Number, defaults: true, arrays: true } as const;

/** The series of an uncompressed body. */
export function decodeBody(body: Uint8Array, version: 1 | 2): DecodedSeries[] {
  if (version === 1) {
    const { timeseries } = version1.toObject(version1.decode(body), plain) as Version1Request;
    return timeseries.map(({ labels, samples, histograms }) => ({
      labels: labels.map(({ name, value }) => [name, value] as const),
      samples,
      histograms,
      type: undefined,
    }));
  }
  const request = version2.toObject(version2.decode(body), plain) as Version2Request;
  return request.timeseries.map(({ labels_refs: refs, samples, histograms, metadata }) => ({
    labels: Array.from({ length: refs.length / 2 }, (_, pair) => {
      return [request.symbols[refs[2 * pair]!]!, request.symbols[refs[2 * pair + 1]!]!] as const;
    }),
    samples,
    histograms,
    type: metadata?.type,
  }));
}

/** Labels as an object, the metric's name under `__name__`. */
export function labelsOf({ labels }: DecodedSeries): Record<string, string> {
  return Object.fromEntries(labels);
}

/** A stale marker has one NaN's bits and no other's. */
export function isStaleMarker(value: number): boolean {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0) === 0x7ff0_0000_0000_0002n;
}

/** A request as it came. */
export interface Received {
  readonly version: 1 | 2;
  readonly headers: IncomingMessage["headers"];
  readonly url: string;
  readonly series: readonly DecodedSeries[];
  /** Uncompressed. */
  readonly body: Uint8Array;
}

export type Answer = (response: ServerResponse, received: Received) => void;

export interface FakeReceiver {
  readonly url: string;
  /** Of all requests, those that were turned down included. */
  readonly received: Received[];
  /** How requests are answered from now on. */
  answer: Answer;
  close(): Promise<void>;
}

/** As Prometheus 2.42 with native histograms: 204 to anything, 2.0 included, which it does not store. */
export const acceptsVersion1: Answer = (response) => void response.writeHead(204).end();

/** As Prometheus since 2.54. */
export const acceptsVersion2: Answer = (response, { version }) => {
  if (version === 2) response.setHeader("X-Prometheus-Remote-Write-Samples-Written", "1");
  response.writeHead(204).end();
};

type Scope = { after(close: () => Promise<void> | void): unknown };

/** Listens on a free port of 127.0.0.1. */
export async function startFakeReceiver(
  t: Scope,
  answer: Answer = acceptsVersion1,
): Promise<FakeReceiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = toReceived(request, Buffer.concat(chunks));
      received.push(one);
      fake.answer(response, one);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const fake: FakeReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  t.after(() => fake.close());
  return fake;
}

function toReceived({ headers, url = "" }: IncomingMessage, body: Buffer): Received {
  const version = headers["x-prometheus-remote-write-version"] === "2.0.0" ? 2 : 1;
  const raw = snappy.uncompressSync(body) as Buffer;
  return { version, headers, url, series: decodeBody(raw, version), body: raw };
}

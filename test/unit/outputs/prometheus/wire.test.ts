import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TagLabels } from "../../../../src/outputs/prometheus/labels.ts";
import { toNativeBuckets } from "../../../../src/outputs/prometheus/native-histogram.ts";
import {
  floatRow,
  histogramRow,
  RemoteSeries,
  type Row,
  type SeriesKind,
} from "../../../../src/outputs/prometheus/rows.ts";
import { encodeRows } from "../../../../src/outputs/prometheus/wire.ts";
import { decodeBody, isStaleMarker } from "../../../support/remote-write.ts";

const atMs = Date.parse("2026-08-01T10:00:05.123Z");
const times = { offsetMs: 0, startMs: atMs - 5_000 };

const remote = (
  name: string,
  tags: Readonly<Record<string, string>>,
  kind: SeriesKind,
): RemoteSeries => new RemoteSeries({ name, tags: new TagLabels(tags) }, kind);

const counter = (): RemoteSeries =>
  remote("k6_http_reqs_total", { name: "/ü?q=1", method: "GET" }, "counter");

const histogram = (): RemoteSeries =>
  remote("k6_http_req_duration_seconds", { method: "GET" }, "histogram");

const rows = (): Row[] => [
  floatRow(counter(), [
    { timeMs: atMs - 5_000, value: 0 },
    { timeMs: atMs, value: 7.25 },
  ]),
  histogramRow(histogram(), [
    {
      timeMs: atMs,
      histogram: {
        schema: 6,
        count: 2 ** 40 + 17,
        sum: 1.5,
        zeroCount: 3,
        positive: toNativeBuckets([-640, 2 ** 40, -639, 5, -630, 9]),
        negative: toNativeBuckets([]),
      },
    },
  ]),
];

for (const version of [1, 2] as const) {
  describe(`encodeRows, ${version}.0`, () => {
    const decoded = decodeBody(encodeRows(rows(), version, times), version);

    it("keeps labels, values and times", () => {
      assert.deepEqual(decoded[0]!.labels, [
        ["__name__", "k6_http_reqs_total"],
        ["method", "GET"],
        ["name", "/ü?q=1"],
      ]);
      assert.deepEqual(
        decoded[0]!.samples.map(({ value, timestamp }) => [value, timestamp]),
        [
          [0, atMs - 5_000],
          [7.25, atMs],
        ],
      );
      assert.deepEqual(decoded[0]!.histograms, []);
    });

    it("keeps a histogram, counts of more than 32 bits included", () => {
      const { start_timestamp: _, ...told } = decoded[1]!.histograms[0]!;
      const { count_int, sum, schema, zero_count_int, zero_threshold, timestamp } = told;
      assert.deepEqual(
        { count_int, sum, schema, zero_count_int, zero_threshold, timestamp },
        {
          count_int: 2 ** 40 + 17,
          sum: 1.5,
          schema: 6,
          zero_count_int: 3,
          zero_threshold: 2 ** -128,
          timestamp: atMs,
        },
      );
      assert.deepEqual(told.positive_spans, [
        { offset: -640, length: 2 },
        { offset: 8, length: 1 },
      ]);
      assert.deepEqual(told.positive_deltas, [2 ** 40, 5 - 2 ** 40, 4]);
      assert.deepEqual(told.negative_spans, []);
    });

    it("marks the end of a series with the one NaN that means it", () => {
      const ended = floatRow(histogram(), [{ timeMs: atMs, value: Number.NaN }]);
      const [series] = decodeBody(encodeRows([ended], version, times), version);
      assert.ok(isStaleMarker(series!.samples[0]!.value));
    });

    it("moves all times by the receiver's clock", () => {
      const moved = decodeBody(
        encodeRows(rows(), version, { ...times, offsetMs: -60_000 }),
        version,
      );
      assert.equal(moved[0]!.samples[1]!.timestamp, atMs - 60_000);
      assert.equal(moved[1]!.histograms[0]!.timestamp, atMs - 60_000);
    });
  });
}

describe("encodeRows, 2.0", () => {
  it("says what a series is, and when what counts up began", () => {
    const gauge = remote("k6_vus", {}, "gauge");
    const all = [...rows(), floatRow(gauge, [{ timeMs: atMs, value: 1 }])];
    const decoded = decodeBody(encodeRows(all, 2, times), 2);
    assert.deepEqual(
      decoded.map(({ type }) => type),
      [1, 3, 2],
    );
    assert.equal(decoded[0]!.samples[1]!.start_timestamp, times.startMs);
    assert.equal(decoded[1]!.histograms[0]!.start_timestamp, times.startMs);
    assert.equal(decoded[2]!.samples[0]!.start_timestamp, 0);
  });

  it("begins its table with the empty text even when there is no series", () => {
    assert.deepEqual([...encodeRows([], 2, times)], [(4 << 3) | 2, 0]);
    assert.equal(encodeRows([], 1, times).length, 0);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { SampleBatch } from "../../../../src/metrics/index.ts";
import {
  type FieldType,
  InfluxLines,
  type InfluxPrecision,
} from "../../../../src/outputs/influxdb/lines.ts";
import type { Samples } from "../../../../src/outputs/index.ts";
import { SampleDirectory } from "../../../../src/outputs/samples.ts";
import { parseLines, type Point, pointKey } from "../../../support/line-protocol.ts";

const timeMs = 1_785_578_400_123.5;

interface Given {
  readonly name?: string;
  readonly contains?: "time" | "default";
  readonly tags?: Readonly<Record<string, string>>;
  readonly values?: readonly number[];
  readonly timesMs?: readonly number[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A batch of one series. */
function batch({
  name = "my_trend",
  contains = "default",
  tags = {},
  values = [1],
  timesMs,
  metadata,
}: Given): SampleBatch {
  return {
    metrics: [{ name, type: "trend", contains }],
    tagSets: [tags],
    series: [[0, 0]],
    seriesIds: new Uint32Array(values.length),
    values: Float64Array.from(values),
    timesMs: Float64Array.from(timesMs ?? values.map(() => timeMs)),
    metadata: metadata === undefined ? [] : [metadata],
    metadataIds: metadata === undefined ? undefined : new Uint32Array(values.length).fill(1),
  };
}

const defaultFields = new Map<string, FieldType>([
  ["vu", "int"],
  ["iter", "int"],
  ["url", "string"],
]);

function linesOf(given: Given, precision: InfluxPrecision = "ns", fields = defaultFields): string {
  const samples = new SampleDirectory().resolve(batch(given), 0);
  return new InfluxLines({ tagsAsFields: fields, precision }).encode(samples, 0, samples.length);
}

const point = (given: Given, fields?: Map<string, FieldType>): Point =>
  parseLines(linesOf(given, "ns", fields))[0]!;

describe("points of InfluxDB", () => {
  it("have the metric as measurement, its tags, and k6's fields", () => {
    const { measurement, tags, fields } = point({
      name: "http_reqs",
      tags: { method: "GET", group: "", url: 'http://h/?a="b"' },
      metadata: { vu: "3", iter: "12", other: "left out" },
    });
    assert.equal(measurement, "http_reqs");
    assert.deepEqual({ ...tags }, { method: "GET" });
    assert.deepEqual({ ...fields }, { value: 1, url: 'http://h/?a="b"', vu: 3n, iter: 12n });
  });

  it("write values as floats, measured times to the nanosecond", () => {
    const values = [1, -0, 1e21, 1e-7, 1.290128999999979];
    const shown = parseLines(linesOf({ values })).map(({ fields }) => fields["value"]);
    assert.deepEqual(shown, values);
    const measured = point({
      name: "http_req_duration",
      contains: "time",
      values: [1.290128999999979],
    });
    assert.equal(measured.fields["value"], 1.290129);
  });

  it("have fields of the types that were asked for, and none that cannot be read as such", () => {
    const fields = new Map<string, FieldType>([
      ["i", "int"],
      ["f", "float"],
      ["b", "bool"],
      ["s", "string"],
      ["value", "string"],
    ]);
    const good = point({ tags: { i: "-12", f: "1.5", b: "true", s: "x y", value: "own" } }, fields);
    assert.deepEqual(
      { ...good.fields },
      { value: 1, i: -12n, f: 1.5, b: true, s: "x y", value_: "own" },
    );
    const bad = point({ tags: { i: "1.5", f: "x", b: "maybe", s: "" } }, fields);
    assert.deepEqual({ ...bad.fields }, { value: 1 });
  });

  it("take a tag before metadata of the same name", () => {
    const { fields } = point({ tags: { vu: "7" }, metadata: { vu: "3", iter: "1" } });
    assert.deepEqual({ ...fields }, { value: 1, vu: 7n, iter: 1n });
  });

  it("write times in the precision that was asked for", () => {
    const timeIn = (precision: InfluxPrecision): bigint | undefined =>
      parseLines(linesOf({}, precision))[0]?.time;
    assert.equal(timeIn("us"), 1_785_578_400_123_500n);
    assert.equal(timeIn("ms"), 1_785_578_400_123n);
    assert.equal(timeIn("s"), 1_785_578_400n);
    const ns = timeIn("ns")!;
    assert.ok(ns <= 1_785_578_400_123_500_000n && ns > 1_785_578_400_123_499_900n);
  });
});

describe("times of points", () => {
  /** Batches as they come from workers, in any order, with times that repeat. */
  const stream = fc.array(
    fc.record({
      source: fc.integer({ min: -1, max: 6 }),
      startUs: fc.integer({ min: 0, max: 50 }),
      stepsUs: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 40 }),
      url: fc.constantFrom("http://h/1", "http://h/2"),
    }),
    { maxLength: 20 },
  );

  it("are never the same for two samples of a series, whoever recorded them", () => {
    fc.assert(
      fc.property(stream, (parts) => {
        const directory = new SampleDirectory();
        const lines = new InfluxLines({ tagsAsFields: defaultFields, precision: "ns" });
        const last = new Map<number, number>();
        let text = "";
        let count = 0;
        for (const { source, startUs, stepsUs, url } of parts) {
          let us = Math.max(startUs, last.get(source) ?? 0);
          const timesMs = stepsUs.map((step) => timeMs + (us += step) / 1_000);
          last.set(source, us);
          const samples = resolved(directory, { url, timesMs, source });
          text += lines.encode(samples, 0, samples.length);
          count += samples.length;
        }
        assert.equal(new Set(parseLines(text).map(pointKey)).size, count);
      }),
    );
  });

  it("stay within a few microseconds of the sample's own", () => {
    const timesMs = Array.from({ length: 1_000 }, (_, n) => timeMs + Math.floor(n / 10) / 1_000);
    const points = parseLines(linesOf({ values: timesMs.map(() => 1), timesMs }));
    for (const [n, { time }] of points.entries()) {
      const awayNs = Number(time - BigInt(Math.round(timesMs[n]! * 1_000)) * 1_000n);
      // Doubles of this size are a quarter of a microsecond apart.
      assert.ok(awayNs > -500 && awayNs < 1_500, `${awayNs} ns`);
    }
  });

  it("are the same again when the same samples are encoded by a new encoder", () => {
    assert.equal(linesOf({ values: [1, 2, 3] }), linesOf({ values: [1, 2, 3] }));
  });
});

function resolved(
  directory: SampleDirectory,
  { url, timesMs, source }: { url: string; timesMs: readonly number[]; source: number },
): Samples {
  const made = batch({ tags: { url }, values: timesMs.map(() => 1), timesMs });
  // Each source numbers for itself, and defines anew here: ids count on.
  const known = counts.get(directory)?.get(source) ?? 0;
  const bySource = counts.get(directory) ?? new Map<number, number>();
  counts.set(directory, bySource.set(source, known + 1));
  return directory.resolve(
    { ...made, series: [[known, known]], seriesIds: made.seriesIds.fill(known) },
    source,
  );
}

const counts = new WeakMap<SampleDirectory, Map<number, number>>();

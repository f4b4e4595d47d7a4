/**
 * Proof that recording a sample allocates nothing: the heap's growth over ten million `add` calls on warm series of all
 * four types, divided by their number; and the same on a trend that starts anew every 300 samples, as it does with every
 * drain: it keeps the first values as a list, then counts them. The growth is read in chunks that are too small to fill the young generation even at
 * 16 bytes (one boxed number) a sample, and a chunk in which the heap shrank is left out: so no collection can hide what
 * was allocated. Needs `node --expose-gc`.
 *
 *     node --expose-gc dist/bench/micro/record-sample.js
 */
import { fileURLToPath } from "node:url";
import {
  createTagInterner,
  MetricRegistry,
  SampleStore,
  type Series,
} from "../../src/metrics/index.ts";
import { RunState } from "../../src/engine/worker/state.ts";
import { TrendSink } from "../../src/metrics/sinks.ts";

/** What the bench measured. */
export interface RecordSampleResult {
  readonly samples: number;
  /** Bytes allocated on the JavaScript heap for each sample of the chunks that count. */
  readonly bytesPerSample: number;
  readonly nanosecondsPerSample: number;
  /** Chunks left out because a collection fell into them; of 25. */
  readonly chunksLeftOut: number;
}

const chunks = 25;
const samplesPerChunk = 400_000;
/** The warm-up lets the compiler settle, and stretches the histograms over all values. */
const warmUpSamples = 2_000_000;
const differentValues = 4_096;
const samplesPerInterval = 300;

/** Measures recording on the sample path. */
export function benchRecordSample(): RecordSampleResult {
  const series = createSeries();
  const values = createValues();
  return measure((count) => record(series, values, count));
}

/** Measures recording on a trend whose intervals are short. */
export function benchShortIntervals(): RecordSampleResult {
  const sink = new TrendSink();
  const values = createValues();
  return measure((count) => recordIntervals(sink, values, count));
}

/** Measures what a request costs more because its response time is counted from when it was due, two limits watched. */
export function benchResponses(): RecordSampleResult {
  const state = new RunState();
  state.trackResponses([300, 500]);
  const values = createValues();
  return measure((count) => recordResponses(state, values, count));
}

function recordResponses(state: RunState, values: Float64Array, count: number): void {
  for (let k = 0; k < count; k++) state.addResponse(values[k % differentValues]!, 0.25);
}

function measure(recordMany: (count: number) => void): RecordSampleResult {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("start node with --expose-gc");
  recordMany(warmUpSamples);
  gc();
  let grownBytes = 0;
  let elapsedMs = 0;
  let counted = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const heapBefore = process.memoryUsage().heapUsed;
    const startMs = performance.now();
    recordMany(samplesPerChunk);
    elapsedMs += performance.now() - startMs;
    const grown = process.memoryUsage().heapUsed - heapBefore;
    if (grown < 0) continue;
    grownBytes += grown;
    counted++;
  }
  const samples = chunks * samplesPerChunk;
  return {
    samples,
    bytesPerSample: grownBytes / (counted * samplesPerChunk),
    nanosecondsPerSample: (elapsedMs * 1e6) / samples,
    chunksLeftOut: chunks - counted,
  };
}

function createSeries(): readonly Series[] {
  const registry = new MetricRegistry();
  const store = new SampleStore(registry);
  store.trackAbove("http_req_duration", [250, 500]);
  const tags = createTagInterner().with("method", "GET").with("url", "http://127.0.0.1/");
  const names = ["http_reqs", "http_req_duration", "http_req_failed", "vus", "http_req_waiting"];
  return names.map((name) => store.series(registry.get(name)!, tags));
}

/** Times from 10 µs to some 20 s, and the zeros of reused connections. */
function createValues(): Float64Array {
  return Float64Array.from({ length: differentValues }, (_, k) =>
    k % 16 === 0 ? 0 : 0.01 * 2 ** ((k * 21) / differentValues),
  );
}

function record(series: readonly Series[], values: Float64Array, count: number): void {
  const width = series.length;
  for (let k = 0; k < count; k++) {
    series[k % width]!.add(values[k % differentValues]!);
  }
}

function recordIntervals(sink: TrendSink, values: Float64Array, count: number): void {
  for (let k = 0; k < count; k++) {
    if (k % samplesPerInterval === 0) sink.reset();
    sink.add(values[k % differentValues]!);
  }
}

/** One line on a result. */
export function describeResult(result: RecordSampleResult): string {
  return (
    `${result.samples} samples: ${result.bytesPerSample.toFixed(3)} bytes and ` +
    `${result.nanosecondsPerSample.toFixed(1)} ns a sample (${result.chunksLeftOut} chunks left out)`
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(describeResult(benchRecordSample()));
  console.log(`response times, ${describeResult(benchResponses())}`);
  console.log(`short intervals, ${describeResult(benchShortIntervals())}`);
}

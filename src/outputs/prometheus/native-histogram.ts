/**
 * A trend's distribution as a native histogram of Prometheus: bucket i of schema s holds the values v with
 * 2^((i-1) / 2^s) < v <= 2^(i / 2^s). Empty buckets are left out: spans say where the others are, and each count is told as
 * its difference to the one before.
 *
 *     buckets  -2:3  -1:5        2:1      4:3  5:2
 *     spans    (-2, length 2)    (2, 1)   (1, 2)         offset: of the first absolute, of the others the gap before
 *     deltas   3, 2,             -4,      2, -1
 *
 * Going to a lower schema joins 2^k neighbours exactly. A factor between the units (milliseconds to seconds) is no power of
 * a bucket's width: there each bucket goes where the number that stands for its values goes, which is at most 0.28 % away
 * from any of them, and always to the same place, so that no bucket's count ever falls.
 */
import { type ExponentialHistogram, finestSchema, scaledIndex } from "../../metrics/index.ts";

export interface BucketSpan {
  readonly offset: number;
  readonly length: number;
}

/** The buckets of one sign. */
export interface NativeBuckets {
  readonly spans: readonly BucketSpan[];
  readonly deltas: readonly number[];
}

export interface NativeHistogram {
  readonly schema: number;
  readonly count: number;
  readonly sum: number;
  readonly zeroCount: number;
  readonly positive: NativeBuckets;
  readonly negative: NativeBuckets;
}

/** What every client library of Prometheus counts as zero by default: histograms of one threshold add up without loss. */
export const zeroThreshold: number = 2 ** -128;

/** Coarsest schema that Prometheus has; its finest is 8. */
export const coarsestSchema = -4;

export interface NativeForm {
  /** At most the histogram's own. */
  readonly schema: number;
  /** What the values are multiplied by: 0.001 makes seconds of milliseconds. */
  readonly factor: number;
}

export function toNativeHistogram(
  histogram: ExponentialHistogram,
  { schema, factor }: NativeForm,
): NativeHistogram {
  const sparse = histogram.toSparse();
  const coarse = Math.min(schema, sparse.schema);
  const nativeIndex =
    factor === 1
      ? exactIndex(sparse.schema, coarse)
      : movedIndex(sparse.schema, { schema: coarse, factor });
  return {
    schema: coarse,
    count: histogram.count,
    sum: histogram.sum * factor,
    zeroCount: sparse.zeroCount,
    positive:
      sparse.positive.length === 0 ? emptyBuckets : toNativeBuckets(sparse.positive, nativeIndex),
    negative: toNativeBuckets(sparse.negative, nativeIndex),
  };
}

/** Before its first value. */
export function emptyNativeHistogram(schema: number): NativeHistogram {
  return { schema, count: 0, sum: 0, zeroCount: 0, positive: emptyBuckets, negative: noBuckets };
}

const noBuckets: NativeBuckets = { spans: [], deltas: [] };
/** What tells a native histogram without values from one of fixed buckets. */
const emptyBuckets: NativeBuckets = { spans: [{ offset: 0, length: 0 }], deltas: [] };

/** Our bucket i is the other's i + 1: it is numbered by its lower bound there, by its upper here. */
function exactIndex(from: number, to: number): (index: number) => number {
  return (index) => (index >> (from - to)) + 1;
}

/** All buckets that a value above 2^-64 can lie in at the finest schema, from the lowest index on. */
const lowestIndex = -64 * 2 ** finestSchema;
const indexCount = (64 + 1_024) * 2 ** finestSchema;
const unknownIndex = 2 ** 31 - 1;
/** Places that have been asked for, by what they were asked for: each is worth a hundred look-ups. */
const movedTables = new Map<string, Int32Array>();

function movedIndex(from: number, { schema, factor }: NativeForm): (index: number) => number {
  const key = `${from} ${schema} ${factor}`;
  const table = movedTables.get(key) ?? new Int32Array(indexCount).fill(unknownIndex);
  movedTables.set(key, table);
  const steps = finestSchema - schema;
  return (index) => {
    const known = table[index - lowestIndex]!;
    if (known !== unknownIndex) return known;
    const native = (scaledIndex(index, { schema: from, factor }) >> steps) + 1;
    table[index - lowestIndex] = native;
    return native;
  };
}

/**
 * The buckets of index, count, index, count … (ascending, counts above 0), each where `nativeIndex` puts it, which rises
 * with the index: neighbours that it puts together are joined.
 */
export function toNativeBuckets(
  pairs: readonly number[],
  nativeIndex: (index: number) => number = asItIs,
): NativeBuckets {
  if (pairs.length === 0) return noBuckets;
  const spans: { offset: number; length: number }[] = [];
  const deltas: number[] = [];
  let span = { offset: nativeIndex(pairs[0]!), length: 0 };
  spans.push(span);
  let end = span.offset;
  let before = 0;
  for (let at = 0; at < pairs.length; ) {
    const index = nativeIndex(pairs[at]!);
    let count = 0;
    for (; at < pairs.length && nativeIndex(pairs[at]!) === index; at += 2) count += pairs[at + 1]!;
    if (index !== end) {
      span = { offset: index - end, length: 0 };
      spans.push(span);
    }
    span.length++;
    deltas.push(count - before);
    before = count;
    end = index + 1;
  }
  return { spans, deltas };
}

const asItIs = (index: number): number => index;

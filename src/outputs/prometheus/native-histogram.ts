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
import { finestSchema, type PlainHistogram, scaledIndex } from "../../metrics/index.ts";

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
  plain: PlainHistogram,
  { schema, factor }: NativeForm,
): NativeHistogram {
  const coarse = Math.min(schema, plain.schema);
  const nativeIndex =
    factor === 1
      ? exactIndex(plain.schema, coarse)
      : movedIndex(plain.schema, { schema: coarse, factor });
  return {
    schema: coarse,
    count: plain.count,
    sum: plain.sum * factor,
    zeroCount: plain.zeroCount,
    positive: joinBuckets(plain, nativeIndex),
    negative: plain.negative === undefined ? noBuckets : joinBuckets(plain.negative, nativeIndex),
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

function movedIndex(from: number, { schema, factor }: NativeForm): (index: number) => number {
  const steps = finestSchema - schema;
  return (index) => (scaledIndex(index, { schema: from, factor }) >> steps) + 1;
}

function joinBuckets(
  { offset, counts }: Pick<PlainHistogram, "offset" | "counts">,
  nativeIndex: (index: number) => number,
): NativeBuckets {
  const joined: [index: number, count: number][] = [];
  for (let slot = 0; slot < counts.length; slot++) {
    const count = counts[slot]!;
    if (count === 0) continue;
    const index = nativeIndex(offset + slot);
    const last = joined.at(-1);
    if (last?.[0] === index) last[1] += count;
    else joined.push([index, count]);
  }
  return joined.length === 0 ? emptyBuckets : toNativeBuckets(joined);
}

/** Buckets with counts above 0, by ascending index. */
export function toNativeBuckets(
  buckets: readonly (readonly [index: number, count: number])[],
): NativeBuckets {
  const spans: { offset: number; length: number }[] = [];
  const deltas: number[] = [];
  let end = 0;
  let before = 0;
  for (const [index, count] of buckets) {
    const open = spans.at(-1);
    if (open !== undefined && index === end) open.length++;
    else spans.push({ offset: index - end, length: 1 });
    deltas.push(count - before);
    before = count;
    end = index + 1;
  }
  return { spans, deltas };
}

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
  const places = placesOf(sparse.schema, { schema: Math.min(schema, sparse.schema), factor });
  return {
    schema: places.form.schema,
    count: histogram.count,
    sum: histogram.sum * factor,
    zeroCount: sparse.zeroCount,
    positive: sparse.positive.length === 0 ? emptyBuckets : placeBuckets(sparse.positive, places),
    negative: placeBuckets(sparse.negative, places),
  };
}

/** Before its first value. */
export function emptyNativeHistogram(schema: number): NativeHistogram {
  return { schema, count: 0, sum: 0, zeroCount: 0, positive: emptyBuckets, negative: noBuckets };
}

const noBuckets: NativeBuckets = { spans: [], deltas: [] };
/** What tells a native histogram without values from one of fixed buckets. */
const emptyBuckets: NativeBuckets = { spans: [{ offset: 0, length: 0 }], deltas: [] };

/** All buckets that a value of at least 2^-64 can lie in at the finest schema, from the lowest index on. */
const lowestIndex = -64 * 2 ** finestSchema;
const indexCount = (64 + 1_024) * 2 ** finestSchema;
const unknownPlace = 2 ** 31 - 1;

/** Where the buckets of one schema go in a form: each place is worth a hundred look-ups. */
interface Places {
  readonly from: number;
  readonly form: NativeForm;
  readonly known: Int32Array;
}

const allPlaces = new Map<string, Places>();

function placesOf(from: number, form: NativeForm): Places {
  const key = `${from} ${form.schema} ${form.factor}`;
  const made = allPlaces.get(key);
  if (made !== undefined) return made;
  const known = new Int32Array(indexCount).fill(unknownPlace);
  const places = { from, form, known };
  allPlaces.set(key, places);
  return places;
}

/** Our bucket i is the other's i + 1: it is numbered by its lower bound there, by its upper here. */
function placeOf(index: number, { from, form: { schema, factor } }: Places): number {
  if (factor === 1) return (index >> (from - schema)) + 1;
  return (scaledIndex(index, { schema: from, factor }) >> (finestSchema - schema)) + 1;
}

/** Each bucket of index, count, index, count … where it goes, which rises with its index: neighbours may become one. */
function placeBuckets(pairs: readonly number[], places: Places): NativeBuckets {
  const { known } = places;
  const placed: number[] = [];
  let last = unknownPlace;
  for (let at = 0; at < pairs.length; at += 2) {
    const slot = pairs[at]! - lowestIndex;
    let place = known[slot]!;
    if (place === unknownPlace) {
      place = placeOf(pairs[at]!, places);
      known[slot] = place;
    }
    if (place === last) placed[placed.length - 1]! += pairs[at + 1]!;
    else placed.push(place, pairs[at + 1]!);
    last = place;
  }
  return toNativeBuckets(placed);
}

/** Buckets with counts above 0, by ascending index: index, count, index, count … */
export function toNativeBuckets(pairs: readonly number[]): NativeBuckets {
  if (pairs.length === 0) return noBuckets;
  const spans: { offset: number; length: number }[] = [];
  const deltas: number[] = [];
  let span = { offset: pairs[0]!, length: 0 };
  spans.push(span);
  let end = span.offset;
  let before = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    const index = pairs[at]!;
    const count = pairs[at + 1]!;
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

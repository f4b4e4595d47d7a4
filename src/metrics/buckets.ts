/**
 * The bucket grid of the base-2 exponential histogram at schema 7, and its arithmetic.
 *
 * Bucket i holds the values v with 2^(i/128) < v <= 2^((i+1)/128): 128 buckets an octave, each g = 2^(1/128) = 1.00543
 * times as wide as the one below. (OpenTelemetry numbers buckets so; Prometheus' native histograms call this bucket
 * i + 1.) A grid of a lower schema joins 2, 4, 8 … neighbours: its index is `i >> steps`.
 *
 * Finding i needs no logarithm: the octave is the float's exponent, and within the octave a table indexed by the
 * mantissa's top 8 bits gives the bucket up to one comparison. That is exact, because such a cell (1/256) is narrower
 * than the narrowest bucket (2^(1/128) - 1 = 1/184), so at most one boundary lies in it. The boundaries are the largest
 * doubles not above 2^(j/128), found with integer arithmetic: every double falls on its true side.
 */

/** Buckets an octave are 2^schema; this is the finest grid, the one that values are recorded on. */
export const finestSchema = 7;
/** Prometheus' coarsest grid: one bucket for 16 octaves. */
export const coarsestSchema = -4;

const bucketsPerOctave = 2 ** finestSchema;
const cellBits = 8;
const mantissaHighBits = 20;

/** What is closer to zero than this counts as zero: no measurement is that small, and rounding noise costs no buckets. */
export const zeroThreshold: number = 2 ** -64;

/** boundaries[j] = 2^(j/128) rounded down to a double, j = 0 … 128. */
const boundaries = exactBoundaries();
/** For each cell of the mantissa: the bucket of the cell's lower end, were it exclusive. */
const bucketOfCell = firstBuckets();

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const highWord = isLittleEndian ? 1 : 0;

/** Index of the bucket of `value` at schema 7. `value` is finite, positive and no subnormal. Allocates nothing. */
export function bucketIndex(value: number): number {
  float[0] = value;
  const high = words[highWord]!;
  const octave = (high >>> mantissaHighBits) - 1023;
  // The same mantissa with exponent 0: a number in [1, 2).
  words[highWord] = (high & 0xfffff) | 0x3ff00000;
  const bucket = bucketOfCell[(high >>> (mantissaHighBits - cellBits)) & 0xff]!;
  const step = float[0] > boundaries[bucket + 1]! ? 1 : 0;
  return octave * bucketsPerOctave + bucket + step;
}

/** Upper, inclusive bound of bucket `index` at `schema`; Infinity beyond the doubles. */
export function upperBound(index: number, schema: number): number {
  const position = (index + 1) * 2 ** (finestSchema - schema);
  const octave = Math.floor(position / bucketsPerOctave);
  return boundaries[position - octave * bucketsPerOctave]! * 2 ** octave;
}

/** Lower, exclusive bound of bucket `index` at `schema`. */
export function lowerBound(index: number, schema: number): number {
  return upperBound(index - 1, schema);
}

/**
 * The bucket of schema 7 that the values of bucket `index` of `schema` lie in once they are multiplied by `factor`: that of the
 * number that stands for them. Rises with `index`.
 */
export function scaledIndex(
  index: number,
  { schema, factor }: { readonly schema: number; readonly factor: number },
): number {
  return bucketIndex(representative(index, schema) * factor);
}

/**
 * The number that stands for the values of a bucket: the harmonic mean 2·lo·hi / (lo + hi) of its bounds, which has the
 * smallest largest relative error, (g - 1) / (g + 1), met at both ends. Written so that it cannot overflow half-way.
 */
export function representative(index: number, schema: number): number {
  const low = lowerBound(index, schema);
  const high = upperBound(index, schema);
  return low * (2 / (1 + low / high));
}

/** Powers of the 128th root of 2 in fixed point with 120 fraction bits: far finer than the 52 that are kept. */
function exactBoundaries(): Float64Array {
  const fractionBits = 120n;
  const one = 1n << fractionBits;
  let root = 2n * one;
  for (let halvings = 0; halvings < finestSchema; halvings++) {
    root = integerSquareRoot(root << fractionBits);
  }
  const result = new Float64Array(bucketsPerOctave + 1);
  let power = one;
  for (let j = 0; j < bucketsPerOctave; j++) {
    result[j] = Number(power >> (fractionBits - 52n)) / 2 ** 52;
    power = (power * root) >> fractionBits;
  }
  result[bucketsPerOctave] = 2;
  return result;
}

/** floor(sqrt(n)) by Newton's method from above. */
function integerSquareRoot(n: bigint): bigint {
  let estimate = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (estimate + n / estimate) >> 1n;
    if (next >= estimate) return estimate;
    estimate = next;
  }
}

function firstBuckets(): Int16Array {
  const cells = 1 << cellBits;
  const result = new Int16Array(cells);
  let bucket = -1;
  for (let cell = 0; cell < cells; cell++) {
    while (boundaries[bucket + 1]! < 1 + cell / cells) bucket++;
    result[cell] = bucket;
  }
  return result;
}

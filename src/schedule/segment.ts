/**
 * Exact shares of a test: which VUs and iterations belong to one instance of many.
 *
 * A segment is a half-open interval (from, to] of the test, in exact rationals; a sequence cuts (0, 1] into segments.
 * The elements 0, 1, 2, … (VUs, iterations) are dealt to the segments by a stripe table of period L, the least common
 * denominator of all lengths. Invariant: for any v, the scaled values of all segments of a sequence sum to v exactly,
 * and every element belongs to exactly one of them. Method: k6's execution segments (k6-behaviour 3.5).
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import type { Rational } from "./rational.ts";
import {
  compare,
  formatFixed2,
  formatRational,
  gcd,
  one,
  parseRational,
  subtract,
  zero,
} from "./rational.ts";

/** How a share is written down: plain data that crosses threads. `createShare` makes the share of it. */
export interface ShareSpec {
  /** k6's `executionSegment`, such as `"1/4:1/2"`; null is the whole test. */
  readonly segment: string | null;
  /** k6's `executionSegmentSequence`, such as `"0,1/4,1/2,1"`; null fills the gaps around the segment. */
  readonly sequence: string | null;
  /** The equal part of the instance that one worker runs; null is all of it. */
  readonly part: { readonly index: number; readonly count: number } | null;
}

/** What one instance owns of the elements 0, 1, 2, … of the whole test. */
export interface Share {
  /** True when this share owns everything. */
  readonly isWhole: boolean;
  /** Length of the share, 0 to 1. */
  readonly length: number;
  /** How many of the elements 0 … value-1 this share owns. */
  scale(value: number): number;
  /** The element that is this share's `localIndex`-th own one, from 0. */
  globalIndex(localIndex: number): number;
  /**
   * The share in which `value` elements stand for the whole: iterations are dealt in proportion to the VUs that each
   * instance really has of `value`. Undefined when this share has none of them.
   */
  forTotal(value: number): Share | undefined;
}

/** The share of a test that runs in one instance. */
export const wholeShare: Share = {
  isWhole: true,
  length: 1,
  scale: (value) => value,
  globalIndex: (localIndex) => localIndex,
  forTotal: () => wholeShare,
};

/** The written form of {@link wholeShare}. */
export const wholeShareSpec: ShareSpec = { segment: null, sequence: null, part: null };

interface Segment {
  readonly from: Rational;
  readonly to: Rational;
}

/** A period of 10 million elements is a 40 MB table at most; finer cuts are a slip of the pen. */
const maxPeriod = 10_000_000;

/**
 * The share that `spec` describes.
 * @throws SCHEDULE_SEGMENT_INVALID, SCHEDULE_SEGMENT_NOT_IN_SEQUENCE, SCHEDULE_SEGMENT_TOO_FINE
 */
export function createShare(spec: ShareSpec): Share {
  const instance = instanceShare(spec.segment ?? "", spec.sequence ?? "");
  if (spec.part === null || spec.part.count === 1) return instance;
  return nest(instance, equalPart(spec.part.index, spec.part.count));
}

function instanceShare(segmentText: string, sequenceText: string): Share {
  const segment = segmentText === "" ? { from: zero, to: one } : parseSegment(segmentText);
  const sequence = sequenceText === "" ? fillGaps([segment]) : parseSequence(sequenceText);
  const index = sequence.findIndex((piece) => isSame(piece, segment));
  if (index < 0) {
    throw new LakhError(
      "SCHEDULE_SEGMENT_NOT_IN_SEQUENCE",
      `provided segment ${formatSegment(segment)} can't be found in sequence ${sequenceText}`,
      {
        hint: `choose one of ${sequence.map(formatSegment).join(", ")}`,
        exitCode: exitCodes.invalidConfig,
      },
    );
  }
  return stripedShare(cutLengths(sequence), index);
}

/** Reads `"20%"`, `"1/5"`, `"0.2"` (from 0) or `"1/2:3/4"`. */
function parseSegment(text: string): Segment {
  const [first = "", second] = text.split(":", 2);
  const isInterval = second !== undefined && text.split(":").length === 2;
  const from = isInterval ? parseRational(first) : zero;
  const to = parseRational(isInterval ? second : text);
  if (from === undefined || to === undefined) {
    const wrong = from === undefined ? first : isInterval ? second : text;
    throw invalid(`'${wrong}' is not a valid percentage, decimal, fraction or interval value`);
  }
  return checkSegment({ from, to });
}

/** Reads `"0,1/4,1/2,1"` into its consecutive segments. */
function parseSequence(text: string): Segment[] {
  const parts = text.split(",");
  if (parts.length < 2)
    throw invalid(
      `at least 2 points are needed for an execution segment sequence, ${parts.length} given`,
    );
  const points = parts.map((part) => {
    const point = parseRational(part);
    if (point) return point;
    throw invalid(
      `'${part.trim()}' is not a valid percentage, decimal, fraction or interval value`,
    );
  });
  return fillGaps(points.slice(1).map((to, index) => checkSegment({ from: points[index]!, to })));
}

function checkSegment(segment: Segment): Segment {
  const { from, to } = segment;
  if (compare(from, zero) < 0) {
    throw invalid(`segment start value must be at least 0 but was ${formatFixed2(from)}`);
  }
  if (compare(from, to) >= 0) {
    throw invalid(
      `segment start(${formatFixed2(from)}) must be less than its end(${formatFixed2(to)})`,
    );
  }
  if (compare(to, one) > 0) {
    throw invalid(`segment end value can't be more than 1 but was ${formatFixed2(to)}`);
  }
  return segment;
}

function fillGaps(sequence: readonly Segment[]): Segment[] {
  const start = sequence[0]!.from;
  const end = sequence.at(-1)!.to;
  const before = compare(start, zero) > 0 ? [{ from: zero, to: start }] : [];
  const after = compare(end, one) < 0 ? [{ from: end, to: one }] : [];
  return [...before, ...sequence, ...after];
}

/** Lengths of the segments in units of 1/L; they sum to L, the period of the stripes. */
function cutLengths(sequence: readonly Segment[]): number[] {
  const lengths = sequence.map(({ from, to }) => subtract(to, from));
  const period = lengths.reduce((lcm, { den }) => (lcm / gcd(lcm, den)) * den, 1n);
  if (period > BigInt(maxPeriod)) throw tooFine(period);
  return lengths.map(({ num, den }) => Number((num * period) / den));
}

/** The `index`-th share of a test cut into pieces of these lengths (whole numbers; their sum is the period). */
function stripedShare(lengths: readonly number[], index: number): Share {
  const period = lengths.reduce((sum, length) => sum + length, 0);
  const own = lengths[index]!;
  if (own === period) return wholeShare;
  const owned = dealPeriod(lengths, period)[index]!;
  const share: Share = {
    isWhole: false,
    length: own / period,
    scale: (value) => scaleBy(owned, period, value),
    globalIndex: (localIndex) => Math.floor(localIndex / own) * period + owned[localIndex % own]!,
    forTotal(value) {
      if (value % period === 0) return share;
      if (value > maxPeriod) throw tooFine(BigInt(value));
      const scaled = dealPeriod(lengths, period).map((each) => scaleBy(each, period, value));
      return scaled[index] === 0 ? undefined : stripedShare(scaled, index);
    },
  };
  return share;
}

/**
 * The elements 0 … L-1 that each piece owns. Element e goes to the longest piece whose next turn has come:
 * `taken * L / length <= e`, longest first, in whole numbers below 2^53 (both factors are at most `maxPeriod`).
 * There always is one: were all turns later, the pieces together would have taken more than e elements.
 */
function dealPeriod(lengths: readonly number[], period: number): Int32Array[] {
  const owned = lengths.map((length) => new Int32Array(length));
  const order = lengths.map((_, piece) => piece).sort((a, b) => lengths[b]! - lengths[a]!);
  const taken = lengths.map(() => 0);
  for (let element = 0; element < period; element++) {
    const piece = order.find((each) => taken[each]! * period <= element * lengths[each]!)!;
    owned[piece]![taken[piece]!++] = element;
  }
  return owned;
}

function scaleBy(owned: Int32Array, period: number, value: number): number {
  return Math.floor(value / period) * owned.length + countBelow(owned, value % period);
}

/** The `index`-th of `count` equal parts: elements index, index + count, index + 2 count … */
function equalPart(index: number, count: number): Share {
  return stripedShare(
    Array.from({ length: count }, () => 1),
    index,
  );
}

/** `inner` deals what `outer` owns: the sums over all inner parts are exactly what `outer` owns. */
function nest(outer: Share, inner: Share): Share {
  return {
    isWhole: outer.isWhole && inner.isWhole,
    length: outer.length * inner.length,
    scale: (value) => inner.scale(outer.scale(value)),
    globalIndex: (localIndex) => outer.globalIndex(inner.globalIndex(localIndex)),
    forTotal(value) {
      const outerTotal = outer.forTotal(value);
      const innerTotal = inner.forTotal(outer.scale(value));
      return outerTotal && innerTotal && nest(outerTotal, innerTotal);
    },
  };
}

/** How many of the ascending `elements` are below `limit`. */
function countBelow(elements: Int32Array, limit: number): number {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (elements[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isSame(a: Segment, b: Segment): boolean {
  return compare(a.from, b.from) === 0 && compare(a.to, b.to) === 0;
}

function formatSegment({ from, to }: Segment): string {
  return `${formatRational(from)}:${formatRational(to)}`;
}

function invalid(message: string): LakhError {
  return new LakhError("SCHEDULE_SEGMENT_INVALID", message, {
    hint: 'write a segment as "1/4:1/2", "20%" or "0.2", and a sequence as "0,1/4,1/2,1"',
  });
}

function tooFine(period: bigint): LakhError {
  return new LakhError(
    "SCHEDULE_SEGMENT_TOO_FINE",
    `the execution segments repeat only after ${period} elements; at most ${maxPeriod} are possible`,
    { hint: "cut the test with small fractions such as 1/3 instead of long decimals" },
  );
}

/**
 * The data points of one series, each a message of OTLP's metrics.proto (the numbers here are its field numbers):
 *
 *     counter   one number, a double
 *     gauge     one number, a double, without a start
 *     rate      two whole numbers, told apart by the attribute `condition`: how many samples were zero, how many were not
 *     trend     one histogram
 *
 * Both counts of a rate are always there, also a zero: the share of one of them in both can be asked for from the start.
 */
import type {
  AggregateSeries,
  CounterSink,
  ExponentialHistogram,
  GaugeSink,
  RateSink,
} from "../../metrics/index.ts";
import { explicitBounds, toExplicitCounts } from "./explicit-buckets.ts";
import { type BucketRange, toExponentialBuckets } from "./exponential-buckets.ts";
import { type Halves, MessageWriter, nested } from "./wire.ts";

export type HistogramForm = "exponential" | "explicit";

/** From when to when values were summed up. */
export interface Span {
  readonly start: Halves;
  readonly end: Halves;
}

type Tags = Readonly<Record<string, string>>;

const numberAttributes = 7;
const explicitAttributes = 9;
const exponentialAttributes = 1;

/** Values closer to zero than this are counted as zeros. */
const zeroThreshold = 2 ** -64;

/** Makes points; keeps the attributes of every tag set as bytes. */
export class PointEncoder {
  readonly #form: HistogramForm;
  /** By field number. */
  readonly #attributes = new WeakMap<Tags, Map<number, Uint8Array>>();

  constructor(form: HistogramForm) {
    this.#form = form;
  }

  encode({ tags, sink }: AggregateSeries, span: Span): readonly Uint8Array[] {
    switch (sink.type) {
      case "counter":
        return [this.#counter(tags, sink, span)];
      case "gauge":
        return [this.#gauge(tags, sink, span)];
      case "rate":
        return this.#rate(tags, sink, span);
      case "trend":
        return [
          this.#form === "explicit"
            ? this.#explicit(tags, sink.histogram, span)
            : this.#exponential(tags, sink.histogram, span),
        ];
    }
  }

  #counter(tags: Tags, { sum }: CounterSink, { start, end }: Span): Uint8Array {
    const value = new MessageWriter().fixedHalves(2, start).fixedHalves(3, end).double(4, sum);
    return joined(this.#attributesOf(tags, numberAttributes), value.finish());
  }

  #gauge(tags: Tags, { last }: GaugeSink, { end }: Span): Uint8Array {
    const value = new MessageWriter().fixedHalves(3, end).double(4, last);
    return joined(this.#attributesOf(tags, numberAttributes), value.finish());
  }

  #rate(tags: Tags, { total, trues }: RateSink, { start, end }: Span): Uint8Array[] {
    const attributes = this.#attributesOf(withoutCondition(tags), numberAttributes);
    const point = (condition: string, count: number): Uint8Array => {
      const value = new MessageWriter().fixedHalves(2, start).fixedHalves(3, end).fixed(6, count);
      const distinction = attribute(numberAttributes, "condition", condition);
      return Buffer.concat([attributes, distinction, value.finish()]);
    };
    return [point("zero", total - trues), point("nonzero", trues)];
  }

  #explicit(tags: Tags, histogram: ExponentialHistogram, { start, end }: Span): Uint8Array {
    const { count, sum, min, max } = histogram;
    const point = new MessageWriter().fixedHalves(2, start).fixedHalves(3, end).fixed(4, count);
    // The sum of a histogram is to grow only.
    if (min >= 0) point.double(5, sum);
    point.packedFixed(6, toExplicitCounts(histogram)).packedDoubles(7, explicitBounds);
    point.double(11, min).double(12, max);
    return joined(this.#attributesOf(tags, explicitAttributes), point.finish());
  }

  #exponential(tags: Tags, histogram: ExponentialHistogram, { start, end }: Span): Uint8Array {
    const { count, sum, min, max } = histogram;
    const { scale, zeroCount, positive, negative } = toExponentialBuckets(histogram);
    const point = new MessageWriter().fixedHalves(2, start).fixedHalves(3, end).fixed(4, count);
    if (min >= 0) point.double(5, sum);
    point.signed(6, scale).fixed(7, zeroCount);
    point.double(12, min).double(13, max).double(14, zeroThreshold);
    return Buffer.concat([
      this.#attributesOf(tags, exponentialAttributes),
      point.finish(),
      ...buckets(8, positive),
      ...buckets(9, negative),
    ]);
  }

  #attributesOf(tags: Tags, field: number): Uint8Array {
    let known = this.#attributes.get(tags);
    if (known === undefined) this.#attributes.set(tags, (known = new Map()));
    let bytes = known.get(field);
    if (bytes === undefined) known.set(field, (bytes = encodeAttributes(field, tags)));
    return bytes;
  }
}

/** Pairs of texts as a list of OTLP's KeyValue under `field`; as in k6 without those that are empty. */
export function encodeAttributes(field: number, pairs: Tags): Uint8Array {
  const present = Object.entries(pairs).filter(([, value]) => value !== "");
  return Buffer.concat(present.map(([key, value]) => attribute(field, key, value)));
}

/** A tag with the name of the attribute that tells a rate's counts apart gets another: names must not come twice. */
function withoutCondition(tags: Tags): Tags {
  const { condition, ...others } = tags;
  return condition === undefined ? tags : { ...others, condition_: condition };
}

function attribute(field: number, key: string, value: string): Uint8Array {
  const anyValue = nested(2, [new MessageWriter().text(1, value).finish()]);
  return nested(field, [new MessageWriter().text(1, key).finish(), anyValue]);
}

function buckets(field: number, { offset, counts }: BucketRange): Uint8Array[] {
  if (counts.length === 0) return [];
  const range = new MessageWriter().signed(1, offset).packedCounts(2, counts);
  return [nested(field, [range.finish()])];
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  return Buffer.concat([first, second]);
}

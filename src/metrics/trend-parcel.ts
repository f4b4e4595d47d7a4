/** A trend that belongs to no metric, as it crosses threads: in the layout of a delta's trends (delta.ts). */
import { NumberReader, NumberWriter } from "./numbers.ts";
import type { TrendSink } from "./sinks.ts";

/** What the trend holds, in a buffer of its own; the trend is empty afterwards. */
export function packTrend(trend: TrendSink): Float64Array<ArrayBuffer> {
  const writer = new NumberWriter();
  trend.write(writer);
  trend.reset();
  return writer.take();
}

/** Adds what {@link packTrend} packed of a trend with the same limits. */
export function unpackTrend(parcel: Float64Array, into: TrendSink): void {
  into.read(new NumberReader(parcel));
}

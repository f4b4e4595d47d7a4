/** Module `k6/experimental/streams`: the streams of the web, as far as k6 has them. */
import type { VuContext } from "../context.ts";
import { ReadableStream, ReadableStreamDefaultReader } from "./readable.ts";
import { CountQueuingStrategy } from "./strategy.ts";
import { WritableStream, WritableStreamDefaultWriter } from "./writable.ts";

/** Builds module `k6/experimental/streams` for one VU. */
export function createStreams(vu: VuContext): Record<string, unknown> {
  return {
    CountQueuingStrategy,
    ReadableStream: ReadableStream.bind(undefined, vu),
    ReadableStreamDefaultReader,
    WritableStream: WritableStream.bind(undefined, vu),
    WritableStreamDefaultWriter,
  };
}

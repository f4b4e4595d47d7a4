/**
 * Protobuf as OTLP needs it: protobufjs writes and reads the values, this puts messages into messages. A message is the
 * concatenation of its fields, so one that never changes (the attributes of a series) is made once and joined to others.
 */
import protobuf from "protobufjs/minimal.js";

/** How the bytes of a field are laid out. */
const varint = 0;
const eightBytes = 1;
const lengthPrefixed = 2;

/** An unsigned 64-bit number in two halves: nanoseconds since 1970 are too many for a double. */
export interface Halves {
  readonly low: number;
  readonly high: number;
}

/** Unix milliseconds as nanoseconds; finer than microseconds nothing is known. */
export function toNanoseconds(wallMs: number): Halves {
  const nanoseconds = BigInt(Math.round(wallMs * 1_000)) * 1_000n;
  return { low: Number(nanoseconds & 0xffff_ffffn), high: Number(nanoseconds >> 32n) };
}

/** The fields of one message, in the order in which they are written. */
export class MessageWriter {
  readonly #writer = protobuf.Writer.create();

  text(field: number, value: string): this {
    this.#writer.uint32((field << 3) | lengthPrefixed).string(value);
    return this;
  }

  double(field: number, value: number): this {
    this.#writer.uint32((field << 3) | eightBytes).double(value);
    return this;
  }

  /** A fixed64 of a whole number. */
  fixed(field: number, value: number): this {
    this.#writer.uint32((field << 3) | eightBytes).fixed64(value);
    return this;
  }

  fixedHalves(field: number, { low, high }: Halves): this {
    this.#writer
      .uint32((field << 3) | eightBytes)
      .fixed32(low)
      .fixed32(high);
    return this;
  }

  /** An enum, a bool or a small unsigned number. */
  unsigned(field: number, value: number): this {
    this.#writer.uint32((field << 3) | varint).uint32(value);
    return this;
  }

  /** A sint32. */
  signed(field: number, value: number): this {
    this.#writer.uint32((field << 3) | varint).sint32(value);
    return this;
  }

  /** A packed list of uint64. */
  packedCounts(field: number, counts: readonly number[]): this {
    const writer = this.#writer.uint32((field << 3) | lengthPrefixed).fork();
    for (const count of counts) {
      // The bytes are the same; the short way makes no object of the number.
      if (count < 0x1_0000_0000) writer.uint32(count);
      else writer.uint64(count);
    }
    writer.ldelim();
    return this;
  }

  /** A packed list of fixed64. */
  packedFixed(field: number, counts: readonly number[]): this {
    const writer = this.#writer.uint32((field << 3) | lengthPrefixed).fork();
    for (const count of counts) writer.fixed64(count);
    writer.ldelim();
    return this;
  }

  /** A packed list of doubles. */
  packedDoubles(field: number, values: readonly number[]): this {
    const writer = this.#writer.uint32((field << 3) | lengthPrefixed).fork();
    for (const value of values) writer.double(value);
    writer.ldelim();
    return this;
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }
}

/** A field whose message has these fields, one after the other. */
export function nested(field: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const head = protobuf.Writer.create()
    .uint32((field << 3) | lengthPrefixed)
    .uint32(length)
    .finish();
  return Buffer.concat([head, ...parts], head.byteLength + length);
}

/** Reads the value of a field; undefined for one that is of no interest. */
export type FieldReader = ((reader: protobuf.Reader) => void) | undefined;

/**
 * Shows the fields of a message to those who want them.
 * @throws Error when the bytes are no message
 */
export function readFields(
  bytes: Uint8Array,
  readers: Readonly<Record<number, FieldReader>>,
): void {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const read = readers[tag >>> 3];
    if (read === undefined) reader.skipType(tag & 7);
    else read(reader);
  }
}

/** A signed 64-bit number, which protobufjs gives as an object of its own. */
export function readInteger(reader: protobuf.Reader): number {
  return Number(reader.int64());
}

/**
 * Writes protobuf's wire format into one buffer that is kept: numbers, texts, and messages within messages. A
 * general encoder, which makes an object for each number, made an output a third dearer (docs/design/performance.md). The
 * tests decode what it writes by the protocol's own definitions.
 */

/** How a value is written, as protobuf numbers it. */
export const wireTypes = { varint: 0, fixed64: 1, delimited: 2 } as const;

const firstCapacity = 64 * 1024;
/** No number takes more. */
const longestNumber = 10;

export class WireWriter {
  #bytes = Buffer.allocUnsafe(firstCapacity);
  #at = 0;

  /** What stands before a value: the field's number and how it is written. */
  tag(field: number, wireType: 0 | 1 | 2): void {
    this.varint((field << 3) | wireType);
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    this.#reserve(longestNumber);
    const bytes = this.#bytes;
    let rest = value;
    // Beyond 31 bits the operators for bits do not reach.
    for (; rest > 0x7fff_ffff; rest = Math.floor(rest / 0x80))
      bytes[this.#at++] = (rest % 0x80) | 0x80;
    for (; rest > 0x7f; rest >>>= 7) bytes[this.#at++] = (rest & 0x7f) | 0x80;
    bytes[this.#at++] = rest;
  }

  /** A whole number of either sign, as `sint32` and `sint64` are written: 0, -1, 1, -2 … are 0, 1, 2, 3 … */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** With its length. */
  text(value: string): void {
    // A character of UTF-16 takes three bytes at most.
    this.#reserve(3 * value.length + longestNumber);
    const start = this.begin();
    this.#at += this.#bytes.write(value, this.#at, "utf8");
    this.end(start);
  }

  /** As they are, without a length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Begins something whose length stands before it; what it gives is for `end`. */
  begin(): number {
    this.#reserve(longestNumber);
    // Most are short: their length is one byte.
    this.#at++;
    return this.#at;
  }

  end(start: number): void {
    const length = this.#at - start;
    if (length <= 0x7f) {
      this.#bytes[start - 1] = length;
      return;
    }
    const lengthBytes = Math.ceil((32 - Math.clz32(length)) / 7);
    this.#reserve(longestNumber);
    this.#bytes.copyWithin(start - 1 + lengthBytes, start, this.#at);
    this.#at = start - 1;
    this.varint(length);
    this.#at += length;
  }

  /** A copy of what was written; starts afresh. */
  take(): Uint8Array {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    return taken;
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * Math.max(this.#bytes.length, this.#at + length));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

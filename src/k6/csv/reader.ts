/**
 * Records of a CSV text as Go's encoding/csv reads them (RFC 4180, strict about quotes): empty lines are skipped, CR LF is a
 * line end, and all records have as many fields as the first. Lines count from 1 and columns are bytes, as in its errors.
 */

/** A fault of the text, in Go's words. */
export class CsvFault extends Error {}

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export class CsvReader {
  readonly #bytes: Uint8Array;
  readonly #delimiter: number;
  #at = 0;
  /** The line that is read next. */
  #line = 1;
  #fieldCount: number | undefined;

  constructor(bytes: Uint8Array, delimiter: number) {
    this.#bytes = bytes;
    this.#delimiter = delimiter;
  }

  /** The next record; undefined at the end. @throws CsvFault, after which reading goes on with the next line */
  next(): string[] | undefined {
    if ([quote, lineFeed, carriageReturn, 0].includes(this.#delimiter))
      throw new CsvFault("csv: invalid field or comment delimiter");
    this.#skipEmptyLines();
    if (this.#at >= this.#bytes.length) return undefined;
    const line = this.#line;
    const fields = this.#readFields();
    this.#fieldCount ??= fields.length;
    if (fields.length !== this.#fieldCount)
      throw new CsvFault(`record on line ${line}: wrong number of fields`);
    return fields;
  }

  #skipEmptyLines(): void {
    for (let length = this.#lineEndAt(this.#at); length > 0; length = this.#lineEndAt(this.#at)) {
      this.#at += length;
      this.#line++;
    }
  }

  #readFields(): string[] {
    const fields: string[] = [];
    let lineStart = this.#at;
    for (;;) {
      if (this.#bytes[this.#at] === quote) {
        const { text, start } = this.#readQuoted(lineStart);
        fields.push(text);
        lineStart = start;
      } else fields.push(this.#readPlain(lineStart));
      if (this.#bytes[this.#at] !== this.#delimiter) break;
      this.#at++;
    }
    this.#at += this.#lineEndAt(this.#at);
    this.#line++;
    return fields;
  }

  #readPlain(lineStart: number): string {
    const start = this.#at;
    while (!this.#isFieldEnd()) {
      if (this.#bytes[this.#at] === quote)
        throw this.#fault('bare " in non-quoted-field', this.#at - lineStart);
      this.#at++;
    }
    return decode(this.#bytes.subarray(start, this.#at));
  }

  /** Reads a field in quotes; tells where the line begins on which it ends. */
  #readQuoted(lineStart: number): { text: string; start: number } {
    const parts: Uint8Array[] = [];
    let start = lineStart;
    /** Of the last line that holds anything. */
    let lastStart = lineStart;
    let from = ++this.#at;
    for (;;) {
      if (this.#at >= this.#bytes.length) throw this.#unterminated(lastStart);
      const length = this.#lineEndAt(this.#at);
      if (length > 0) {
        // CR LF becomes LF inside quotes, too.
        parts.push(this.#bytes.subarray(from, this.#at), Uint8Array.of(lineFeed));
        this.#at += length;
        this.#line++;
        from = start = this.#at;
        if (this.#at < this.#bytes.length) lastStart = start;
      } else if (this.#bytes[this.#at] !== quote) this.#at++;
      else {
        parts.push(this.#bytes.subarray(from, this.#at));
        this.#at++;
        if (this.#bytes[this.#at] !== quote) break;
        from = this.#at++;
      }
    }
    if (!this.#isFieldEnd()) throw this.#fault(unterminated, this.#at - 1 - start);
    return { text: decode(Buffer.concat(parts)), start };
  }

  /** The end came within quotes: behind the last line, its line end included. */
  #unterminated(lastStart: number): CsvFault {
    const { length } = this.#bytes;
    if (this.#bytes[length - 1] === lineFeed) this.#line--;
    return this.#fault(unterminated, length - lastStart);
  }

  /** An error on this line; the rest of the line is skipped. */
  #fault(what: string, column: number): CsvFault {
    const fault = new CsvFault(`parse error on line ${this.#line}, column ${column + 1}: ${what}`);
    while (this.#at < this.#bytes.length && this.#lineEndAt(this.#at) === 0) this.#at++;
    this.#at += this.#lineEndAt(this.#at);
    this.#line++;
    return fault;
  }

  #isFieldEnd(): boolean {
    return (
      this.#at >= this.#bytes.length ||
      this.#bytes[this.#at] === this.#delimiter ||
      this.#lineEndAt(this.#at) > 0
    );
  }

  /** Bytes of the line end at `at`; 0 when there is none. */
  #lineEndAt(at: number): number {
    if (this.#bytes[at] === lineFeed) return 1;
    return this.#bytes[at] === carriageReturn && this.#bytes[at + 1] === lineFeed ? 2 : 0;
  }
}

const unterminated = 'extraneous or missing " in quoted-field';

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

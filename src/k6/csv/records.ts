/** The records of a file that the options of `k6/experimental/csv` ask for: from, to, without the header, or as objects by it. */
import { GoError } from "../errors.ts";
import { toGoString, toInt64 } from "../go-values.ts";
import { CsvFault, CsvReader } from "./reader.ts";

export interface CsvOptions {
  readonly delimiter: number;
  readonly skipFirstLine: boolean;
  readonly fromLine: number;
  /** 0 is no limit. */
  readonly toLine: number;
  readonly asObjects: boolean;
}

export type CsvRecord = readonly string[] | Readonly<Record<string, string>>;

const defaults: CsvOptions = {
  delimiter: ",".charCodeAt(0),
  skipFirstLine: false,
  fromLine: 0,
  toLine: 0,
  asObjects: false,
};

/** @throws GoError; `context` is how k6 begins the sentence */
export function readOptions(given: unknown, context: string): CsvOptions {
  if (given === undefined) return defaults;
  if (given === null) throw new TypeError("Cannot convert undefined or null to object");
  const options = Object(given) as Record<string, unknown>;
  const fault = (reason: string): GoError => new GoError(`${context}; reason: ${reason}`);
  const lineOf = (name: string): number => Number(toInt64(options[name] ?? 0));
  const fromLine = lineOf("fromLine");
  const toLine = lineOf("toLine");
  if ("fromLine" in options && "toLine" in options && fromLine >= toLine)
    throw fault("fromLine must be less than or equal to toLine");
  return {
    delimiter: delimiterOf(options["delimiter"], fault),
    skipFirstLine: Boolean(options["skipFirstLine"]),
    fromLine,
    toLine,
    asObjects: Boolean(options["asObjects"]),
  };
}

function delimiterOf(given: unknown, fault: (reason: string) => GoError): number {
  if (given === undefined || given === null) return defaults.delimiter;
  const bytes = Buffer.from(toGoString(given), "utf8");
  if (bytes.length !== 1) throw fault("delimiter must be a single character");
  return bytes[0]!;
}

export class CsvRecords {
  readonly #reader: CsvReader;
  readonly #options: CsvOptions;
  #header: readonly string[] | undefined;
  /** Of the record that is read next; the first of the text is 0. */
  #index = 0;

  /** @throws GoError */
  constructor(bytes: Uint8Array, options: CsvOptions) {
    requireSense(options);
    this.#options = options;
    this.#reader = new CsvReader(bytes, options.delimiter);
    const { asObjects, skipFirstLine, fromLine } = options;
    if (asObjects) this.#header = this.#skip("failed to read the first line");
    else if (fromLine > 0)
      while (this.#index < fromLine) this.#skip(`failed to skip lines until line ${fromLine}`);
    else if (skipFirstLine && bytes.length > 0) this.#skip("failed to skip the first line");
  }

  /** The next record; undefined at the end. @throws CsvFault */
  next(): CsvRecord | undefined {
    const { toLine } = this.#options;
    if (toLine > 0 && this.#index > toLine) return undefined;
    const index = this.#index++;
    const fields = this.#reader.next();
    if (fields === undefined) {
      this.#index = index;
      return undefined;
    }
    const header = this.#header;
    return header === undefined
      ? fields
      : Object.fromEntries(header.map((name, column) => [name, fields[column]!]));
  }

  #skip(what: string): readonly string[] {
    this.#index++;
    const reason = `failed to create a new parser; reason: ${what}; reason: `;
    try {
      const fields = this.#reader.next();
      if (fields !== undefined) return fields;
    } catch (fault) {
      throw fault instanceof CsvFault ? new GoError(reason + fault.message) : fault;
    }
    throw new GoError(`${reason}EOF`);
  }
}

function requireSense({ fromLine, toLine, asObjects, skipFirstLine }: CsvOptions): void {
  const begin = "failed to create a new parser; reason: ";
  for (const [name, line] of Object.entries({ fromLine, toLine }))
    if (line < 0)
      throw new GoError(
        `${begin}the '${name}' option must be greater than or equal to 0; got ${line}`,
      );
  if (!asObjects) return;
  if (skipFirstLine)
    throw new GoError(`${begin}the 'header' option cannot be enabled when 'skipFirstLine' is true`);
  if (fromLine > 0)
    throw new GoError(
      `${begin}the 'header' option cannot be enabled when 'fromLine' is set to a value greater than 0`,
    );
}

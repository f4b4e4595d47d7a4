/**
 * Module `k6/experimental/csv`: `parse` gives a SharedArray of all records, held once a worker; a `Parser` gives one record
 * after the other.
 */
import type { VuContext } from "../context.ts";
import { createSharedArray } from "../data.ts";
import { GoError, requireInit } from "../errors.ts";
import { File } from "../fs.ts";
import { HostError } from "../host-error.ts";
import { goTypeOf } from "../go-values.ts";
import { workerScope } from "../worker-scope.ts";
import { CsvFault } from "./reader.ts";
import { type CsvRecord, CsvRecords, readOptions } from "./records.ts";

interface Parser {
  readonly next: () => Promise<{ done: boolean; value: CsvRecord }>;
}

/** Builds module `k6/experimental/csv` for one VU. */
export function createCsv(vu: VuContext): {
  Parser: new (file: unknown, options?: unknown) => Parser;
  parse: (file: unknown, options?: unknown) => Promise<readonly unknown[]>;
} {
  return {
    Parser: createParser.bind(undefined, vu) as unknown as new (file: unknown) => Parser,
    parse: (file, options) => vu.track(parse(vu, file, options)),
  };
}

async function parse(
  vu: VuContext,
  given: unknown,
  optionsGiven: unknown,
): Promise<readonly unknown[]> {
  const file = fileArgument(given);
  const options = readOptions(optionsGiven, "failed to interpret the provided Parser options");
  const { csvArrays } = workerScope(vu);
  const key = JSON.stringify([file.path, options, ...linesGiven(optionsGiven)]);
  const known = csvArrays.get(key);
  if (known !== undefined) return known;
  const array = createSharedArray(recordTexts(new CsvRecords(File.takeRest(file), options)));
  csvArrays.set(key, array);
  return array;
}

/** A line that is given is another parse to k6 than none, whatever it says; where the file's position was is not. */
function linesGiven(options: unknown): boolean[] {
  const given = Object(options) as object;
  return ["fromLine" in given, "toLine" in given];
}

function recordTexts(records: CsvRecords): string[] {
  const texts: string[] = [];
  try {
    for (let record = records.next(); record !== undefined; record = records.next())
      texts.push(JSON.stringify(Array.isArray(record) ? record : inOrder(record)));
  } catch (fault) {
    if (!(fault instanceof CsvFault)) throw fault;
    throw new GoError(`failed to read record; reason: ${fault.message}`);
  }
  return texts;
}

/** Go writes the keys of a map in their order. */
function inOrder(record: CsvRecord): object {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function createParser(vu: VuContext, given: unknown, optionsGiven: unknown): Parser {
  requireInit(vu, "csv Parser constructor must be called in the init context");
  if (given === undefined || given === null)
    throw new GoError("csv Parser constructor takes at least one non-nil source argument");
  const file = fileArgument(given);
  const context = "encountered an error while interpreting Parser options";
  const records = new CsvRecords(File.takeRest(file), readOptions(optionsGiven, context));
  return { next: () => vu.track(nextOf(records)) };
}

async function nextOf(records: CsvRecords): Promise<{ done: boolean; value: CsvRecord }> {
  try {
    const record = records.next();
    return record === undefined ? { done: true, value: [] } : { done: false, value: record };
  } catch (fault) {
    throw fault instanceof CsvFault ? new HostError(undefined, fault.message) : fault;
  }
}

function fileArgument(value: unknown): File {
  if (value instanceof File) return value;
  if (typeof value === "object" && value !== null)
    throw new GoError("failed to create a new parser; reason: the reader cannot be nil");
  const type = typeof value === "string" ? "sobek.asciiString" : goTypeOf(value);
  throw new GoError(`first argument expected to be a fs.File instance, got ${type} instead`);
}

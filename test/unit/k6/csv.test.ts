import assert from "node:assert/strict";
import { test } from "node:test";
import { createModules } from "../../../src/k6/index.ts";
import { TestVu } from "../../support/k6-vu.ts";

interface Csv {
  parse(file: unknown, options?: unknown): Promise<readonly unknown[]>;
  Parser: new (file?: unknown, options?: unknown) => { next(): Promise<unknown> };
}

const people = 'name,age\nann,1\n"bob, jr",2\r\ncy,"3""x"\n\ndan,4\n';

function open(text = people): { csv: Csv; file: () => Promise<unknown> } {
  const vu = new TestVu();
  vu.phase = "init";
  vu.texts.set("/test/a.csv", text);
  const load = createModules(vu);
  const fs = load("k6/experimental/fs") as { open(path: string): Promise<unknown> };
  return { csv: load("k6/experimental/csv") as unknown as Csv, file: () => fs.open("a.csv") };
}

async function parsed(options?: unknown, text?: string): Promise<string> {
  const { csv, file } = open(text);
  try {
    return JSON.stringify(await csv.parse(await file(), options));
  } catch (error) {
    return String(error);
  }
}

const rows = ['["name","age"]', '["ann","1"]', '["bob, jr","2"]', '["cy","3\\"x"]', '["dan","4"]'];
const some = (from: number, to = rows.length): string => `[${rows.slice(from, to).join(",")}]`;

/** What k6 gives. */
const cases: readonly (readonly [unknown, string])[] = [
  [undefined, some(0)],
  [{ skipFirstLine: true }, some(1)],
  [{ fromLine: 1 }, some(1)],
  [{ fromLine: 2, toLine: 3 }, some(2, 4)],
  [{ toLine: 1 }, some(0, 2)],
  [{ toLine: 0 }, some(0)],
  [{ skipFirstLine: true, fromLine: 2 }, some(2)],
  [{ fromLine: "2" }, some(2)],
  [{ asObjects: true, toLine: 2 }, '[{"age":"1","name":"ann"},{"age":"2","name":"bob, jr"}]'],
  [
    { fromLine: 3, toLine: 2 },
    "GoError: failed to interpret the provided Parser options; reason: fromLine must be less than or equal to toLine",
  ],
  [
    { fromLine: 99 },
    "GoError: failed to create a new parser; reason: failed to skip lines until line 99; reason: EOF",
  ],
  [
    { toLine: -1 },
    "GoError: failed to create a new parser; reason: the 'toLine' option must be greater than or equal to 0; got -1",
  ],
  [
    { asObjects: true, skipFirstLine: true },
    "GoError: failed to create a new parser; reason: the 'header' option cannot be enabled when 'skipFirstLine' is true",
  ],
  [
    { delimiter: ";;" },
    "GoError: failed to interpret the provided Parser options; reason: delimiter must be a single character",
  ],
  [
    { delimiter: '"' },
    "GoError: failed to read record; reason: csv: invalid field or comment delimiter",
  ],
];

for (const [options, result] of cases) {
  test(`parse with ${JSON.stringify(options)} gives what k6 gives`, async () => {
    assert.equal(await parsed(options), result);
  });
}

/** Texts of Go's reader. */
const faults: readonly (readonly [string, string])[] = [
  ["a,b\n1,2\n3\n", "record on line 3: wrong number of fields"],
  ['a,b\n"x,2\n', 'parse error on line 2, column 6: extraneous or missing " in quoted-field'],
  ['a"b,c\n', 'parse error on line 1, column 2: bare " in non-quoted-field'],
  ['"ab"c,d\n', 'parse error on line 1, column 4: extraneous or missing " in quoted-field'],
  ['é"x,1\n', 'parse error on line 1, column 3: bare " in non-quoted-field'],
];

for (const [text, fault] of faults) {
  test(`a fault is told with its place: ${fault}`, async () => {
    assert.equal(await parsed(undefined, text), `GoError: failed to read record; reason: ${fault}`);
  });
}

test("line ends within quotes are kept as one character", async () => {
  assert.equal(await parsed(undefined, 'a,b\r\n"x\r\ny",2\r\n'), '[["a","b"],["x\\ny","2"]]');
});

test("all VUs of a worker hold the same records of a file", async () => {
  const { csv, file } = open();
  const first = await csv.parse(await file());
  assert.equal(await csv.parse(await file()), first);
  assert.notEqual(await csv.parse(await file(), { skipFirstLine: true }), first);
  assert.ok(Array.isArray(first) && Object.isFrozen(first[0]));
});

test("a parser gives one record after the other, goes on after a fault, and stays done", async () => {
  const { csv, file } = open("a,b\n1,2\n3\n5,6\n");
  const parser = new csv.Parser(await file(), { asObjects: true });
  assert.deepEqual(await parser.next(), { done: false, value: { a: "1", b: "2" } });
  const fault = await parser.next().catch((reason: unknown) => String(reason));
  assert.equal(fault, "record on line 3: wrong number of fields");
  assert.deepEqual(await parser.next(), { done: false, value: { a: "5", b: "6" } });
  assert.deepEqual(await parser.next(), { done: true, value: [] });
  assert.deepEqual(await parser.next(), { done: true, value: [] });
});

test("a parser wants a file", () => {
  const { csv } = open();
  assert.throws(() => new csv.Parser(), {
    message: "csv Parser constructor takes at least one non-nil source argument",
  });
  assert.throws(() => new csv.Parser("a.csv"), {
    message: "first argument expected to be a fs.File instance, got sobek.asciiString instead",
  });
  assert.throws(() => new csv.Parser({}), {
    message: "failed to create a new parser; reason: the reader cannot be nil",
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { createModules } from "../../../src/k6/index.ts";
import { TestVu } from "../../support/k6-vu.ts";

interface File {
  readonly path: string;
  read(into?: unknown): Promise<number | null>;
  seek(offset?: unknown, whence?: unknown): Promise<number>;
  stat(): Promise<{ name: string; size: number }>;
}
interface Fs {
  open(path?: unknown): Promise<File>;
  readonly SeekMode: Readonly<Record<string, number>>;
}

function open(): { vu: TestVu; fs: Fs } {
  const vu = new TestVu();
  vu.phase = "init";
  vu.texts.set("/test/a.txt", "0123456789");
  return { vu, fs: createModules(vu)("k6/experimental/fs") as unknown as Fs };
}

async function rejection(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no rejection",
    (reason: unknown) => String(reason),
  );
}

test("a file is read from its own position, and null is its end", async () => {
  const { fs } = open();
  const [file, other] = [await fs.open("a.txt"), await fs.open("a.txt")];
  assert.equal(file.path, "/test/a.txt");
  assert.deepEqual(await file.stat(), { name: "a.txt", size: 10 });
  const bytes = new Uint8Array(4);
  const texts: string[] = [];
  for (let count = await file.read(bytes); count !== null; count = await file.read(bytes))
    texts.push(Buffer.from(bytes.subarray(0, count)).toString());
  assert.deepEqual(texts, ["0123", "4567", "89"]);
  assert.equal(await other.read(bytes), 4);
  assert.equal(await file.read(new Uint8Array(0)), null);
});

test("seek moves as k6's does, which counts from the last byte", async () => {
  const { fs } = open();
  const file = await fs.open("a.txt");
  assert.equal(await file.seek(3, fs.SeekMode["Start"]), 3);
  assert.equal(await file.seek(2, fs.SeekMode["Current"]), 5);
  assert.equal(await file.seek(-3, fs.SeekMode["End"]), 6);
});

/** Texts of k6. */
const refused: readonly (readonly [string, (fs: Fs, file: File) => Promise<unknown>])[] = [
  ['NotFoundError: no such file or directory "/test/b"', (fs) => fs.open("b")],
  [
    'InvalidResourceError: cannot open "/test/folder": opening a directory is not supported',
    (fs) => fs.open("folder"),
  ],
  ["TypeError: open() failed; reason: path cannot be empty", (fs) => fs.open("")],
  [
    "TypeError: read() failed; reason: into argument must be a Uint8Array",
    (_, file) => file.read(new ArrayBuffer(1)),
  ],
  [
    "TypeError: read() failed; reason: into argument cannot be null or undefined",
    (_, file) => file.read(),
  ],
  ["TypeError: seeking beyond end of file", (_, file) => file.seek(11, 0)],
  ["TypeError: seeking before start of file", (_, file) => file.seek(-1, 1)],
  ["TypeError: offset cannot be positive when using SeekModeEnd", (_, file) => file.seek(1, 2)],
  [
    "TypeError: seek() failed; reason: the whence argument must be a SeekMode",
    (_, file) => file.seek(1, 9),
  ],
  [
    "TypeError: seek() failed; reason: the offset argument must be a number",
    (_, file) => file.seek("1", 0),
  ],
];

for (const [text, attempt] of refused) {
  test(`refused: ${text}`, async () => {
    const { fs } = open();
    assert.equal(await rejection(attempt(fs, await fs.open("a.txt"))), text);
  });
}

test("files are opened in the init context only", async () => {
  const { vu, fs } = open();
  vu.phase = "iteration";
  assert.equal(
    await rejection(fs.open("a.txt")),
    "ForbiddenError: open() failed; reason: opening a file is allowed only in the Init context",
  );
});

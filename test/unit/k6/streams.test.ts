import assert from "node:assert/strict";
import { test } from "node:test";
import { createModules } from "../../../src/k6/index.ts";
import { TestVu } from "../../support/k6-vu.ts";

interface Reader {
  readonly closed: Promise<unknown>;
  read(): Promise<{ value?: unknown; done: boolean }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}
interface Readable {
  readonly locked: boolean;
  getReader(options?: unknown): Reader;
  cancel(reason?: unknown): Promise<void>;
}
interface Writer {
  readonly desiredSize: number | null;
  readonly closed: Promise<unknown>;
  write(chunk?: unknown): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
  releaseLock(): void;
}
interface Writable {
  readonly locked: boolean;
  getWriter(): Writer;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}
type Class<T> = new (...args: unknown[]) => T;
interface Streams {
  readonly ReadableStream: Class<Readable>;
  readonly ReadableStreamDefaultReader: Class<Reader>;
  readonly CountQueuingStrategy: Class<{ highWaterMark: unknown }>;
  readonly WritableStream: Class<Writable>;
  readonly WritableStreamDefaultWriter: Class<Writer>;
}

/** A VU whose loop runs what is scheduled at once. */
class LoopVu extends TestVu {
  override schedule(_delayMs: number, callback: () => void): () => void {
    setImmediate(callback);
    return () => undefined;
  }
}

const streams = createModules(new LoopVu())("k6/experimental/streams") as unknown as Streams;
const { ReadableStream, WritableStream, CountQueuingStrategy } = streams;

interface Controller {
  readonly desiredSize: number | null;
  enqueue(chunk?: unknown): void;
  close(): void;
  error(reason?: unknown): void;
}

async function rejection(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no rejection",
    (reason: unknown) => String(reason),
  );
}

test("a stream gives what its source puts in, pulls for more, and ends", async () => {
  const log: string[] = [];
  const reader = new ReadableStream({
    start: (controller: Controller) => controller.enqueue("a"),
    pull: (controller: Controller) => {
      log.push("pull");
      controller.enqueue("b");
      controller.close();
    },
  }).getReader();
  assert.deepEqual(await reader.read(), { value: "a", done: false });
  assert.deepEqual(await reader.read(), { value: "b", done: false });
  assert.equal((await reader.read()).done, true);
  assert.equal(await reader.closed, undefined);
  assert.deepEqual(log, ["pull"]);
});

test("what a source throws is what reading rejects with", async () => {
  const failing = (source: object): Promise<string> =>
    rejection(new ReadableStream(source).getReader().read());
  const fail = (): never => {
    throw new RangeError("no");
  };
  assert.equal(await failing({ pull: fail }), "RangeError: no");
  assert.equal(await failing({ pull: async () => fail() }), "RangeError: no");
  assert.equal(await failing({ start: (c: Controller) => c.error("text") }), "text");
  assert.throws(() => new ReadableStream({ start: fail }), RangeError);
});

/** Texts of k6. */
const refused: readonly (readonly [string, () => unknown])[] = [
  [
    "TypeError: stream is locked",
    () => {
      const stream = new ReadableStream();
      stream.getReader();
      return stream.getReader();
    },
  ],
  [
    "GoError: NotSupportedError:'byob' mode is not supported yet",
    () => new ReadableStream().getReader({ mode: "byob" }),
  ],
  [
    "GoError: NotSupportedError:'bytes' stream is not supported yet",
    () => new ReadableStream({ type: "bytes" }),
  ],
  ["TypeError: invalid underlying source type", () => new ReadableStream({ type: "x" })],
  ["TypeError: underlyingSource must be an object", () => new ReadableStream(5)],
  [
    "TypeError: underlyingSource.[[pull]] must be a function",
    () => new ReadableStream({ pull: 5 }),
  ],
  [
    "RangeError: highWaterMark must be a non-negative number",
    () => new ReadableStream({}, { highWaterMark: -1 }),
  ],
  ["TypeError: size must be a function", () => new ReadableStream({}, { size: 5 })],
  [
    "TypeError: ReadableStreamDefaultReader argument must be a ReadableStream",
    () => new streams.ReadableStreamDefaultReader({}),
  ],
  ["TypeError: CountQueuingStrategy takes a single argument", () => new CountQueuingStrategy()],
  [
    "TypeError: CountQueuingStrategy argument must have 'highWaterMark' property",
    () => new CountQueuingStrategy({}),
  ],
  [
    "RangeError: 'type' is not supported by WritableStream",
    () => new WritableStream({ type: "x" }),
  ],
  [
    "TypeError: underlyingSink.[[write]] must be a function",
    () => new WritableStream({ write: 5 }),
  ],
  [
    "TypeError: WritableStreamDefaultWriter argument must be a WritableStream",
    () => new streams.WritableStreamDefaultWriter({}),
  ],
  [
    "TypeError: cannot close or enqueue",
    () =>
      new ReadableStream({
        start: (c: Controller) => {
          c.close();
          c.enqueue(1);
        },
      }),
  ],
];

for (const [text, attempt] of refused) {
  test(`refused: ${text}`, () => {
    assert.throws(attempt, (error) => String(error) === text);
  });
}

test("cancel tells the source why, and needs the lock", async () => {
  const reasons: unknown[] = [];
  const open = (): Readable =>
    new ReadableStream({ cancel: (reason: unknown) => reasons.push(reason) });
  await open().cancel("why");
  await open().getReader().cancel("reader");
  assert.deepEqual(reasons, ["why", "reader"]);
  const locked = open();
  const reader = locked.getReader();
  assert.equal(await rejection(locked.cancel()), "TypeError: cannot cancel a locked stream");
  reader.releaseLock();
  assert.equal(locked.locked, false);
  assert.equal(await rejection(reader.read()), "TypeError: stream is undefined");
  assert.equal(await rejection(reader.closed), "TypeError: stream is not readable");
});

test("a writer hands its chunks to the sink in order, and closes once", async () => {
  const log: unknown[] = [];
  const stream = new WritableStream(
    {
      start: () => log.push("start"),
      write: async (chunk: unknown) => log.push(chunk),
      close: () => log.push("close"),
    },
    new CountQueuingStrategy({ highWaterMark: 3 }),
  );
  const writer = stream.getWriter();
  assert.equal(writer.desiredSize, 3);
  void writer.write("a");
  await writer.write("b");
  await writer.close();
  await writer.closed;
  assert.deepEqual(log, ["start", "a", "b", "close"]);
  assert.equal(await rejection(writer.write("c")), "TypeError: stream is closing or closed");
  assert.equal(await rejection(writer.close()), "TypeError: stream is already closed or errored");
  writer.releaseLock();
  assert.equal(stream.locked, false);
  assert.equal(await rejection(writer.write("c")), "TypeError: stream is undefined");
  assert.throws(() => writer.desiredSize, { message: "stream is undefined" });
});

test("what a sink throws is what this write and the later ones reject with", async () => {
  const writer = new WritableStream({
    write: () => {
      throw new RangeError("full");
    },
  }).getWriter();
  assert.equal(await rejection(writer.write(1)), "RangeError: full");
  assert.equal(await rejection(writer.write(2)), "RangeError: full");
});

test("abort tells the sink why, and needs the lock", async () => {
  const reasons: unknown[] = [];
  const open = (): Writable =>
    new WritableStream({ abort: (reason: unknown) => reasons.push(reason) });
  await open().abort("why");
  await open().getWriter().abort("writer");
  assert.deepEqual(reasons, ["why", "writer"]);
  const locked = open();
  locked.getWriter();
  assert.equal(await rejection(locked.abort()), "TypeError: cannot abort a locked stream");
  assert.equal(await rejection(locked.close()), "TypeError: cannot close a locked stream");
});

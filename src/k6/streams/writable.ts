/** `WritableStream` and its writer over the platform's, with k6's errors. */
import { WritableStream as PlatformStream } from "node:stream/web";
import type { WritableStreamDefaultWriter as PlatformWriter } from "node:stream/web";
import type { VuContext } from "../context.ts";
import { onLoop } from "./script-call.ts";
import { readCallbacks, readStrategy } from "./strategy.ts";

export class WritableStream {
  readonly #platform: PlatformStream;
  /** From the moment that a close was asked for. */
  #isClosing = false;

  constructor(vu: VuContext, sink?: unknown, strategyGiven?: unknown) {
    const names = ["start", "write", "close", "abort"] as const;
    const { start, write, close, abort } = readCallbacks(sink, "underlyingSink", names);
    if ((sink as { type?: unknown } | undefined)?.type !== undefined)
      throw new RangeError("'type' is not supported by WritableStream");
    const strategy = readStrategy(strategyGiven);
    const writeOnLoop = write && onLoop(vu, write);
    const closeOnLoop = close && onLoop(vu, close);
    const abortOnLoop = abort && onLoop(vu, abort);
    this.#platform = new PlatformStream<unknown>(
      {
        ...(start && { start: (controller) => start(controllerOf(controller)) }),
        ...(writeOnLoop && {
          write: async (chunk, controller) =>
            void (await writeOnLoop(chunk, controllerOf(controller))),
        }),
        ...(closeOnLoop && { close: async () => void (await closeOnLoop()) }),
        ...(abortOnLoop && { abort: async (reason) => void (await abortOnLoop(reason)) }),
      },
      strategy,
    );
  }

  static platformOf(stream: WritableStream): PlatformStream {
    return stream.#platform;
  }

  static isClosing(stream: WritableStream): boolean {
    return stream.#isClosing;
  }

  static markClosing(stream: WritableStream): void {
    stream.#isClosing = true;
  }

  get locked(): boolean {
    return this.#platform.locked;
  }

  abort(reason?: unknown): Promise<void> {
    if (this.locked) return Promise.reject(new TypeError("cannot abort a locked stream"));
    return this.#platform.abort(reason);
  }

  close(): Promise<void> {
    if (this.locked) return Promise.reject(new TypeError("cannot close a locked stream"));
    if (this.#isClosing) return Promise.reject(new TypeError(alreadyClosed));
    this.#isClosing = true;
    return this.#platform.close();
  }

  getWriter(): WritableStreamDefaultWriter {
    return new WritableStreamDefaultWriter(this);
  }
}

const alreadyClosed = "stream is already closed or errored";

function controllerOf(platform: { error(reason?: unknown): void }): object {
  return { error: (reason?: unknown): void => platform.error(reason) };
}

export class WritableStreamDefaultWriter {
  readonly #stream: WritableStream;
  #platform: PlatformWriter<unknown> | undefined;
  #closed: Promise<unknown>;
  #ready: Promise<unknown> | undefined;

  constructor(...args: unknown[]) {
    const [stream] = args;
    if (args.length === 0)
      throw new TypeError("WritableStreamDefaultWriter takes a single argument");
    if (!(stream instanceof WritableStream))
      throw new TypeError("WritableStreamDefaultWriter argument must be a WritableStream");
    if (stream.locked) throw new TypeError("stream is locked");
    this.#stream = stream;
    this.#platform = WritableStream.platformOf(stream).getWriter();
    this.#closed = this.#platform.closed;
    this.#closed.catch(() => undefined);
  }

  get closed(): Promise<unknown> {
    return this.#closed;
  }

  get ready(): Promise<unknown> {
    return this.#ready ?? this.#platform!.ready;
  }

  get desiredSize(): number | null {
    if (this.#platform === undefined) throw new TypeError(noStream);
    return this.#platform.desiredSize;
  }

  write(chunk?: unknown): Promise<void> {
    if (this.#platform === undefined) return Promise.reject(new TypeError(noStream));
    if (WritableStream.isClosing(this.#stream))
      return Promise.reject(new TypeError("stream is closing or closed"));
    return this.#platform.write(chunk);
  }

  close(): Promise<void> {
    if (this.#platform === undefined) return Promise.reject(new TypeError(noStream));
    if (WritableStream.isClosing(this.#stream)) return Promise.reject(new TypeError(alreadyClosed));
    WritableStream.markClosing(this.#stream);
    return this.#platform.close();
  }

  abort(reason?: unknown): Promise<void> {
    if (this.#platform === undefined) return Promise.reject(new TypeError(noStream));
    return this.#platform.abort(reason);
  }

  releaseLock(): void {
    this.#platform?.releaseLock();
    this.#platform = undefined;
    const gone = Promise.reject(new TypeError("stream is not writable"));
    gone.catch(() => undefined);
    this.#closed = gone;
    this.#ready = gone;
  }
}

const noStream = "stream is undefined";

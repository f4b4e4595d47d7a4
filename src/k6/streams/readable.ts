/**
 * `ReadableStream` and its reader over the platform's, restricted to what k6 has: no byte streams, and k6's errors.
 * What k6 checks itself is checked before the platform sees it.
 */
import { ReadableStream as PlatformStream } from "node:stream/web";
import type {
  ReadableStreamDefaultController as PlatformController,
  ReadableStreamDefaultReader as PlatformReader,
} from "node:stream/web";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { onLoop } from "./script-call.ts";
import { readCallbacks, readStrategy } from "./strategy.ts";

export class ReadableStream {
  readonly #platform: PlatformStream;
  readonly source: unknown;

  constructor(vu: VuContext, source?: unknown, strategy?: unknown) {
    this.source = source ?? null;
    this.#platform = openPlatformStream(vu, source, strategy);
  }

  static platformOf(stream: ReadableStream): PlatformStream {
    return stream.#platform;
  }

  get locked(): boolean {
    return this.#platform.locked;
  }

  cancel(reason?: unknown): Promise<void> {
    if (this.locked) return Promise.reject(new TypeError("cannot cancel a locked stream"));
    return this.#platform.cancel(reason);
  }

  getReader(options?: unknown): ReadableStreamDefaultReader {
    const mode = (options as { mode?: unknown } | undefined | null)?.mode;
    if (mode === "byob") throw new GoError("NotSupportedError:'byob' mode is not supported yet");
    if (mode !== undefined) throw new TypeError("options.mode is not 'byob'");
    return new ReadableStreamDefaultReader(this);
  }

  tee(): never {
    throw new GoError("NotSupportedError:'tee()' is not supported yet");
  }
}

function openPlatformStream(
  vu: VuContext,
  source: unknown,
  strategyGiven: unknown,
): PlatformStream {
  const { start, pull, cancel } = readCallbacks(source, "underlyingSource", [
    "start",
    "pull",
    "cancel",
  ]);
  const type = (source as { type?: unknown } | undefined)?.type;
  if (type === "bytes") throw new GoError("NotSupportedError:'bytes' stream is not supported yet");
  if (type !== undefined) throw new TypeError("invalid underlying source type");
  const strategy = readStrategy(strategyGiven);
  const controllers = new WeakMap<PlatformController<unknown>, Controller>();
  const controllerOf = (platform: PlatformController<unknown>): Controller => {
    const known = controllers.get(platform) ?? new Controller(platform);
    controllers.set(platform, known);
    return known;
  };
  const pullOnLoop = pull && onLoop(vu, pull);
  const cancelOnLoop = cancel && onLoop(vu, cancel);
  return new PlatformStream<unknown>(
    {
      ...(start && { start: (platform) => start(controllerOf(platform)) }),
      ...(pullOnLoop && {
        pull: async (platform) => void (await pullOnLoop(controllerOf(platform))),
      }),
      ...(cancelOnLoop && { cancel: async (reason) => void (await cancelOnLoop(reason)) }),
    },
    strategy,
  );
}

/** The controller that a source's functions are given. */
class Controller {
  readonly #platform: PlatformController<unknown>;
  #isOver = false;

  constructor(platform: PlatformController<unknown>) {
    this.#platform = platform;
  }

  get desiredSize(): number | null {
    return this.#platform.desiredSize;
  }

  close(): void {
    this.#requireOpen();
    this.#isOver = true;
    this.#platform.close();
  }

  enqueue(chunk?: unknown): void {
    this.#requireOpen();
    this.#platform.enqueue(chunk);
  }

  error(reason?: unknown): void {
    this.#isOver = true;
    this.#platform.error(reason);
  }

  #requireOpen(): void {
    if (this.#isOver || this.#platform.desiredSize === null)
      throw new TypeError("cannot close or enqueue");
  }
}

export class ReadableStreamDefaultReader {
  #platform: PlatformReader<unknown> | undefined;
  #closed: Promise<unknown>;

  constructor(...args: unknown[]) {
    const [stream] = args;
    if (args.length === 0)
      throw new TypeError("ReadableStreamDefaultReader takes a single argument");
    if (!(stream instanceof ReadableStream))
      throw new TypeError("ReadableStreamDefaultReader argument must be a ReadableStream");
    if (stream.locked) throw new TypeError("stream is locked");
    this.#platform = ReadableStream.platformOf(stream).getReader();
    this.#closed = this.#platform.closed;
    this.#closed.catch(() => undefined);
  }

  get closed(): Promise<unknown> {
    return this.#closed;
  }

  read(): Promise<{ value?: unknown; done: boolean }> {
    return this.#platform === undefined ? released() : this.#platform.read();
  }

  cancel(reason?: unknown): Promise<void> {
    return this.#platform === undefined ? released() : this.#platform.cancel(reason);
  }

  releaseLock(): void {
    this.#platform?.releaseLock();
    this.#platform = undefined;
    this.#closed = Promise.reject(new TypeError("stream is not readable"));
    this.#closed.catch(() => undefined);
  }
}

function released(): Promise<never> {
  return Promise.reject(new TypeError("stream is undefined"));
}

/**
 * The way of raw samples into a text sink: they wait as they came (28 bytes each) until the sink has taken the text before
 * them, then become text a slice at a time. So a slow disk costs memory and never the load, and neither does a fast run
 * hold the main thread for long.
 *
 * When the sink fails, the run goes on without it and one error line says so; when more samples wait than fit, the
 * newest are dropped and a line says how many.
 */
import type { Logger } from "../base/log.ts";
import type { Output, Samples } from "./output.ts";
import type { TextSink } from "./text-sink.ts";

/** Text of `samples` from one position to another. */
export type SampleEncoder = (samples: Samples, from: number, to: number) => string;

export interface SampleWriterParts {
  /** For messages: `json (out.json)`. */
  readonly description: string;
  readonly sink: TextSink;
  readonly encode: SampleEncoder;
  readonly flushIntervalMs: number;
  readonly logger: Logger;
  /** Samples that may wait. */
  readonly limit?: number;
  /** How long `stop` waits for a sink that takes nothing. */
  readonly stopGraceMs?: number | undefined;
}

/** The output that writes its samples into the sink that `open` gives when it starts. */
export function createWriterOutput(
  parts: Omit<SampleWriterParts, "sink">,
  open: () => Promise<TextSink>,
): Output {
  let writer: SampleWriter | undefined;
  return {
    description: parts.description,
    async start() {
      writer = new SampleWriter({ ...parts, sink: await open() });
    },
    addSamples: (samples) => writer?.add(samples),
    stop: async () => writer?.stop(),
  };
}

/** Some 5 ms of work: progress and ticks are handled in between. */
const sliceSamples = 4_096;

/** A quarter of a gigabyte. */
const defaultLimit = 8_000_000;

const defaultGraceMs = 10_000;

export class SampleWriter {
  readonly #parts: SampleWriterParts;
  readonly #limit: number;
  readonly #timer: NodeJS.Timeout;
  #waiting: Samples[] = [];
  #waitingCount = 0;
  #dropped = 0;
  #failed = false;
  /** Writes that the sink has taken. */
  #writes = 0;
  #flushing: Promise<void> | undefined;

  constructor(parts: SampleWriterParts) {
    this.#parts = parts;
    this.#limit = parts.limit ?? defaultLimit;
    this.#timer = setInterval(() => void this.#flush(), parts.flushIntervalMs);
    this.#timer.unref();
  }

  add(samples: Samples): void {
    if (this.#failed) return;
    if (this.#waitingCount + samples.length > this.#limit) {
      if (this.#dropped === 0) this.#warnOfDrops();
      this.#dropped += samples.length;
      return;
    }
    this.#waiting.push(samples);
    this.#waitingCount += samples.length;
  }

  /** Writes what is left and closes the sink, however long that takes, as long as the sink goes on taking something. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const stall = this.#watchForStall();
    await Promise.race([this.#finish(), stall.happened]);
    stall.unwatch();
    if (this.#dropped === 0) return;
    const { description, logger } = this.#parts;
    logger.log("error", `output ${description}: ${this.#dropped} samples are missing in it`);
  }

  async #finish(): Promise<void> {
    await this.#flushing;
    await this.#flush();
    if (!this.#failed) await this.#attempt(() => this.#parts.sink.close());
  }

  /** A pipe that nobody reads, a disk that is gone: waiting for it would never end. */
  #watchForStall(): { readonly happened: Promise<void>; readonly unwatch: () => void } {
    const { stopGraceMs = defaultGraceMs } = this.#parts;
    let timer: NodeJS.Timeout | undefined;
    let writesBefore = this.#writes;
    const happened = new Promise<void>((resolve) => {
      timer = setInterval(() => {
        const isStalled = this.#writes === writesBefore;
        writesBefore = this.#writes;
        if (!isStalled) return;
        this.#fail(`nothing could be written for ${stopGraceMs / 1_000} s`);
        resolve();
      }, stopGraceMs);
    });
    return { happened, unwatch: () => clearInterval(timer) };
  }

  /** One at a time: what comes meanwhile is taken by the same flush. */
  #flush(): Promise<void> {
    this.#flushing ??= this.#writeAll().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #writeAll(): Promise<void> {
    const { encode, sink } = this.#parts;
    while (this.#waiting.length > 0 && !this.#failed) {
      const taken = this.#waiting;
      this.#waiting = [];
      for (const samples of taken) {
        for (let from = 0; from < samples.length && !this.#failed; from += sliceSamples) {
          const to = Math.min(samples.length, from + sliceSamples);
          await this.#attempt(() => sink.write(encode(samples, from, to)));
        }
        this.#waitingCount -= samples.length;
      }
    }
  }

  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.#writes++;
    } catch (error) {
      this.#fail((error as Error).message);
    }
  }

  #fail(reason: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#waiting = [];
    const { description, logger } = this.#parts;
    logger.log(
      "error",
      `output ${description} failed: ${reason}; the samples from here on are missing in it, the run goes on`,
    );
  }

  #warnOfDrops(): void {
    const { description, logger } = this.#parts;
    logger.log(
      "warning",
      `output ${description} cannot keep up: ${this.#limit} samples are waiting to be written, further ones are dropped`,
    );
  }
}

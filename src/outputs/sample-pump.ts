/**
 * The way of raw samples to whoever sends them on: they wait as they came (28 bytes each) and are taken a slice at a time,
 * once an interval, with a turn for everything else after each slice. So neither a slow backend nor a fast run holds up the
 * main thread. When more wait than fit, the oldest go, because the newest are the ones somebody looks at.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { Fifo } from "../base/fifo.ts";
import type { Samples } from "./output.ts";

/** Who takes the samples. None of these may reject or throw. */
export interface SampleConsumer {
  /** Takes the samples of `from` up to, not including, `to`; resolves when the next may come. */
  take(samples: Samples, from: number, to: number): Promise<void>;
  /** Nothing waits any more for now: what has been begun is to be sent. */
  finishRound(): Promise<void>;
  /** That many samples had to go untaken. */
  drop(sampleCount: number): void;
  /** Too many samples wait; told once. */
  onOverflow(limit: number): void;
}

export interface SamplePumpParts {
  readonly consumer: SampleConsumer;
  readonly intervalMs: number;
  /** Samples that may wait. */
  readonly limit?: number | undefined;
}

/** Some 5 ms of work. */
const sliceSamples = 4_096;

/** 112 MB. */
const defaultLimit = 4_000_000;

export class SamplePump {
  readonly #consumer: SampleConsumer;
  readonly #limit: number;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting = new Fifo<Samples>();
  #waitingCount = 0;
  #hasOverflowed = false;
  #round: Promise<void> | undefined;

  constructor({ consumer, intervalMs, limit = defaultLimit }: SamplePumpParts) {
    this.#consumer = consumer;
    this.#limit = limit;
    this.#timer = setInterval(() => void this.#startRound(), intervalMs);
    this.#timer.unref();
  }

  /** Returns at once. */
  add(samples: Samples): void {
    this.#waiting.push(samples);
    this.#waitingCount += samples.length;
    while (this.#waitingCount > this.#limit) {
      this.#consumer.drop(this.#next()!.length);
      if (!this.#hasOverflowed) this.#consumer.onOverflow(this.#limit);
      this.#hasOverflowed = true;
    }
  }

  /** Has the consumer take what is left. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
    await this.#startRound();
  }

  /** One at a time: what comes meanwhile is taken by the same round. */
  #startRound(): Promise<void> {
    this.#round ??= this.#takeAll().finally(() => {
      this.#round = undefined;
    });
    return this.#round;
  }

  async #takeAll(): Promise<void> {
    for (let samples = this.#next(); samples !== undefined; samples = this.#next()) {
      for (let from = 0; from < samples.length; from += sliceSamples) {
        await this.#consumer.take(samples, from, Math.min(samples.length, from + sliceSamples));
        await nextTurn();
      }
    }
    await this.#consumer.finishRound();
  }

  #next(): Samples | undefined {
    const samples = this.#waiting.shift();
    if (samples !== undefined) this.#waitingCount -= samples.length;
    return samples;
  }
}

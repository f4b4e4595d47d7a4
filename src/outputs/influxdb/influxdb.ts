/**
 * `--out influxdb`: every sample as a point of an InfluxDB, by the API of version 1 or, with a token, of version 2 (k6: 7.9).
 * Points are sent in batches over kept connections; the database is created before the first of them.
 */
import type { OutputContext } from "../context.ts";
import { Delivery, type Parcel } from "../delivery.ts";
import { InfluxLines } from "./lines.ts";
import { type InfluxOptions, parseInfluxOptions } from "./options.ts";
import { InfluxWriter } from "./writer.ts";
import type { Output, Samples } from "../output.ts";
import { type SampleConsumer, SamplePump } from "../sample-pump.ts";

interface Running {
  readonly pump: SamplePump;
  readonly delivery: Delivery<Batch>;
  readonly writer: InfluxWriter;
}

/** @throws LakhError OUTPUT_ARGUMENT */
export function createInfluxOutput(argument: string, context: OutputContext): Output {
  const options = parseInfluxOptions(argument, context.env);
  const description = `InfluxDBv${options.place.version} (${shownAddress(options.address)})`;
  let running: Running;
  return {
    description,
    start() {
      warnOfPrecision(description, options, context);
      const writer = new InfluxWriter(options, context.logger);
      const delivery = new Delivery<Batch>({
        description,
        send: (batch, signal) => writer.write(batch.lines, signal),
        logger: context.logger,
        lanes: options.concurrentWrites,
        stopGraceMs: context.stopGraceMs,
      });
      const consumer = new Batches(new InfluxLines(options), delivery);
      running = {
        delivery,
        writer,
        pump: new SamplePump({ consumer, intervalMs: options.pushIntervalMs }),
      };
      return Promise.resolve();
    },
    addSamples: (samples) => running.pump.add(samples),
    async stop() {
      const { delivery, pump, writer } = running;
      await delivery.stop(pump.stop());
      writer.close();
    },
  };
}

function shownAddress(address: URL): string {
  return address.href.replace(/\/$/u, "");
}

function warnOfPrecision(
  description: string,
  { precision }: InfluxOptions,
  { logger }: OutputContext,
): void {
  if (precision === "ns") return;
  logger.log(
    "warning",
    `output ${description}: with precision ${precision} InfluxDB keeps one sample a series of all that have the same time; counts in it will be too low`,
  );
}

interface Batch extends Parcel {
  readonly lines: Buffer;
}

/** What InfluxDB's makers advise. */
const batchSamples = 5_000;
/** Far below the 25 MB that InfluxDB takes, however long the tags. */
const batchChars = 1024 * 1024;
/** Samples between two looks at the length. */
const stretch = 256;
/** Encoded lines that may wait; what comes later waits as samples, which are smaller. */
const waitingBytes = 4 * 1024 * 1024;

class Batches implements SampleConsumer {
  readonly #lines: InfluxLines;
  readonly #delivery: Delivery<Batch>;
  #text = "";
  #sampleCount = 0;

  constructor(lines: InfluxLines, delivery: Delivery<Batch>) {
    this.#lines = lines;
    this.#delivery = delivery;
  }

  async take(samples: Samples, from: number, to: number): Promise<void> {
    for (let at = from; at < to; at += stretch) {
      const end = Math.min(to, at + stretch);
      if (this.#delivery.isClosed) {
        this.#delivery.drop(end - at);
        continue;
      }
      this.#text += this.#lines.encode(samples, at, end);
      this.#sampleCount += end - at;
      if (this.#sampleCount >= batchSamples || this.#text.length >= batchChars)
        await this.finishRound();
    }
  }

  async finishRound(): Promise<void> {
    if (this.#sampleCount === 0) return;
    const lines = Buffer.from(this.#text);
    this.#delivery.add({ lines, byteLength: lines.byteLength, sampleCount: this.#sampleCount });
    this.#text = "";
    this.#sampleCount = 0;
    await this.#delivery.room(waitingBytes);
  }

  drop(sampleCount: number): void {
    this.#delivery.drop(sampleCount);
  }

  onOverflow(limit: number): void {
    this.#delivery.warn(`${limit} samples wait to be sent there; the oldest are dropped`);
  }
}

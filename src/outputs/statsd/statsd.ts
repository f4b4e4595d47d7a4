/** `--out statsd` and `--out dogstatsd`: samples by UDP to a StatsD server, or to the one of Datadog's agent. */
import type { OutputContext } from "../context.ts";
import { DatagramPacker, maxDatagramBytes, UdpSender } from "./datagrams.ts";
import { Delivery, type Parcel } from "../delivery.ts";
import type { Output, Samples } from "../output.ts";
import { type SampleConsumer, SamplePump } from "../sample-pump.ts";
import { StatsdLines } from "./lines.ts";
import { parseStatsdOptions, type StatsdDialect, type StatsdOptions } from "./options.ts";

interface Running {
  readonly pump: SamplePump;
  readonly delivery: Delivery<Datagrams>;
  readonly sender: UdpSender;
}

interface Datagrams extends Parcel {
  readonly datagrams: readonly Buffer[];
}

/** @throws LakhError OUTPUT_ARGUMENT */
export function createStatsdOutput(argument: string, context: OutputContext): Output {
  return createOutput("statsd", argument, context);
}

/** @throws LakhError OUTPUT_ARGUMENT */
export function createDogstatsdOutput(argument: string, context: OutputContext): Output {
  return createOutput("dogstatsd", argument, context);
}

function createOutput(dialect: StatsdDialect, argument: string, context: OutputContext): Output {
  const options = parseStatsdOptions(dialect, argument, context.env);
  const { host, port, pushIntervalMs: intervalMs } = options;
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  const description = `${dialect} (${address})`;
  let running: Running;
  return {
    description,
    start() {
      const sender = new UdpSender(host, port);
      const delivery = new Delivery<Datagrams>({
        description,
        send: ({ datagrams }, signal) => sender.send(datagrams, signal),
        logger: context.logger,
        stopGraceMs: context.stopGraceMs,
      });
      const consumer = new Bundles(options, delivery);
      running = { sender, delivery, pump: new SamplePump({ consumer, intervalMs }) };
      return Promise.resolve();
    },
    addSamples: (samples) => running.pump.add(samples),
    async stop() {
      const { delivery, pump, sender } = running;
      await delivery.stop(pump.stop());
      sender.close();
    },
  };
}

/** Datagrams of a parcel; at its pace the sender needs some 20 ms for them. */
const bundleDatagrams = 64;
/** Of what waits as datagrams. */
const waitingBytes = 1024 * 1024;

class Bundles implements SampleConsumer {
  readonly #delivery: Delivery<Datagrams>;
  readonly #packer: DatagramPacker;
  readonly #lines: StatsdLines;
  #sampleCount = 0;
  #hasUnfit = false;

  constructor(options: StatsdOptions, delivery: Delivery<Datagrams>) {
    const packer = new DatagramPacker(options.bufferSize);
    this.#delivery = delivery;
    this.#packer = packer;
    this.#lines = new StatsdLines({
      options,
      maxLineBytes: maxDatagramBytes,
      onLine: (line) => packer.add(line),
      onUnfit: () => this.#onUnfit(),
    });
  }

  async take(samples: Samples, from: number, to: number): Promise<void> {
    this.#lines.add(samples, from, to);
    this.#sampleCount += to - from;
    if (this.#packer.fullCount >= bundleDatagrams) await this.#send();
  }

  async finishRound(): Promise<void> {
    this.#lines.finishRound();
    await this.#send();
  }

  drop(sampleCount: number): void {
    this.#delivery.drop(sampleCount);
  }

  onOverflow(limit: number): void {
    this.#delivery.warn(`${limit} samples wait to be sent there; the oldest are dropped`);
  }

  async #send(): Promise<void> {
    const datagrams = this.#packer.take();
    if (datagrams.length === 0) return;
    const byteLength = datagrams.reduce((sum, datagram) => sum + datagram.byteLength, 0);
    this.#delivery.add({ datagrams, byteLength, sampleCount: this.#sampleCount });
    this.#sampleCount = 0;
    await this.#delivery.room(waitingBytes);
  }

  #onUnfit(): void {
    this.#delivery.drop(1);
    this.#sampleCount--;
    if (this.#hasUnfit) return;
    this.#hasUnfit = true;
    this.#delivery.warn("StatsD has no negative times: values below zero are left out");
  }
}

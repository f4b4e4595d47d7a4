/** All outputs of a run as one: opened before it, fed while it goes on, closed after it, whatever its end. */
import type { Logger } from "../base/log.ts";
import type { SampleBatch } from "../metrics/index.ts";
import { createOutput } from "./catalog.ts";
import type { OutputContext } from "./context.ts";
import type { RunMoment } from "./moment.ts";
import type { Interval, Output } from "./output.ts";
import { SampleDirectory } from "./samples.ts";

export interface Outputs {
  /** As the start-up text lists them. */
  readonly descriptions: readonly string[];
  /** True when some output wants every sample: only then need anybody call `addSamples`. */
  readonly wantSamples: boolean;
  /** True when some output wants sums a second. */
  readonly wantIntervals: boolean;
  /** Samples of one worker; `sourceId` tells workers apart. */
  addSamples(batch: SampleBatch, sourceId: number): void;
  addInterval(interval: Interval): void;
  /** True when some output shows the run while it goes on. */
  readonly wantMoments: boolean;
  addMoment(moment: RunMoment): void;
  /** Delivers and closes; never throws. */
  stop(): Promise<void>;
}

/**
 * Opens the outputs that `requests` name (`json=out.json`), and `more` that the caller has made. All of them or none: when
 * one cannot be opened, those that were are closed again.
 * @throws LakhError OUTPUT_UNKNOWN, OUTPUT_REMOVED, OUTPUT_NOT_YET, OUTPUT_ARGUMENT, OUTPUT_OPEN
 */
export async function openOutputs(
  requests: readonly string[],
  context: OutputContext,
  more: readonly Output[] = [],
): Promise<Outputs> {
  const outputs: Output[] = [];
  for (const request of requests) outputs.push(await createOutput(request, context));
  outputs.push(...more);
  const started: Output[] = [];
  try {
    for (const output of outputs) {
      await output.start();
      started.push(output);
    }
  } catch (error) {
    await stopAll(started, context.logger);
    throw error;
  }
  return new OpenOutputs(outputs, context.logger);
}

/** Outputs that somebody else has made, and started. */
export function outputsOf(outputs: readonly Output[], logger: Logger): Outputs {
  return new OpenOutputs(outputs, logger);
}

/** For a run whose outputs are not lakh's to feed: the runner `k6` writes its own. */
export const noOutputs: Outputs = {
  descriptions: [],
  wantSamples: false,
  wantIntervals: false,
  wantMoments: false,
  addSamples: () => undefined,
  addInterval: () => undefined,
  addMoment: () => undefined,
  stop: () => Promise.resolve(),
};

class OpenOutputs implements Outputs {
  readonly descriptions: readonly string[];
  readonly wantSamples: boolean;
  readonly wantIntervals: boolean;
  readonly wantMoments: boolean;
  readonly #outputs: readonly Output[];
  readonly #logger: Logger;
  readonly #directory = new SampleDirectory();

  constructor(outputs: readonly Output[], logger: Logger) {
    this.#outputs = outputs;
    this.#logger = logger;
    this.descriptions = outputs.map(({ description }) => description);
    this.wantSamples = outputs.some((output) => "addSamples" in output);
    this.wantIntervals = outputs.some((output) => "addInterval" in output);
    this.wantMoments = outputs.some((output) => "addMoment" in output);
  }

  addSamples(batch: SampleBatch, sourceId: number): void {
    const samples = this.#directory.resolve(batch, sourceId);
    for (const output of this.#outputs) output.addSamples?.(samples);
  }

  addInterval(interval: Interval): void {
    for (const output of this.#outputs) output.addInterval?.(interval);
  }

  addMoment(moment: RunMoment): void {
    for (const output of this.#outputs) output.addMoment?.(moment);
  }

  stop(): Promise<void> {
    return stopAll(this.#outputs, this.#logger);
  }
}

/** An output that cannot close must not keep the others from closing. */
async function stopAll(outputs: readonly Output[], logger: Logger): Promise<void> {
  await Promise.all(
    outputs.map(async (output) => {
      try {
        await output.stop();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        logger.log("error", `output ${output.description} did not close: ${reason}`);
      }
    }),
  );
}

/** Sends every sample to the host as it is, a few times a second, for outputs of raw samples. */
import { systemClock } from "../../base/clock.ts";
import { SampleLog, type SampleStore } from "../../metrics/index.ts";
import type { WorkerMessage } from "../protocol.ts";

/** How long a raw sample stays in its worker at most. */
const intervalMs = 100;

export class SampleSender {
  readonly log: SampleLog;
  readonly #store: SampleStore;
  readonly #timer: NodeJS.Timeout;

  /** From now on what is added to the store is sent. */
  constructor(store: SampleStore, post: (message: WorkerMessage) => void) {
    this.#store = store;
    this.log = new SampleLog(store, {
      wallMs: () => systemClock.wallMs(),
      onBatch: (batch) => post({ type: "samples", batch }),
    });
    this.#timer = setInterval(() => this.log.flush(), intervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#store.onSample = undefined;
  }
}

/**
 * The initialised VUs of a worker. Scenarios take them in order of id and give them back; scenarios that do not
 * overlap share them, as in k6. A VU that was abandoned is instantiated anew when it is taken again.
 */
import type { RunState } from "./state.ts";
import type { Vu } from "./vu.ts";

export class VuPool {
  readonly #create: (localIndex: number) => Vu;
  readonly #state: RunState;
  readonly #idle: Vu[] = [];
  /** Number of the VU whose init code threw. */
  failedVu: number | undefined;
  #created = 0;

  constructor(create: (localIndex: number) => Vu, state: RunState) {
    this.#create = create;
    this.#state = state;
  }

  /** Instantiates VUs up to `count`; yields to the event loop now and then, reporting progress. */
  async fill(count: number, onProgress: (initializedVus: number) => void): Promise<void> {
    const progressEvery = 250;
    while (this.#created < count) {
      this.#idle.push(await this.#add());
      if (this.#created % progressEvery === 0) {
        onProgress(this.#created);
        await new Promise((resume) => setImmediate(resume));
      }
    }
  }

  /** An idle VU, or undefined when all are taken. */
  async take(): Promise<Vu | undefined> {
    const vu = this.#idle.shift();
    if (vu?.needsInstance === true) await vu.instantiate();
    return vu;
  }

  /** A VU beyond the planned ones (k6: unplanned VUs of arrival-rate executors). */
  takeUnplanned(): Promise<Vu> {
    return this.#add();
  }

  give(vu: Vu): void {
    this.#idle.push(vu);
  }

  async #add(): Promise<Vu> {
    const vu = this.#create(this.#created);
    this.#created++;
    try {
      await vu.instantiate();
    } catch (error) {
      this.failedVu = vu.ids.inTest;
      throw error;
    }
    this.#state.initializedVus = this.#created;
    return vu;
  }
}

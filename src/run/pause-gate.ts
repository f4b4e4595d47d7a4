/** The wait of `--paused`: between initialised VUs and the start of the test, until somebody resumes or stops it. */

export class PauseGate {
  #paused: boolean;
  #passed = false;
  #givenUp = false;
  #open: (() => void) | undefined;

  constructor(paused: boolean) {
    this.#paused = paused;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** True once the test has gone through: there is nothing to pause any more. */
  get passed(): boolean {
    return this.#passed;
  }

  /** Resolves at once, or when the gate is opened; `onWait` is called before a wait. */
  async pass(onWait: () => void): Promise<void> {
    if (this.#paused && !this.#givenUp) {
      const opened = new Promise<void>((resolve) => {
        this.#open = resolve;
      });
      onWait();
      await opened;
    }
    this.#passed = true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#open?.();
  }

  /** Ends the wait of a test that is to end: it stays paused. */
  giveUp(): void {
    this.#givenUp = true;
    this.#open?.();
  }
}

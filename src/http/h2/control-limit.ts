/**
 * Bounds the frames that bring no response on: pings, settings, resets, empty data. A peer that floods with them would
 * take the generator's time; no honest one comes near the limit.
 */

const periodMs = 1_000;
const maxFramesPerPeriod = 10_000;

export class ControlLimit {
  #periodStartMs = -Infinity;
  #frames = 0;

  /** Counts one frame; true when there were too many of late. */
  isExceeded(nowMs: number): boolean {
    if (nowMs - this.#periodStartMs >= periodMs) {
      this.#periodStartMs = nowMs;
      this.#frames = 0;
    }
    return ++this.#frames > maxFramesPerPeriod;
  }
}

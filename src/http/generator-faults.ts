/** Counts what failed for want of something of this machine, by errno. */
export class GeneratorFaults {
  /** Since the start. */
  count = 0;
  #kinds = new Map<string, number>();

  add(errno: string): void {
    this.count++;
    this.#kinds.set(errno, (this.#kinds.get(errno) ?? 0) + 1);
  }

  /** How many of each there were since the last call. */
  take(): Readonly<Record<string, number>> {
    const taken = Object.fromEntries(this.#kinds);
    this.#kinds.clear();
    return taken;
  }
}

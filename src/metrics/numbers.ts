/** A list of numbers that is written once from front to back, crosses threads as one buffer, and is read the same way. */

/** A growing list of numbers. Keeps its memory between uses. */
export class NumberWriter {
  #numbers = new Float64Array(1_024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#numbers.length) this.#grow();
    this.#numbers[this.#length++] = value;
  }

  /** A copy of what was written, with a buffer of its own that may be transferred; starts afresh. */
  take(): Float64Array<ArrayBuffer> {
    const taken = this.#numbers.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #grow(): void {
    const larger = new Float64Array(this.#numbers.length * 2);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}

/** Reads numbers from front to back. */
export class NumberReader {
  /** Index of the number that comes next; set it back to read a part again. */
  position = 0;
  readonly #numbers: Float64Array;

  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  get isAtEnd(): boolean {
    return this.position >= this.#numbers.length;
  }

  next(): number {
    return this.#numbers[this.position++]!;
  }
}

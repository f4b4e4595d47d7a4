/**
 * One forward pass over a text that copies, inserts and drops. The cursor only moves forward, so edits can neither
 * overlap nor change places: what is inserted first stands first. Dropped stretches leave their line breaks behind,
 * hence the output has the lines of the input and a line number needs no mapping.
 */

/** One change: at `offset` of the input `removed` characters went and `inserted` came. */
export interface TextEdit {
  readonly offset: number;
  readonly removed: number;
  readonly inserted: string;
}

/** Marks a place whose text is known only later (the temporaries of a function body). */
export interface Slot {
  readonly index: number;
}

interface Piece {
  /** Cursor in the input when the piece was written. */
  readonly offset: number;
  /** Characters of the input it stands for. */
  readonly removed: number;
  text: string;
  readonly copied: boolean;
}

export class Editor {
  readonly #code: string;
  readonly #pieces: Piece[] = [];
  #cursor: number;

  constructor(code: string, start = 0) {
    this.#code = code;
    this.#cursor = start;
  }

  /** Where in the input the next copy begins. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Copies the input up to `offset`. */
  copyTo(offset: number): void {
    this.#advance(offset, this.#code.slice(this.#cursor, offset), true);
  }

  /** Drops the input up to `offset`, all but its line breaks. */
  skipTo(offset: number): void {
    const dropped = this.#code.slice(this.#cursor, offset);
    this.#advance(offset, dropped.replace(/[^\n\r\u2028\u2029]+/gu, ""), false);
  }

  insert(text: string): void {
    this.#pieces.push({ offset: this.#cursor, removed: 0, text, copied: false });
  }

  /** Reserves a place here for text that {@link fill} gives later. */
  slot(): Slot {
    this.insert("");
    return { index: this.#pieces.length - 1 };
  }

  fill(slot: Slot, text: string): void {
    const piece = this.#pieces[slot.index];
    if (piece !== undefined) piece.text = text;
  }

  /** The output so far. */
  text(): string {
    return this.#pieces.map((piece) => piece.text).join("");
  }

  /** The edits so far, in the order of their offsets; neighbours at one offset are one edit. */
  edits(): TextEdit[] {
    const edits: TextEdit[] = [];
    for (const piece of this.#pieces) {
      if (piece.copied || (piece.removed === 0 && piece.text === "")) continue;
      const last = edits.at(-1);
      if (last !== undefined && last.offset + last.removed === piece.offset) {
        const { offset, removed, inserted } = last;
        edits[edits.length - 1] = {
          offset,
          removed: removed + piece.removed,
          inserted: inserted + piece.text,
        };
      } else {
        edits.push({ offset: piece.offset, removed: piece.removed, inserted: piece.text });
      }
    }
    return edits;
  }

  #advance(offset: number, text: string, copied: boolean): void {
    if (offset < this.#cursor) throw new Error(`cannot go back from ${this.#cursor} to ${offset}`);
    if (offset === this.#cursor) return;
    this.#pieces.push({ offset: this.#cursor, removed: offset - this.#cursor, text, copied });
    this.#cursor = offset;
  }
}

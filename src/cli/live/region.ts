/**
 * The last lines of a terminal, drawn again and again in place while other lines come above them. The cursor stands
 * below the region, at the start of a line: what a terminal echoes there (^C), and a prompt after the process was
 * killed, tear nothing, and there is no state of the terminal to be put right at the end.
 *
 * A frame is one write: up to its first line, each line with the rest of its row cleared, and what is below it. Lines
 * that come meanwhile are kept for a moment and written with the next frame, so that a script that logs much neither
 * flickers nor makes a frame a line.
 */
import type { TextStream } from "../../base/host.ts";
import { cellWidth } from "../../report/index.ts";

/** So long lines may wait for others: longer than a frame of a busy log, shorter than anybody sees. */
const gatherMs = 50;

const escape = "\u001b[";
const clearToEndOfLine = `${escape}K`;
const clearBelow = `${escape}J`;

export class LiveRegion {
  readonly #stream: TextStream;
  #frame: readonly string[] = [];
  /** Lines that are to stand above the frame. */
  #pending = "";
  #timer: NodeJS.Timeout | undefined;
  #isAtLineStart = true;

  /** `stream` is a terminal that has a cursor. */
  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  /** Shows these lines, none wider than the terminal, in the place of those before. */
  draw(lines: readonly string[]): void {
    if (lines.length === 0) {
      this.clear();
      return;
    }
    const above = this.#takePending();
    const before = this.#rowsOf(this.#frame);
    const frame = lines.map((line) => `${line}${clearToEndOfLine}\n`).join("");
    const cleared = above === "" ? "" : `${clearBelow}${above}`;
    const end = above === "" && lines.length < before ? clearBelow : "";
    this.#stream.write(this.#start(before) + cleared + frame + end);
    this.#frame = lines;
    this.#isAtLineStart = true;
  }

  /** Text that stays: above the frame when there is one. */
  print(text: string): void {
    if (text === "") return;
    if (this.#frame.length === 0) {
      this.#stream.write(text);
      this.#isAtLineStart = text.endsWith("\n");
      return;
    }
    this.#pending += text;
    this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  /** Takes the frame away, and writes what waits. */
  clear(): void {
    const above = this.#takePending();
    if (this.#frame.length === 0) return;
    this.#stream.write(`${this.#start(this.#rowsOf(this.#frame))}${clearBelow}${above}`);
    this.#frame = [];
    this.#isAtLineStart = above === "" || above.endsWith("\n");
  }

  #flush(): void {
    // An unfinished line is finished by what comes next, not by the frame.
    if (this.#pending.endsWith("\n")) this.draw(this.#frame);
    else this.clear();
  }

  #takePending(): string {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#pending;
    this.#pending = "";
    return text;
  }

  #start(rows: number): string {
    if (rows > 0) return `\r${escape}${rows}A`;
    return this.#isAtLineStart ? "\r" : "\n";
  }

  /** Rows that lines take now: a terminal that became narrower has wrapped those that were wider. */
  #rowsOf(lines: readonly string[]): number {
    const columns = Math.max(1, this.#stream.columns);
    return lines.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(cellWidth(withoutColours(line)) / columns)),
      0,
    );
  }
}

function withoutColours(line: string): string {
  // oxlint-disable-next-line no-control-regex -- the escape codes of paint.ts
  return line.replace(/\u001b\[[\d;]*m/gu, "");
}

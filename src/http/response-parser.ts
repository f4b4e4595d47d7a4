/**
 * Reads one HTTP/1.x response from pieces of bytes cut anywhere. Synchronous, because the bytes lie in a buffer that
 * the next read overwrites. The common case, a whole head in one piece, is taken as one string; every other case
 * goes through states, one per place where a piece can end.
 * Bounds, as in Go: heads and trailers 10 MiB together, a chunk-size line 16 KiB; the kept body `maxBodyBytes`.
 */
import type { HttpFailure } from "./exchange.ts";
import { BodyBuffer } from "./body-buffer.ts";
import { failures, malformedBody, malformedHead } from "./errors.ts";
import { findStatusLineProblem, findTrailerProblem, memoTextLimit } from "./response-head.ts";
import type { HeadMemo, ResponseHead } from "./response-head.ts";

type ParserState =
  | "head"
  | "counted"
  | "until-close"
  | "chunk-size"
  | "chunk-extension"
  | "chunk-size-lf"
  | "chunk-data"
  | "chunk-cr"
  | "chunk-lf"
  | "trailer"
  | "complete"
  | "failed";

/** As Go. */
const maxHeadBytes = 10_485_760;
const maxSizeLineBytes = 16_384;
/** 13 hexadecimal digits are 52 bits: exact as a number. */
const maxSizeDigits = 13;
const maxStatusLineBytes = 4_096;
const unexpectedEofInHead = malformedHead(failures.unexpectedEof.message);
const bareLf = "chunked line ends with bare LF";
const lf = 0x0a;
const cr = 0x0d;

export class ResponseParser {
  /** The final head, once it is complete. */
  head: ResponseHead | undefined;
  state: ParserState = "complete";
  /** Why `state` is "failed". */
  failure: HttpFailure | undefined;

  readonly #memo: HeadMemo;
  readonly #maxBodyBytes: number;
  readonly #body = new BodyBuffer();
  #method = "";
  #keepsBody = true;
  #hasBody = false;
  #bodyBytes = 0;
  /** Bytes left in the counted body or the chunk. */
  #remaining = 0;
  #sizeDigits = 0;
  #sizeLineBytes = 0;
  /** A head or trailer section cut by the end of a piece. */
  readonly #block = new BodyBuffer();
  #blockBytes = 0;
  #lineIsEmpty = false;
  #isStatusLineChecked = false;
  /** Bytes of heads and trailers of this response so far. */
  #headBytes = 0;

  constructor(memo: HeadMemo, maxBodyBytes: number) {
    this.#memo = memo;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** Starts the response to a request with `method`. */
  begin(method: string, discardBody: boolean): void {
    this.head = undefined;
    this.failure = undefined;
    this.state = "head";
    this.#method = method;
    this.#keepsBody = !discardBody;
    this.#hasBody = false;
    this.#bodyBytes = 0;
    this.#headBytes = 0;
    this.#startBlock(false);
  }

  /** True while no byte of a (further) head has come. */
  get isBeforeHead(): boolean {
    return this.state === "head" && this.#blockBytes === 0;
  }

  /** Takes `piece[0…end)`; returns how many bytes belong to the response. Fewer than `end` means bytes after it. */
  feed(piece: Buffer, end: number): number {
    let at = 0;
    while (at < end && this.state !== "complete" && this.state !== "failed") {
      at = this.#step(piece, at, end);
    }
    return at;
  }

  /** The peer has finished sending: the end of an until-close body, a fault anywhere else. */
  finish(): void {
    if (this.state === "complete" || this.state === "failed") return;
    if (this.state === "until-close") this.state = "complete";
    else if (this.isBeforeHead) this.#fail(failures.eof);
    else if (this.state === "head") this.#fail(this.#cutHeadFailure());
    else this.#fail(failures.unexpectedEof);
  }

  /** The body as far as it came; undefined when the response has none, or it is discarded. */
  takeBody(): Uint8Array | undefined {
    const isKept = this.#hasBody && this.#keepsBody;
    if (isKept) return this.#body.take();
    this.#body.drop();
    return undefined;
  }

  #step(piece: Buffer, at: number, end: number): number {
    switch (this.state) {
      case "head":
        return this.#readHead(piece, at, end);
      case "counted":
      case "chunk-data":
        return this.#readCounted(piece, at, end);
      case "until-close":
        this.#keep(piece, at, end);
        return end;
      case "chunk-size":
      case "chunk-extension":
        return this.#readSizeLine(piece, at, end);
      case "chunk-size-lf":
        return this.#expect(piece[at] === lf, at, this.#stateAfterSize());
      case "chunk-cr":
        return this.#expect(piece[at] === cr, at, "chunk-lf");
      case "chunk-lf":
        this.#startSizeLine();
        return this.#expect(piece[at] === lf, at, "chunk-size");
      case "trailer":
        return this.#readTrailer(piece, at, end);
      case "complete":
      case "failed":
        return end;
    }
  }

  #readHead(piece: Buffer, at: number, end: number): number {
    if (this.#blockBytes === 0) {
      const known = this.#memo.find(piece, at, end);
      if (known !== undefined) {
        this.#acceptHead(known);
        return at + known.text.length;
      }
      const text = piece.toString("latin1", at, Math.min(end, at + memoTextLimit));
      const length = headLength(text);
      if (length > 0) {
        this.#parseHead(text.length === length ? text : piece.toString("latin1", at, at + length));
        return at + length;
      }
    }
    const next = this.#collectBlock(piece, at, end);
    if (next < 0) {
      this.#checkStatusLine();
      return end;
    }
    this.#parseHead(this.#takeBlock());
    return next;
  }

  /** An answer in another protocol (an SSH banner, say) is refused at its first line, not at the time limit. */
  #checkStatusLine(): void {
    if (this.state !== "head" || this.#isStatusLineChecked) return;
    const text = this.#block.peek(maxStatusLineBytes);
    const lineEnd = text.indexOf("\n");
    if (lineEnd === -1) return;
    this.#isStatusLineChecked = true;
    const problem = findStatusLineProblem(text.slice(0, lineEnd));
    if (problem !== undefined) this.#fail(malformedHead(problem));
  }

  /** Go reads on to the cut: what is wrong before it is named first. */
  #cutHeadFailure(): HttpFailure {
    const problem = this.#memo.parse(`${this.#takeBlock()}\n\n`);
    return typeof problem === "string" ? malformedHead(problem) : unexpectedEofInHead;
  }

  #parseHead(text: string): void {
    const head = this.#memo.parse(text);
    if (typeof head === "string") this.#fail(malformedHead(head));
    else this.#acceptHead(head);
  }

  #acceptHead(head: ResponseHead): void {
    this.#headBytes += head.text.length;
    if (this.#headBytes > maxHeadBytes) {
      this.#fail(failures.headTooLarge); // interim heads without end
      return;
    }
    this.#startBlock(false);
    if (head.status >= 100 && head.status < 200 && head.status !== 101) return; // an interim response: go on with the next head
    this.head = head;
    const isBodiless = head.status === 101 || head.status === 204 || head.status === 304;
    this.#hasBody = !isBodiless;
    if (isBodiless || this.#method === "HEAD") this.#startBody("counted", 0);
    else this.#startBody(head.framing, head.contentLength);
  }

  #startBody(framing: ResponseHead["framing"], contentLength: number): void {
    this.#body.reset(0);
    if (framing === "chunked") {
      this.state = "chunk-size";
      this.#startSizeLine();
      return;
    }
    if (this.#keepsBody && contentLength > this.#maxBodyBytes) {
      this.#fail(failures.bodyTooLarge);
      return;
    }
    this.#remaining = contentLength;
    if (this.#keepsBody) this.#body.reset(contentLength);
    this.state = framing === "counted" && contentLength === 0 ? "complete" : framing;
  }

  #readCounted(piece: Buffer, at: number, end: number): number {
    const stop = Math.min(end, at + this.#remaining);
    this.#keep(piece, at, stop);
    this.#remaining -= stop - at;
    if (this.#remaining === 0 && this.state !== "failed") {
      this.state = this.state === "counted" ? "complete" : "chunk-cr";
    }
    return stop;
  }

  #keep(piece: Buffer, start: number, end: number): void {
    this.#bodyBytes += end - start;
    if (!this.#keepsBody) return;
    if (this.#bodyBytes > this.#maxBodyBytes) {
      this.#body.drop();
      this.#hasBody = false;
      this.#fail(failures.bodyTooLarge);
      return;
    }
    this.#body.append(piece, start, end);
  }

  #startSizeLine(): void {
    this.#remaining = 0;
    this.#sizeDigits = 0;
    this.#sizeLineBytes = 0;
  }

  #readSizeLine(piece: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end) {
      const byte = piece[at++]!;
      if (++this.#sizeLineBytes > maxSizeLineBytes)
        return this.#refuseChunk(at, "header line too long");
      if (byte === cr && this.#sizeDigits > 0) {
        this.state = "chunk-size-lf";
        return at;
      }
      if (this.state === "chunk-size") {
        const problem = this.#takeSizeByte(byte);
        if (problem !== undefined) return this.#refuseChunk(at, problem);
      } else if (byte === lf) {
        return this.#refuseChunk(at, bareLf);
      }
    }
    return at;
  }

  /** Takes a hexadecimal digit, or what ends the digits (`;` or padding); returns what is wrong with it. */
  #takeSizeByte(byte: number): string | undefined {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.#remaining = this.#remaining * 16 + digit;
      return ++this.#sizeDigits <= maxSizeDigits ? undefined : "http chunk length too large";
    }
    if (byte === lf) return bareLf;
    if (byte === cr) return "empty hex number for chunk length";
    this.state = "chunk-extension";
    const endsDigits = byte === 0x3b || byte === 0x20 || byte === 0x09;
    return this.#sizeDigits > 0 && endsDigits ? undefined : "invalid byte in chunk length";
  }

  #stateAfterSize(): ParserState {
    if (this.#remaining > 0) return "chunk-data";
    this.#startBlock(true);
    return "trailer";
  }

  #expect(isExpected: boolean, at: number, next: ParserState): number {
    if (!isExpected) return this.#refuseChunk(at + 1, "malformed chunked encoding");
    this.state = next;
    return at + 1;
  }

  #refuseChunk(at: number, problem: string): number {
    this.#fail(malformedBody(problem));
    return at;
  }

  #readTrailer(piece: Buffer, at: number, end: number): number {
    const next = this.#collectBlock(piece, at, end);
    if (next < 0) return end;
    const problem = findTrailerProblem(this.#takeBlock());
    if (problem === undefined) this.state = "complete";
    else this.#fail(malformedBody(problem));
    return next;
  }

  #takeBlock(): string {
    return this.#block.take().toString("latin1");
  }

  #startBlock(lineIsEmpty: boolean): void {
    this.#block.drop();
    this.#blockBytes = 0;
    this.#lineIsEmpty = lineIsEmpty;
    this.#isStatusLineChecked = false;
  }

  /**
   * Copies bytes up to and with the blank line that ends a head or trailer section; returns the position after it,
   * or -1 when it has not come yet or the section is too large.
   */
  #collectBlock(piece: Buffer, start: number, end: number): number {
    const stop = this.#findBlankLine(piece, start, end);
    const copyEnd = stop < 0 ? end : stop;
    this.#blockBytes += copyEnd - start;
    if (this.#headBytes + this.#blockBytes > maxHeadBytes) {
      this.#fail(failures.headTooLarge);
      return -1;
    }
    this.#block.append(piece, start, copyEnd);
    return stop;
  }

  #findBlankLine(piece: Buffer, start: number, end: number): number {
    let lineIsEmpty = this.#lineIsEmpty;
    for (let at = start; at < end; at++) {
      const byte = piece[at];
      if (byte === lf) {
        if (lineIsEmpty) return at + 1;
        lineIsEmpty = true;
      } else if (byte !== cr) {
        lineIsEmpty = false;
      }
    }
    this.#lineIsEmpty = lineIsEmpty;
    return -1;
  }

  #fail(failure: HttpFailure): void {
    this.state = "failed";
    this.failure = failure;
  }
}

/** Length of the head at the start of `text` with its blank line; 0 when it is not complete. */
function headLength(text: string): number {
  const afterCrLf = text.indexOf("\n\r\n");
  const afterLf = text.indexOf("\n\n");
  if (afterLf !== -1 && (afterCrLf === -1 || afterLf < afterCrLf)) return afterLf + 2;
  return afterCrLf === -1 ? 0 : afterCrLf + 3;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

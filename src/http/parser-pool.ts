/**
 * The parsers of a worker. A response that comes in one piece, as most do, needs its parser for that moment only: one
 * parser serves thousands of connections and stays in the processor's caches.
 */
import type { HttpRequest } from "./exchange.ts";
import type { HeadMemo } from "./response-head.ts";
import { ResponseParser } from "./response-parser.ts";

/** Kept for further responses; more exist while more responses are half read. */
const maxSpare = 64;

export class ParserPool {
  readonly #heads: HeadMemo;
  readonly #maxBodyBytes: number;
  readonly #spare: ResponseParser[] = [];

  constructor(heads: HeadMemo, maxBodyBytes: number) {
    this.#heads = heads;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** A parser at the start of the response to `request`. */
  take({ method, discardBody }: HttpRequest): ResponseParser {
    const parser = this.#spare.pop() ?? new ResponseParser(this.#heads, this.#maxBodyBytes);
    parser.begin(method, discardBody === true);
    return parser;
  }

  /** Takes a parser back, whose response is over. */
  give(parser: ResponseParser): void {
    if (this.#spare.length < maxSpare) this.#spare.push(parser);
  }
}

/**
 * InfluxDB's line protocol, read strictly by its published grammar and by code that shares nothing with what writes it.
 * Points are kept as InfluxDB keeps them: of those with one series and one time the last remains.
 */

export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string | number | bigint | boolean>>;
  readonly time: bigint;
}

/** @throws Error at the first thing that is not line protocol */
export function parseLines(text: string): Point[] {
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line has no end");
  return text.split("\n").slice(0, -1).map(parseLine);
}

/** The identity of a point: what makes a later one overwrite it. */
export function pointKey({ measurement, tags, time }: Point): string {
  const pairs = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([measurement, pairs, time.toString()]);
}

function parseLine(line: string): Point {
  const reader = new Reader(line);
  const measurement = reader.key(", ");
  const tags: Record<string, string> = {};
  while (reader.takes(",")) {
    const key = reader.key("=");
    reader.expect("=");
    if (key in tags) throw reader.error(`tag ${key} twice`);
    tags[key] = reader.key(", ");
  }
  reader.expect(" ");
  const fields: Record<string, string | number | bigint | boolean> = {};
  do {
    const key = reader.key("=");
    reader.expect("=");
    if (key in fields) throw reader.error(`field ${key} twice`);
    fields[key] = reader.fieldValue();
  } while (reader.takes(","));
  reader.expect(" ");
  return { measurement, tags, fields, time: reader.time() };
}

class Reader {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  /** Unescaped text up to one of `ends`, or to the end of the line; it must not be empty. */
  key(ends: string): string {
    let text = "";
    for (let character = this.#peek(); !ends.includes(character); character = this.#peek()) {
      if (" ,=".includes(character)) throw this.error(`a bare "${character}"`);
      const next = this.#line[this.#at + 1] ?? "";
      if (character === "\\" && next !== "" && " ,=".includes(next)) this.#at++;
      text += this.#line[this.#at++];
    }
    if (text === "") throw this.error("an empty key or value");
    if (/\p{Cc}/u.test(text)) throw this.error("a control character");
    return text;
  }

  fieldValue(): string | number | bigint | boolean {
    if (this.#peek() === '"') return this.#text();
    const shape = /^(?:(true|false)|(-?\d+)i|(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?))(?=[ ,])/u;
    const [all = "", truth, integer, float] = shape.exec(this.#line.slice(this.#at)) ?? [];
    if (all === "") throw this.error("no value of a field");
    this.#at += all.length;
    if (truth !== undefined) return truth === "true";
    return integer === undefined ? Number(float) : BigInt(integer);
  }

  time(): bigint {
    const rest = this.#line.slice(this.#at);
    if (!/^\d+$/u.test(rest)) throw this.error("no time");
    return BigInt(rest);
  }

  takes(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  expect(character: string): void {
    if (!this.takes(character)) throw this.error(`no "${character}"`);
  }

  error(what: string): Error {
    return new Error(`${what} at ${this.#at} of ${JSON.stringify(this.#line)}`);
  }

  #text(): string {
    let text = "";
    for (this.#at++; this.#peek() !== '"'; this.#at++) {
      if (this.#peek() === "") throw this.error("a text without end");
      if (this.#peek() === "\\") this.#at++;
      text += this.#peek();
    }
    this.#at++;
    return text;
  }

  #peek(): string {
    return this.#line[this.#at] ?? "";
  }
}

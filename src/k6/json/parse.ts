/**
 * JSON.parse with k6's error: line, character, and the words of Go's decoder.
 * V8's messages do not always tell the position, so a text that fails is read once more by a small scanner (RFC 8259).
 */
import { GoError } from "../errors.ts";

/** Parses JSON. @throws GoError in k6's words */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GoError(describeFault(text));
  }
}

function describeFault(text: string): string {
  const { offset, message } = findJsonFault(text) ?? {
    offset: text.length,
    message: "invalid JSON",
  };
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  const character = offset - before.lastIndexOf("\n");
  return `cannot parse json due to an error at line ${line}, character ${character} , error: ${message}`;
}

/** The first fault of a JSON text: its offset, and Go's words for it; undefined when there is none. */
export function findJsonFault(text: string): { offset: number; message: string } | undefined {
  const scanner = new JsonScanner(text);
  try {
    scanner.document();
    return undefined;
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error; // nested too deeply for the stack
  }
}

class JsonFault {
  readonly offset: number;
  readonly message: string;

  constructor(offset: number, message: string) {
    this.offset = offset;
    this.message = message;
  }
}

class JsonScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail("after top-level value");
  }

  #value(): void {
    this.#space();
    switch (this.#text[this.#at] ?? "") {
      case "{":
        return this.#object();
      case "[":
        return this.#array();
      case '"':
        return this.#string();
      case "t":
        return this.#literal("true");
      case "f":
        return this.#literal("false");
      case "n":
        return this.#literal("null");
      default:
        return this.#number();
    }
  }

  #object(): void {
    this.#at++;
    if (this.#skip("}")) return;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#fail("looking for beginning of object key string");
      this.#string();
      if (!this.#skip(":")) this.#fail("after object key");
      this.#value();
    } while (this.#skip(","));
    if (!this.#skip("}")) this.#fail("after object key:value pair");
  }

  #array(): void {
    this.#at++;
    if (this.#skip("]")) return;
    do this.#value();
    while (this.#skip(","));
    if (!this.#skip("]")) this.#fail("after array element");
  }

  #string(): void {
    for (;;) {
      this.#at++;
      const mark = this.#text[this.#at];
      if (mark === '"') break;
      if (mark === undefined || mark < " ") this.#fail("in string literal");
      if (mark === "\\") this.#escape();
    }
    this.#at++;
  }

  #escape(): void {
    this.#at++;
    const mark = this.#text[this.#at];
    if (mark === undefined || !'"\\/bfnrtu'.includes(mark)) this.#fail("in string escape code");
    if (mark !== "u") return;
    for (let i = 0; i < 4; i++) {
      this.#at++;
      if (!/[0-9a-f]/iu.test(this.#text[this.#at] ?? ""))
        this.#fail("in \\u hexadecimal character escape");
    }
  }

  #literal(word: string): void {
    for (const letter of word) {
      if (this.#text[this.#at] !== letter) this.#fail(`in literal ${word} (expecting '${letter}')`);
      this.#at++;
    }
  }

  #number(): void {
    const isNegative = this.#text[this.#at] === "-";
    if (isNegative) this.#at++;
    if (this.#text[this.#at] === "0") this.#at++;
    else this.#digits(isNegative ? "in numeric literal" : "looking for beginning of value");
    if (this.#text[this.#at] === ".") {
      this.#at++;
      this.#digits("after decimal point in numeric literal");
    }
    if (!/[eE]/u.test(this.#text[this.#at] ?? "")) return;
    this.#at++;
    if (/[+-]/u.test(this.#text[this.#at] ?? "")) this.#at++;
    this.#digits("in exponent of numeric literal");
  }

  #digits(context: string): void {
    if (!this.#isDigit()) this.#fail(context);
    while (this.#isDigit()) this.#at++;
  }

  #isDigit(): boolean {
    const mark = this.#text[this.#at];
    return mark !== undefined && mark >= "0" && mark <= "9";
  }

  #space(): void {
    while (" \t\r\n".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  /** Steps over `mark` after white space; false when something else stands there. */
  #skip(mark: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #fail(context: string): never {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw new JsonFault(this.#at, "unexpected end of JSON input");
    const quoted = JSON.stringify(String.fromCodePoint(code))
      .slice(1, -1)
      .replace('\\"', '"')
      .replace("'", "\\'");
    throw new JsonFault(this.#at, `invalid character '${quoted}' ${context}`);
  }
}

/**
 * CSS selectors, exactly those that k6's library reads (Go's cascadia): CSS 3 with :contains, :has, :matches and the
 * like, `[a!=b]` and `[a#=regexp]`. From text to a test of elements; a selector that is not one gives undefined,
 * because to k6 that is a selector that matches nothing.
 */
import { ancestorsOf, type HtmlElement, siblingsOf } from "./tree.ts";
import {
  attributeTest,
  type ElementTest,
  functionTests,
  nthTest,
  simpleTests,
} from "./selector-tests.ts";
import { isElement, parentElementOf } from "./tree.ts";

class SelectorError extends Error {}

/** Compiles a group of selectors ("a, b > c"). */
export function parseSelector(text: string): ElementTest | undefined {
  const scanner = new Scanner(text);
  try {
    const test = scanner.group();
    return scanner.atEnd ? test : undefined;
  } catch (error) {
    if (error instanceof SelectorError || error instanceof SyntaxError) return undefined;
    throw error; // a SyntaxError is a regular expression that is none
  }
}

const combinators: Readonly<
  Record<string, (left: ElementTest, right: ElementTest) => ElementTest>
> = {
  " ": (left, right) => (element) => right(element) && ancestorsOf(element).some(left),
  ">": (left, right) => (element) => {
    if (!right(element)) return false;
    const parent = parentElementOf(element);
    return parent !== undefined && left(parent);
  },
  "+": (left, right) => (element) => {
    const previous = right(element) ? elementsBefore(element)[0] : undefined;
    return previous !== undefined && left(previous);
  },
  "~": (left, right) => (element) => right(element) && elementsBefore(element).some(left),
};

function elementsBefore(element: HtmlElement): HtmlElement[] {
  return siblingsOf(element, "before").filter(isElement);
}

/** Reads a selector from left to right. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  group(): ElementTest {
    const tests = [this.#selector()];
    while (this.#take(",")) tests.push(this.#selector());
    return tests.length === 1 ? tests[0]! : (element) => tests.some((test) => test(element));
  }

  #selector(): ElementTest {
    this.#space();
    let test = this.#sequence();
    for (;;) {
      const spaced = this.#space();
      const sign = this.#peek();
      if (sign === undefined || sign === "," || sign === ")") return test;
      let combinator = spaced ? " " : "";
      if (sign === ">" || sign === "+" || sign === "~") {
        combinator = sign;
        this.#at++;
        this.#space();
      }
      if (combinator === "") throw new SelectorError("a combinator is missing");
      test = combinators[combinator]!(test, this.#sequence());
    }
  }

  /** A type or `*`, and what narrows it. */
  #sequence(): ElementTest {
    const tests: ElementTest[] = [];
    const first = this.#peek();
    if (first === undefined) throw new SelectorError("a selector is missing");
    if (first === "*") {
      this.#at++;
      tests.push(() => true);
    } else if (!"#.[:".includes(first)) {
      const tag = this.#identifier().toLowerCase();
      tests.push((element) => element.tagName === tag);
    }
    for (;;) {
      const test = this.#narrowing();
      if (test === undefined) break;
      tests.push(test);
    }
    if (tests.length === 1) return tests[0]!;
    return (element) => tests.every((test) => test(element));
  }

  #narrowing(): ElementTest | undefined {
    if (this.#take("#")) return attributeTest({ name: "id", operator: "=", value: this.#name() });
    if (this.#take("."))
      return attributeTest({ name: "class", operator: "~=", value: this.#identifier() });
    if (this.#take("[")) return this.#attribute();
    return this.#take(":") ? this.#pseudo() : undefined;
  }

  #attribute(): ElementTest {
    this.#space();
    const name = this.#identifier().toLowerCase();
    this.#space();
    if (this.#take("]")) return attributeTest({ name, operator: "", value: "" });
    const operator = this.#match(/(?:[!~|^$*#]?=)/uy);
    if (operator === undefined) throw new SelectorError("an operator is missing");
    this.#space();
    if (operator === "#=") {
      const pattern = this.#untilClosing("[", "]");
      return attributeTest({ name, operator, value: pattern });
    }
    const value = this.#textOrIdentifier();
    this.#space();
    const ignoreCase = this.#match(/[iI]/uy) !== undefined;
    this.#space();
    this.#expect("]");
    return attributeTest({ name, operator, value, ignoreCase });
  }

  #pseudo(): ElementTest {
    const name = this.#identifier().toLowerCase();
    const simple = simpleTests[name];
    if (simple !== undefined) return simple;
    const nth = nthTest(name);
    if (nth === undefined && functionTests[name] === undefined)
      throw new SelectorError(`unknown pseudo-class :${name}`);
    this.#expect("(");
    if (name === "matches" || name === "matchesown")
      return functionTests[name]!({ pattern: this.#untilClosing("(", ")") });
    this.#space();
    let test: ElementTest;
    if (nth !== undefined) test = nth(this.#formula());
    else if (name === "not" || name === "has" || name === "haschild")
      test = functionTests[name]!({ inner: this.group() });
    else test = functionTests[name]!({ text: this.#textOrIdentifier() });
    this.#space();
    this.#expect(")");
    return test;
  }

  /** `2n+1`, `odd`, `-n + 3`, `4`: n times `step` plus `offset`. */
  #formula(): { step: number; offset: number } {
    const keyword = this.#match(/(?:odd|even)(?![\w-])/iuy)?.toLowerCase();
    if (keyword !== undefined) return { step: 2, offset: keyword === "odd" ? 1 : 0 };
    const text = this.#match(/[+-]?\d*n(?:\s*[+-]\s*\d+)?|[+-]?\d+/iuy);
    if (text === undefined) throw new SelectorError("a formula is missing");
    const parts = /^([+-]?\d*)n(.*)$/iu.exec(text.replace(/\s+/gu, ""));
    if (parts === null) return { step: 0, offset: Number(text) };
    const [, step = "", offset = ""] = parts;
    const isSign = step === "" || step === "+" || step === "-";
    return { step: Number(isSign ? `${step}1` : step), offset: Number(offset) };
  }

  #textOrIdentifier(): string {
    const quote = this.#peek();
    if (quote !== '"' && quote !== "'") return this.#identifier();
    const text = this.#match(quote === '"' ? /"(?:[^"\\\n]|\\[^])*"/uy : /'(?:[^'\\\n]|\\[^])*'/uy);
    if (text === undefined) throw new SelectorError("a text does not end");
    return unescape(text.slice(1, -1));
  }

  #identifier(): string {
    const text = this.#match(
      /-*(?:[a-z_\u0080-\u{10ffff}]|\\(?:[0-9a-f]{1,6}[ \t\r\n\f]?|[^\n]))(?:[a-z0-9_\-\u0080-\u{10ffff}]|\\(?:[0-9a-f]{1,6}[ \t\r\n\f]?|[^\n]))*/iuy,
    );
    if (text === undefined) throw new SelectorError("an identifier is missing");
    return unescape(text);
  }

  #name(): string {
    const text = this.#match(
      /(?:[a-z0-9_\-\u0080-\u{10ffff}]|\\(?:[0-9a-f]{1,6}[ \t\r\n\f]?|[^\n]))+/iuy,
    );
    if (text === undefined) throw new SelectorError("a name is missing");
    return unescape(text);
  }

  /** The raw text up to the bracket that closes the one before it. */
  #untilClosing(open: string, close: string): string {
    const start = this.#at;
    for (let depth = 1; !this.atEnd; this.#at++) {
      const sign = this.#text[this.#at];
      if (sign === "\\") this.#at++;
      else if (sign === open) depth++;
      else if (sign === close && --depth === 0) return this.#text.slice(start, this.#at++);
    }
    throw new SelectorError(`${close} is missing`);
  }

  /** Passes blanks and comments; true when there were some. */
  #space(): boolean {
    return this.#match(/(?:[ \t\r\n\f]|\/\*[^]*?\*\/)+/uy) !== undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw new SelectorError(`${sign} is missing`);
  }
}

function unescape(text: string): string {
  return text.replace(
    /\\(?:([0-9a-f]{1,6})[ \t\r\n\f]?|([^]))/giu,
    (_, hex?: string, sign?: string) =>
      hex === undefined
        ? sign === "\n"
          ? ""
          : sign!
        : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}

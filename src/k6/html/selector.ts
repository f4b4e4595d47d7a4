/** Selectors by their text, compiled once: scripts use few, and use them again and again. */
import { BoundedCache } from "../bounded-cache.ts";
import { parseSelector } from "./selector-parser.ts";
import type { ElementTest } from "./selector-tests.ts";
import { descendantsOf, type HtmlElement, type HtmlNode, isElement } from "./tree.ts";

const compiled = new BoundedCache<string, ElementTest>(256);
const matchesNothing: ElementTest = () => false;

/** The test that a selector is. What is no selector matches nothing, as in k6. */
export function compileSelector(selector: string): ElementTest {
  let test = compiled.get(selector);
  if (test === undefined) {
    test = parseSelector(selector) ?? matchesNothing;
    compiled.set(selector, test);
  }
  return test;
}

export function matchesSelector(node: HtmlNode, selector: string): boolean {
  return isElement(node) && compileSelector(selector)(node);
}

/** All elements below `root` that match, in document order. */
export function selectAll(root: HtmlNode, selector: string): HtmlElement[] {
  const test = compileSelector(selector);
  const found: HtmlElement[] = [];
  for (const element of descendantsOf(root)) if (test(element)) found.push(element);
  return found;
}

/** The first of them. */
export function selectFirst(root: HtmlNode, selector: string): HtmlElement | undefined {
  const test = compileSelector(selector);
  for (const element of descendantsOf(root)) if (test(element)) return element;
  return undefined;
}

/**
 * A parsed document as plain nodes, and what is read from it everywhere. parse5 builds the tree by the HTML standard,
 * as Go's parser does; the contents of a <template> are its children, as in Go's.
 * parse5 is read from disk when the first document is parsed: `res.html()` needs it in scripts that never import
 * k6/html, synchronously, and most scripts never need it. Its CommonJS build makes that possible without a warning.
 */
import { createRequire } from "node:module";
import type * as Parse5 from "parse5";
import type { DefaultTreeAdapterMap, DefaultTreeAdapterTypes, ParserOptions } from "parse5";

export type HtmlDocument = DefaultTreeAdapterTypes.Document;
export type HtmlElement = DefaultTreeAdapterTypes.Element;
export type HtmlNode = DefaultTreeAdapterTypes.Node;
type ChildNode = DefaultTreeAdapterTypes.ChildNode;
type ParentNode = DefaultTreeAdapterTypes.ParentNode;

type Parser = typeof Parse5;
const require = createRequire(import.meta.url);
let options: ParserOptions<DefaultTreeAdapterMap> | undefined;
let parser: Parser | undefined;

/** Parses a document; never fails, as no HTML is wrong. */
export function parseDocument(text: string): HtmlDocument {
  parser ??= require("parse5") as Parser;
  options ??= {
    treeAdapter: {
      ...parser.defaultTreeAdapter,
      setTemplateContent: () => undefined,
      getTemplateContent: (template) =>
        template as unknown as DefaultTreeAdapterTypes.DocumentFragment,
    },
  };
  return parser.parse(text, options);
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return "tagName" in node;
}

/** The attribute's value; undefined when the element has none of that name. */
export function attributeOf(node: HtmlNode, name: string): string | undefined {
  if (!isElement(node)) return undefined;
  for (const attribute of node.attrs) if (attribute.name === name) return attribute.value;
  return undefined;
}

const noNodes: readonly ChildNode[] = [];

export function childrenOf(node: HtmlNode): readonly ChildNode[] {
  return "childNodes" in node ? node.childNodes : noNodes;
}

export function parentOf(node: HtmlNode): ParentNode | undefined {
  return ("parentNode" in node ? node.parentNode : undefined) ?? undefined;
}

export function parentElementOf(node: HtmlNode): HtmlElement | undefined {
  const parent = parentOf(node);
  return parent !== undefined && isElement(parent) ? parent : undefined;
}

export function childElementsOf(node: HtmlNode): HtmlElement[] {
  return childrenOf(node).filter(isElement);
}

/** The siblings after (or before, nearest first) a node. */
export function siblingsOf(node: HtmlNode, direction: "after" | "before"): HtmlNode[] {
  const parent = parentOf(node);
  if (parent === undefined) return [];
  const index = parent.childNodes.indexOf(node as ChildNode);
  return direction === "after"
    ? parent.childNodes.slice(index + 1)
    : parent.childNodes.slice(0, index).reverse();
}

/** The parent elements, nearest first. */
export function ancestorsOf(node: HtmlNode): HtmlElement[] {
  const found: HtmlElement[] = [];
  for (let at = parentElementOf(node); at !== undefined; at = parentElementOf(at)) found.push(at);
  return found;
}

/** All elements below a node, in document order. */
export function* descendantsOf(node: HtmlNode): Generator<HtmlElement> {
  for (const child of childrenOf(node)) {
    if (isElement(child)) yield child;
    yield* descendantsOf(child);
  }
}

/** The root of the tree that a node stands in. */
export function rootOf(node: HtmlNode): HtmlNode {
  let at = node;
  for (let up = parentOf(at); up !== undefined; up = parentOf(at)) at = up;
  return at;
}

/** True when `node` stands below `outer`. */
export function isWithin(node: HtmlNode, outer: HtmlNode): boolean {
  for (let at = parentOf(node); at !== undefined; at = parentOf(at)) if (at === outer) return true;
  return false;
}

/** The text of a node and all below it. */
export function textWithin(node: HtmlNode): string {
  if (node.nodeName === "#text") return (node as DefaultTreeAdapterTypes.TextNode).value;
  let text = "";
  for (const child of childrenOf(node)) text += textWithin(child);
  return text;
}

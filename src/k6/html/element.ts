/**
 * A node as scripts see it. All its members are methods, as in k6: `el.href()`. What every node has is here; what a tag
 * adds is in elements.ts, which also makes the class of each tag.
 */
import { HostObject, listMembers } from "../host-object.ts";
import { textOf } from "../text.ts";
import { renderInner } from "./render.ts";
import { matchesSelector, selectAll, selectFirst } from "./selector.ts";
import {
  attributeOf,
  childElementsOf,
  childrenOf,
  type HtmlElement,
  type HtmlNode,
  isElement,
  isWithin,
  parentElementOf,
  parentOf,
  rootOf,
  siblingsOf,
  textWithin,
} from "./tree.ts";

const htmlNamespace = "http://www.w3.org/1999/xhtml";

/** What the nodes of one document share. */
export interface ElementHome {
  /** Of the response; empty for parseHTML. */
  readonly url: string;
  readonly element: (node: HtmlNode) => Element;
  readonly selection: (node: HtmlNode) => unknown;
}

/** A node of a document. */
export class Element extends HostObject {
  readonly #node: HtmlNode;
  readonly #home: ElementHome;

  constructor(node: HtmlNode, home: ElementHome) {
    super();
    this.#node = node;
    this.#home = home;
  }

  /** The node and document behind an element; undefined for other values. */
  static open(value: unknown): { node: HtmlNode; home: ElementHome } | undefined {
    if (typeof value !== "object" || value === null || !(#node in value)) return undefined;
    return { node: value.#node, home: value.#home };
  }

  #wrap(node: HtmlNode | undefined): Element | undefined {
    return node === undefined ? undefined : this.#home.element(node);
  }

  #wrapAll(nodes: readonly HtmlNode[]): Element[] {
    return nodes.map((node) => this.#home.element(node));
  }

  #attributes(): HtmlElement["attrs"] {
    return isElement(this.#node) ? this.#node.attrs : [];
  }

  getAttribute(name: unknown): string | undefined {
    return attributeOf(this.#node, textOf(name));
  }

  getAttributeNode(name: unknown): Attribute | undefined {
    const value = attributeOf(this.#node, textOf(name));
    return value === undefined ? undefined : new Attribute(this, textOf(name), value);
  }

  hasAttribute(name: unknown): boolean {
    return attributeOf(this.#node, textOf(name)) !== undefined;
  }

  hasAttributes(): boolean {
    return this.#attributes().length > 0;
  }

  attributes(): Record<string, Attribute> {
    return Object.fromEntries(
      this.#attributes().map(({ name, value }) => [name, new Attribute(this, name, value)]),
    );
  }

  override toString(): string {
    return `[object ${isElement(this.#node) ? "html.Node" : this.nodeName()}]`;
  }

  hasChildNodes(): boolean {
    return childrenOf(this.#node).length > 0;
  }

  textContent(): string {
    return textWithin(this.#node);
  }

  id(): string {
    return attributeOf(this.#node, "id") ?? "";
  }

  /** k6 compares what is inside, and neither names nor attributes. */
  isEqualNode(other: unknown): boolean {
    const opened = Element.open(other);
    return opened !== undefined && renderInner(opened.node) === renderInner(this.#node);
  }

  isSameNode(other: unknown): boolean {
    return Element.open(other)?.node === this.#node;
  }

  selection(): unknown {
    return this.#home.selection(this.#node);
  }

  getElementsByClassName(name: unknown): Element[] {
    return this.#wrapAll(selectAll(this.#node, `.${textOf(name)}`));
  }

  getElementsByTagName(name: unknown): Element[] {
    return this.#wrapAll(selectAll(this.#node, textOf(name)));
  }

  querySelector(selector: unknown): Element | undefined {
    return this.#wrap(selectFirst(this.#node, textOf(selector)));
  }

  querySelectorAll(selector: unknown): Element[] {
    return this.#wrapAll(selectAll(this.#node, textOf(selector)));
  }

  nodeName(): string {
    const node = this.#node;
    return "name" in node ? (node.name as string) : node.nodeName;
  }

  firstChild(): Element | undefined {
    return this.#wrap(childrenOf(this.#node)[0]);
  }

  lastChild(): Element | undefined {
    return this.#wrap(childrenOf(this.#node).at(-1));
  }

  firstElementChild(): Element | undefined {
    return this.#wrap(childElementsOf(this.#node)[0]);
  }

  lastElementChild(): Element | undefined {
    return this.#wrap(childElementsOf(this.#node).at(-1));
  }

  previousSibling(): Element | undefined {
    return this.#wrap(siblingsOf(this.#node, "before")[0]);
  }

  nextSibling(): Element | undefined {
    return this.#wrap(siblingsOf(this.#node, "after")[0]);
  }

  previousElementSibling(): Element | undefined {
    return this.#wrap(siblingsOf(this.#node, "before").find(isElement));
  }

  nextElementSibling(): Element | undefined {
    return this.#wrap(siblingsOf(this.#node, "after").find(isElement));
  }

  parentNode(): Element | undefined {
    return this.#wrap(parentOf(this.#node));
  }

  parentElement(): Element | undefined {
    return this.#wrap(parentElementOf(this.#node));
  }

  childNodes(): Element[] {
    return this.#wrapAll(childrenOf(this.#node));
  }

  children(): Element[] {
    return this.#wrapAll(childElementsOf(this.#node));
  }

  childElementCount(): number {
    return childElementsOf(this.#node).length;
  }

  classList(): string[] {
    return wordsOf(attributeOf(this.#node, "class"));
  }

  className(): string | undefined {
    return attributeOf(this.#node, "class");
  }

  lang(): string | undefined {
    return attributeOf(this.#node, "lang");
  }

  ownerDocument(): Element {
    return this.#home.element(rootOf(this.#node));
  }

  namespaceURI(): string {
    return isElement(this.#node) ? this.#node.namespaceURI : htmlNamespace;
  }

  isDefaultNamespace(): boolean {
    return this.namespaceURI() === htmlNamespace;
  }

  innerHTML(): string {
    return renderInner(this.#node);
  }

  nodeType(): number {
    return isElement(this.#node) ? 1 : (nodeTypes[this.#node.nodeName] ?? 1);
  }

  nodeValue(): string | undefined {
    const { nodeName } = this.#node;
    if (nodeName === "#comment") return ""; // k6's quirk
    return nodeName === "#text" ? textWithin(this.#node) : undefined;
  }

  contains(other: unknown): boolean {
    const opened = Element.open(other);
    return opened !== undefined && isWithin(opened.node, this.#node);
  }

  matches(selector: unknown): boolean {
    return matchesSelector(this.#node, textOf(selector));
  }
}

const nodeTypes: Readonly<Record<string, number>> = {
  "#text": 3,
  "#comment": 8,
  "#document": 9,
  "#documentType": 10,
};

/** The words of an attribute such as class or rel. */
export function wordsOf(text: string | undefined): string[] {
  return text?.split(/\s+/u).filter((word) => word !== "") ?? [];
}

/** An attribute as `attributes()` gives it: three fields, three methods. */
class Attribute extends HostObject {
  owner_element: Element;
  name: string;
  value: string;

  constructor(owner: Element, name: string, value: string) {
    super();
    this.owner_element = owner;
    this.name = name;
    this.value = value;
  }

  localName(): string {
    return this.name;
  }

  namespaceURI(): string {
    return htmlNamespace; // of any element: k6's quirk
  }

  prefix(): string {
    return "";
  }
}

listMembers(Element.prototype);
listMembers(Attribute.prototype);

/** The classes of elements: one a tag, made from the table of kinds the first time one is met. */
import { listMembers } from "../host-object.ts";
import { Element, type ElementHome } from "./element.ts";
import { kinds, type Members } from "./element-kinds.ts";
import { type Member, Nodes } from "./tag-members.ts";
import { type HtmlElement, type HtmlNode, isElement } from "./tree.ts";

type ElementClass = new (node: HtmlNode, home: ElementHome) => Element;

const classes = new Map<string, ElementClass>();

/** Prototype → Go type. */
const typeNames = new WeakMap<object, string>();

/** The element for a node, of the class of its tag. */
export function createElement(node: HtmlNode, home: ElementHome): Element {
  return new (classFor(isElement(node) ? node.tagName : ""))(node, home);
}

/** The Go type of an element's class, for error texts. */
export function elementTypeName(element: Element): string {
  return typeNames.get(Object.getPrototypeOf(element) as object) ?? "html.Element";
}

function classFor(tagName: string): ElementClass {
  const kind = Object.hasOwn(kinds, tagName) ? kinds[tagName] : undefined;
  const key = kind === undefined ? "" : tagName;
  let made = classes.get(key);
  if (made === undefined) {
    made =
      kind === undefined ? makeClass("", {}, {}) : makeClass(kind.type, kind.members, kind.parts);
    classes.set(key, made);
  }
  return made;
}

/** A subclass with these members beside those of every element, listed by for…in in k6's order. */
function makeClass(
  type: string,
  members: Members,
  parts: Readonly<Record<string, Members>> | undefined,
): ElementClass {
  const made = class extends Element {};
  const { prototype } = made;
  typeNames.set(prototype, `html.${type}Element`);
  listMembers(prototype);
  if (type !== "") {
    for (const [name, lesser] of Object.entries({ ...parts, element: {} })) {
      const lesserClass = makeClass("", lesser, undefined);
      Object.defineProperty(prototype, name, {
        get(this: Element) {
          const { node, home } = Element.open(this)!;
          return new lesserClass(node, home);
        },
        enumerable: true,
      });
    }
  }
  const inherited = Object.getOwnPropertyNames(Element.prototype).filter(
    (name) => name !== "constructor",
  );
  for (const name of [...new Set([...inherited, ...Object.keys(members)])].sort()) {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    const value = member === undefined ? Reflect.get(Element.prototype, name) : toMethod(member);
    Object.defineProperty(prototype, name, { value, enumerable: true });
  }
  return made;
}

function toMethod(member: Member): (this: unknown) => unknown {
  return function (this: unknown): unknown {
    const opened = Element.open(this);
    if (opened === undefined) throw new TypeError("the method of an element was called without it");
    const value = member(opened.node as HtmlElement, opened.home);
    if (!(value instanceof Nodes)) return value;
    const wrapped = value.nodes.map((node) => opened.home.element(node));
    return value.isList ? wrapped : wrapped[0];
  };
}

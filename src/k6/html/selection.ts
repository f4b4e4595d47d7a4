/**
 * A set of nodes with jQuery's methods, as k6 has them (its library is Go's goquery): what a method gives is a new
 * selection without duplicates, in the order met. Arguments that k6 refuses are its GoErrors; a selector that is none
 * matches nothing.
 */
import { LakhError } from "../../base/errors.ts";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { goTypeOf } from "../go-types.ts";
import { HostObject, listMembers } from "../host-object.ts";
import { textOf } from "../text.ts";
import { runCallbackLoop } from "./callback-loop.ts";
import { Element, type ElementHome, wordsOf } from "./element.ts";
import { createElement, elementTypeName } from "./elements.ts";
import { renderInner } from "./render.ts";
import { matchesSelector, selectAll } from "./selector.ts";
import {
  ancestorsOf,
  attributeOf,
  childElementsOf,
  childrenOf,
  type HtmlNode,
  isElement,
  isWithin,
  parentElementOf,
  parseDocument,
  siblingsOf,
  textWithin,
} from "./tree.ts";
import {
  allDataOf,
  dataOf,
  type FieldValue,
  formObject,
  formText,
  type FormValue,
  formValues,
  valueOf,
} from "./values.ts";

type Test = (node: HtmlNode) => boolean;
type ScriptFunction = (...args: unknown[]) => unknown;

/** The selection of a whole document; its URLs are resolved against `url` unless that is empty. */
export function parseHtml(vu: VuContext, text: string, url = ""): Selection {
  const home: ElementHome = {
    url,
    element: (node) => createElement(node, home),
    selection: (node) => new Selection({ vu, home, nodes: [node], previous: undefined }),
  };
  return new Selection({ vu, home, nodes: [parseDocument(text)], previous: undefined });
}

interface SelectionParts {
  readonly vu: VuContext;
  readonly home: ElementHome;
  readonly nodes: readonly HtmlNode[];
  /** What `end()` gives. */
  readonly previous: Selection | undefined;
}

export class Selection extends HostObject {
  /** Of the response that was parsed. */
  url: string;
  readonly #parts: SelectionParts;

  constructor(parts: SelectionParts) {
    super();
    this.url = parts.home.url;
    this.#parts = parts;
  }

  get #nodes(): readonly HtmlNode[] {
    return this.#parts.nodes;
  }

  /** A selection made from this one, each node once. */
  #with(nodes: Iterable<HtmlNode>): Selection {
    return new Selection({ ...this.#parts, nodes: [...new Set(nodes)], previous: this });
  }

  /** The nodes that `step` gives for each node, narrowed by the optional selector a script gave. */
  #walk(step: (node: HtmlNode) => readonly HtmlNode[], filter: readonly unknown[]): Selection {
    const found = this.#nodes.flatMap(step);
    if (filter.length === 0) return this.#with(found);
    const selector = textOf(filter[0]);
    return this.#with(found.filter((node) => matchesSelector(node, selector)));
  }

  /** The nodes of an argument that may be a selector, a selection or an element. */
  #nodesOf(value: unknown): readonly HtmlNode[] | string {
    if (typeof value === "string") return value;
    if (isSelection(value)) return value.#nodes;
    const opened = Element.open(value);
    if (opened !== undefined && elementTypeName(value as Element) === "html.Element")
      return [opened.node];
    throw refuseSelector(value);
  }

  add(what: unknown): Selection {
    const given = this.#nodesOf(what);
    const more = typeof given === "string" ? selectAll(rootNode(this.#parts), given) : given;
    return this.#with([...this.#nodes, ...more]);
  }

  attr(name: unknown, ...fallback: unknown[]): unknown {
    const [first] = this.#nodes;
    const given = first === undefined ? undefined : attributeOf(first, textOf(name));
    return given ?? fallback[0];
  }

  children(...filter: unknown[]): Selection {
    return this.#walk(childElementsOf, filter);
  }

  closest(what: unknown): Selection {
    const matches = toTest(this.#nodesOf(what));
    return this.#with(
      this.#nodes.flatMap((node): HtmlNode[] => {
        const found = [node, ...ancestorsOf(node)].find(matches);
        return found === undefined ? [] : [found];
      }),
    );
  }

  contents(): Selection {
    return this.#walk(childrenOf, []);
  }

  data(...key: unknown[]): unknown {
    const [first] = this.#nodes;
    if (first === undefined) return undefined;
    return key.length === 0 ? allDataOf(first) : dataOf(first, textOf(key[0]));
  }

  each(callback: unknown): unknown {
    const call = requireFunction(callback, "each");
    return runCallbackLoop<unknown>(this.#parts.vu, {
      count: this.#nodes.length,
      call: (index) => call(index, this.#parts.home.element(this.#nodes[index]!)),
      onError: (error) => {
        letPass(error);
        throw new GoError(`the function passed to each() failed: ${textOf(error)}`);
      },
      result: () => this,
    });
  }

  end(): Selection {
    return this.#parts.previous ?? new Selection({ ...this.#parts, nodes: [] });
  }

  eq(index: unknown): Selection {
    const node = this.#at(index);
    return this.#with(node === undefined ? [] : [node]);
  }

  #at(index: unknown): HtmlNode | undefined {
    return this.#nodes.at(toInteger(index));
  }

  filter(what: unknown): unknown {
    return this.#narrow(what, "filter", (nodes) => this.#with(nodes));
  }

  find(what: unknown): Selection {
    const given = this.#nodesOf(what);
    if (typeof given === "string")
      return this.#with(this.#nodes.flatMap((node) => selectAll(node, given)));
    return this.#with(given.filter((node) => this.#nodes.some((outer) => isWithin(node, outer))));
  }

  first(): Selection {
    return this.eq(0);
  }

  /** One element, or without an index all of them. */
  get(...index: unknown[]): Element | Element[] | undefined {
    if (index.length === 0) return this.#nodes.map((node) => this.#parts.home.element(node));
    const node = this.#at(index[0]);
    return node === undefined ? undefined : this.#parts.home.element(node);
  }

  has(what: unknown): Selection {
    const given = this.#nodesOf(what);
    return this.#with(
      this.#nodes.filter((node) =>
        typeof given === "string"
          ? selectAll(node, given).length > 0
          : given.some((inner) => isWithin(inner, node)),
      ),
    );
  }

  html(): string {
    const [first] = this.#nodes;
    return first === undefined ? "" : renderInner(first);
  }

  index(...what: unknown[]): number {
    const [first] = this.#nodes;
    if (first === undefined) return -1;
    if (what.length === 0) return siblingsOf(first, "before").filter(isElement).length;
    if (isSelection(what[0])) {
      const [wanted] = what[0].#nodes;
      return wanted === undefined ? -1 : this.#nodes.indexOf(wanted);
    }
    const opened = Element.open(what[0]);
    if (opened !== undefined && elementTypeName(what[0] as Element) === "html.Element")
      return this.#nodes.indexOf(opened.node);
    if (typeof what[0] !== "string") return -1;
    return (selectAll(rootNode(this.#parts), what[0]) as HtmlNode[]).indexOf(first);
  }

  is(what: unknown): unknown {
    return this.#narrow(what, "is", (nodes) => nodes.length > 0);
  }

  last(): Selection {
    return this.eq(-1);
  }

  /** As in k6, what a call throws is dropped together with its item. */
  map(callback: unknown): unknown {
    const call = requireFunction(callback, "map");
    const results: unknown[] = [];
    return runCallbackLoop<unknown>(this.#parts.vu, {
      count: this.#nodes.length,
      call: (index) => call(index, this.#single(index)),
      onResult: (_index, value) => void results.push(value),
      onError: letPass,
      result: () => results,
    });
  }

  #single(index: number): Selection {
    return new Selection(this.#partsOf(index));
  }

  #partsOf(index: number): SelectionParts {
    return { ...this.#parts, nodes: [this.#nodes[index]!], previous: this };
  }

  next(...filter: unknown[]): Selection {
    return this.#walk((node) => siblingsOf(node, "after").filter(isElement).slice(0, 1), filter);
  }

  nextAll(...filter: unknown[]): Selection {
    return this.#walk((node) => siblingsOf(node, "after").filter(isElement), filter);
  }

  nextUntil(until?: unknown, ...filter: unknown[]): Selection {
    return this.#until((node) => siblingsOf(node, "after").filter(isElement), until, filter);
  }

  not(what: unknown): unknown {
    if (typeof what === "function") {
      return this.#callFilter(what as ScriptFunction, (kept) =>
        this.#with(this.#nodes.filter((node) => !kept.includes(node))),
      );
    }
    const matches = toTest(this.#nodesOf(what));
    return this.#with(this.#nodes.filter((node) => !matches(node)));
  }

  parent(...filter: unknown[]): Selection {
    return this.#walk((node) => {
      const parent = parentElementOf(node);
      return parent === undefined ? [] : [parent];
    }, filter);
  }

  parents(...filter: unknown[]): Selection {
    return this.#walk(ancestorsOf, filter);
  }

  parentsUntil(until?: unknown, ...filter: unknown[]): Selection {
    return this.#until(ancestorsOf, until, filter);
  }

  prev(...filter: unknown[]): Selection {
    return this.#walk((node) => siblingsOf(node, "before").filter(isElement).slice(0, 1), filter);
  }

  prevAll(...filter: unknown[]): Selection {
    return this.#walk((node) => siblingsOf(node, "before").filter(isElement), filter);
  }

  prevUntil(until?: unknown, ...filter: unknown[]): Selection {
    return this.#until((node) => siblingsOf(node, "before").filter(isElement), until, filter);
  }

  serialize(): string {
    return formText(this.#nodes);
  }

  serializeArray(): FormValue[] {
    return formValues(this.#nodes);
  }

  serializeObject(): Record<string, FieldValue> {
    return formObject(this.#nodes);
  }

  siblings(...filter: unknown[]): Selection {
    return this.#walk(
      (node) =>
        [...siblingsOf(node, "before").reverse(), ...siblingsOf(node, "after")].filter(isElement),
      filter,
    );
  }

  /** The first element that a selector finds. */
  single(selector: unknown): Selection {
    return this.#with(this.#nodes.flatMap((node) => selectAll(node, textOf(selector))).slice(0, 1));
  }

  size(): number {
    return this.#nodes.length;
  }

  slice(start?: unknown, end?: unknown): Selection {
    const last = end === undefined ? this.#nodes.length : toInteger(end);
    return this.#with(this.#nodes.slice(toInteger(start), last));
  }

  text(): string {
    return this.#nodes.map(textWithin).join("");
  }

  /** Selections of one, not elements. */
  toArray(): Selection[] {
    return this.#nodes.map((_, index) => this.#single(index));
  }

  val(): FieldValue | undefined {
    const [first] = this.#nodes;
    return first === undefined ? undefined : valueOf(first);
  }

  /** `step` gives a node's relatives, nearest first; those before the first that `until` names stay. */
  #until(
    step: (node: HtmlNode) => readonly HtmlNode[],
    until: unknown,
    filter: readonly unknown[],
  ): Selection {
    const stops =
      until === undefined || until === null ? () => false : toTest(this.#untilNodes(until));
    return this.#walk((node) => {
      const relatives = step(node);
      const end = relatives.findIndex(stops);
      return end < 0 ? relatives : relatives.slice(0, end);
    }, filter);
  }

  #untilNodes(until: unknown): readonly HtmlNode[] | string {
    if (typeof until === "string") return until;
    if (isSelection(until)) return until.#nodes;
    throw refuseSelector(until);
  }

  /** `filter` and `is`: by a function, a selector or a selection. */
  #narrow<R>(what: unknown, method: "filter" | "is", finish: (kept: readonly HtmlNode[]) => R): R {
    if (typeof what === "function") return this.#callFilter(what as ScriptFunction, finish);
    if (typeof what !== "string" && !isSelection(what)) {
      throw new GoError(
        `the argument to ${method}() must be a function, a selector or a selection`,
      );
    }
    return finish(this.#nodes.filter(toTest(typeof what === "string" ? what : what.#nodes)));
  }

  #callFilter<R>(call: ScriptFunction, finish: (kept: readonly HtmlNode[]) => R): R {
    const kept: HtmlNode[] = [];
    return runCallbackLoop(this.#parts.vu, {
      count: this.#nodes.length,
      call: (index) => call(index, new BareSelection(this.#partsOf(index))),
      onResult: (index, value) => {
        if (value) kept.push(this.#nodes[index]!);
      },
      onError: (error) => {
        throw error;
      },
      result: () => finish(kept),
    });
  }
}

listMembers(Selection.prototype);

/**
 * What filter(), is() and not() hand to a function: k6 lets its library's own selection through there, whose attr()
 * tells value and presence.
 */
class BareSelection extends Selection {
  override attr(name: unknown): [value: string, isThere: boolean] {
    const value = super.attr(name) as string | undefined;
    return [value ?? "", value !== undefined];
  }

  attrOr(name: unknown, fallback: unknown): string {
    return textOf(super.attr(name, fallback));
  }

  hasClass(name: unknown): boolean {
    return wordsOf(super.attr("class") as string | undefined).includes(textOf(name));
  }

  length(): number {
    return this.size();
  }
}

listMembers(BareSelection.prototype);

/** Throws what is not the script's own error. */
function letPass(error: unknown): void {
  if (error instanceof LakhError) throw error;
}

function isSelection(value: unknown): value is Selection {
  return value instanceof Selection;
}

function rootNode({ nodes }: SelectionParts): HtmlNode {
  const [first] = nodes;
  let at = first;
  for (
    let up = at;
    up !== undefined;
    up = "parentNode" in up ? (up.parentNode ?? undefined) : undefined
  )
    at = up;
  // Nothing is below an empty selection's root.
  return at ?? ({ nodeName: "#document", childNodes: [] } as unknown as HtmlNode);
}

function toTest(given: readonly HtmlNode[] | string): Test {
  if (typeof given === "string") return (node) => matchesSelector(node, given);
  return (node) => given.includes(node);
}

function requireFunction(value: unknown, method: string): ScriptFunction {
  if (typeof value === "function") return value as ScriptFunction;
  throw new GoError(`the argument to ${method}() must be a function`);
}

function refuseSelector(value: unknown): GoError {
  const type = value instanceof Element ? elementTypeName(value) : goTypeOf(value);
  return new GoError(`invalid argument, cannot use a '${type}' as a selector`);
}

function toInteger(value: unknown): number {
  const number = Math.trunc(Number(value));
  return Number.isFinite(number) ? number : 0;
}

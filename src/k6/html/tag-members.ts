/** How the members of tags are read: attributes as texts, flags, numbers, URLs and closed sets of words. */
import {
  attributeOf,
  ancestorsOf,
  type HtmlElement,
  type HtmlNode,
  rootOf,
  textWithin,
} from "./tree.ts";
import type { ElementHome } from "./element.ts";
import { selectAll, selectFirst } from "./selector.ts";
import { parseUrl, resolveUrl, type UrlParts } from "./urls.ts";

/** A member of a tag: from the node to what the script gets. Nodes in it become elements. */
export type Member = (node: HtmlElement, home: ElementHome) => unknown;

/** Marks nodes that a member gives, to be wrapped. */
export class Nodes {
  readonly nodes: readonly HtmlNode[];
  readonly isList: boolean;

  private constructor(nodes: readonly HtmlNode[], isList: boolean) {
    this.nodes = nodes;
    this.isList = isList;
  }

  static one(node: HtmlNode | undefined): Nodes | undefined {
    return node === undefined ? undefined : new Nodes([node], false);
  }

  static list(nodes: readonly HtmlNode[]): Nodes {
    return new Nodes(nodes, true);
  }
}

export const text =
  (name: string, absent: string = ""): Member =>
  (node) =>
    attributeOf(node, name) ?? absent;

export const flag =
  (name: string): Member =>
  (node) =>
    attributeOf(node, name) !== undefined;

/** Go's Atoi: digits with a sign, else `absent`. */
export const integer =
  (name: string, absent: number = 0, least: number = Number.NEGATIVE_INFINITY): Member =>
  (node) => {
    const given = attributeOf(node, name) ?? "";
    const value = /^[+-]?\d+$/u.test(given) ? Number(given) : absent;
    return value < least ? absent : value;
  };

/** A word of a set, in exactly this writing; the first when it is none of them. */
export const oneOf =
  (name: string, absent: string | undefined, others: string): Member =>
  (node) => {
    const given = attributeOf(node, name);
    return given !== undefined && others.split(" ").includes(given) ? given : absent;
  };

/** A URL, resolved when the document has one itself. */
export const url =
  (name: string): Member =>
  (node, home) => {
    const given = attributeOf(node, name);
    return given === undefined ? "" : toUrl(given, home);
  };

function toUrl(given: string, home: ElementHome): string {
  return home.url === "" ? given : (resolveUrl(home.url, given) ?? "");
}

/** A part of the URL that an anchor leads to. */
export const part =
  (read: (parts: UrlParts) => string): Member =>
  (node, home) => {
    const parts = parseUrl(toUrl(attributeOf(node, "href") ?? "", home));
    const isSet = attributeOf(node, "href") !== undefined && parts !== undefined;
    return read(isSet ? parts : noUrl);
  };

const noUrl: UrlParts = {
  scheme: "",
  userInfo: undefined,
  host: undefined,
  path: "",
  query: undefined,
  fragment: undefined,
};

export const content: Member = (node) => textWithin(node);

/** The nearest element of this name above a node. */
export function ownerOf(node: HtmlElement, tagName: string): HtmlElement | undefined {
  return ancestorsOf(node).find((outer) => outer.tagName === tagName);
}

/** The form that a field belongs to: the one it names, or the one around it. */
export function formOf(node: HtmlElement): HtmlElement | undefined {
  const id = attributeOf(node, "form");
  if (id === undefined || id === "") return ownerOf(node, "form");
  return [...elementsWith(node, "id", id)].find(({ tagName }) => tagName === "form");
}

/** Elements of the node's document whose attribute has this value. */
export function elementsWith(node: HtmlNode, name: string, value: string): HtmlElement[] {
  return selectAll(rootOf(node), `[${name}]`).filter((other) => attributeOf(other, name) === value);
}

export const form: Member = (node) => Nodes.one(formOf(node));

export const labels: Member = (node) => {
  const id = attributeOf(node, "id");
  const around = ownerOf(node, "label");
  const named = id === undefined ? [] : elementsWith(node, "for", id);
  const all = selectAll(rootOf(node), "label").filter(
    (label) => label === around || named.includes(label),
  );
  return Nodes.list(all);
};

export const below =
  (selector: string): Member =>
  (node) =>
    Nodes.list(selectAll(node, selector));

export const firstBelow =
  (selector: string): Member =>
  (node) =>
    Nodes.one(selectFirst(node, selector));

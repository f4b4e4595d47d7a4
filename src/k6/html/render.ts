/** HTML as Go's html.Render writes it: five characters escaped, void elements closed by "/>". */
import type { DefaultTreeAdapterTypes } from "parse5";
import { childrenOf, type HtmlElement, type HtmlNode, isElement } from "./tree.ts";

const voidElements = new Set(
  "area base br col embed hr img input keygen link meta param source track wbr".split(" "),
);
const rawTextElements = new Set(
  "iframe noembed noframes noscript plaintext script style xmp".split(" "),
);

/** What stands inside a node. */
export function renderInner(node: HtmlNode): string {
  const isRaw = isElement(node) && rawTextElements.has(node.tagName);
  let text = "";
  for (const child of childrenOf(node)) {
    text += isRaw && child.nodeName === "#text" ? valueOf(child) : renderNode(child);
  }
  return text;
}

function renderNode(node: HtmlNode): string {
  if (isElement(node)) return renderElement(node);
  if (node.nodeName === "#text") return escapeText(valueOf(node));
  if (node.nodeName === "#comment") {
    return `<!--${(node as DefaultTreeAdapterTypes.CommentNode).data}-->`;
  }
  if (node.nodeName === "#documentType")
    return renderDoctype(node as DefaultTreeAdapterTypes.DocumentType);
  return renderInner(node);
}

function renderElement(element: HtmlElement): string {
  const { tagName } = element;
  let open = `<${tagName}`;
  for (const { name, prefix, value } of element.attrs) {
    open += ` ${prefix ? `${prefix}:` : ""}${name}="${escapeText(value)}"`;
  }
  if (voidElements.has(tagName)) return `${open}/>`;
  return `${open}>${leadingNewline(element)}${renderInner(element)}</${tagName}>`;
}

/** A parser drops the first newline of these, so one more is written before it. */
function leadingNewline({ tagName, childNodes: [first] }: HtmlElement): string {
  if (tagName !== "pre" && tagName !== "listing" && tagName !== "textarea") return "";
  return first?.nodeName === "#text" && valueOf(first).startsWith("\n") ? "\n" : "";
}

function renderDoctype({ name, publicId, systemId }: DefaultTreeAdapterTypes.DocumentType): string {
  if (publicId) return `<!DOCTYPE ${name} PUBLIC "${publicId}"${systemId ? ` "${systemId}"` : ""}>`;
  return `<!DOCTYPE ${name}${systemId ? ` SYSTEM "${systemId}"` : ""}>`;
}

function valueOf(node: HtmlNode): string {
  return (node as DefaultTreeAdapterTypes.TextNode).value;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "'": "&#39;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "\r": "&#13;",
};

function escapeText(text: string): string {
  return /[&'<>"\r]/u.test(text) ? text.replace(/[&'<>"\r]/gu, (mark) => escapes[mark]!) : text;
}

/** What forms and `data-` attributes hold: Selection.val(), data() and serialize*(), with k6's quirks. */
import { escapeFormText } from "../form-text.ts";
import { renderInner } from "./render.ts";
import { selectAll, selectFirst } from "./selector.ts";
import { attributeOf, type HtmlElement, type HtmlNode, isElement } from "./tree.ts";

export type FieldValue = string | string[];

/** A field's name and value. */
export interface FormValue {
  readonly name: string;
  readonly value: FieldValue;
}

/** jQuery's val(): undefined for what is no field. Texts are the HTML inside, entities and all (k6's quirk). */
export function valueOf(node: HtmlNode): FieldValue | undefined {
  if (!isElement(node)) return undefined;
  const given = attributeOf(node, "value");
  switch (node.tagName) {
    case "input": {
      const type = attributeOf(node, "type");
      return given ?? (type === "radio" || type === "checkbox" ? "on" : "");
    }
    case "button":
      return given ?? "";
    case "option":
      return given ?? renderInner(node);
    case "textarea":
      return renderInner(node);
    case "select":
      return selectValue(node);
    default:
      return undefined;
  }
}

function selectValue(select: HtmlElement): FieldValue {
  const valueOfOption = (option: HtmlElement): string =>
    attributeOf(option, "value") ?? renderInner(option);
  if (attributeOf(select, "multiple") !== undefined)
    return selectAll(select, "option[selected]").map(valueOfOption);
  const chosen = selectFirst(select, "option[selected]");
  return chosen === undefined ? "" : valueOfOption(chosen);
}

const unsent: ReadonlySet<string> = new Set(["submit", "button", "reset", "image", "file"]);

/** The fields that a form (or a field itself) sends. A box counts as ticked by the literal checked="checked" only. */
export function formValues(nodes: readonly HtmlNode[]): FormValue[] {
  const fields = nodes.flatMap((node): HtmlElement[] => {
    if (!isElement(node)) return [];
    return node.tagName === "form" ? selectAll(node, "input,select,textarea,keygen") : [node];
  });
  return fields.flatMap((field) => {
    const name = attributeOf(field, "name");
    const value = name !== undefined && name !== "" && isSent(field) ? valueOf(field) : undefined;
    return value === undefined ? [] : [{ name: name!, value }];
  });
}

function isSent(field: HtmlElement): boolean {
  if (!["input", "select", "textarea", "keygen"].includes(field.tagName)) return false;
  if (attributeOf(field, "disabled") === "disabled") return false;
  const type = attributeOf(field, "type") ?? "";
  if (unsent.has(type)) return false;
  const isBox = type === "checkbox" || type === "radio";
  return !isBox || attributeOf(field, "checked") === "checked";
}

/** Names to values; the last field of a name wins. */
export function formObject(nodes: readonly HtmlNode[]): Record<string, FieldValue> {
  return Object.fromEntries(formValues(nodes).map(({ name, value }) => [name, value]));
}

/** The same, form-urlencoded, sorted by name. */
export function formText(nodes: readonly HtmlNode[]): string {
  const pairs: string[] = [];
  const fields = Object.entries(formObject(nodes)).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of fields) {
    for (const item of Array.isArray(value) ? value : [value])
      pairs.push(`${escapeFormText(name)}=${escapeFormText(item)}`);
  }
  return pairs.join("&");
}

/** `data("userId")` reads data-user-id. */
export function dataOf(node: HtmlNode, key: string): unknown {
  const name = key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  const given = attributeOf(node, `data-${name}`);
  return given === undefined ? undefined : dataValue(given);
}

/** All `data-` attributes, in camel case. */
export function allDataOf(node: HtmlNode): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const { name, value } of isElement(node) ? node.attrs : []) {
    if (!name.startsWith("data-") || name.length === 5) continue;
    const key = name.slice(5).replace(/-+(.)/gu, (_, letter: string) => letter.toUpperCase());
    all[key] = dataValue(value);
  }
  return all;
}

function dataValue(text: string): unknown {
  if (text === "" || text === "null" || text === "undefined") return undefined;
  if (text === "true" || text === "false") return text === "true";
  if (text.startsWith("{") || text.startsWith("[")) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text; // it only looked like JSON
    }
  }
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/u.test(text) || text === "NaN") {
    const number = Number(text);
    // As jQuery: only what reads the same again is a number ("1.50" and very long ones stay texts).
    if (String(number) === text || text === "-0") return number;
  }
  return text;
}

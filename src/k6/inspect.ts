/**
 * How k6's console writes a value: reference k6-behaviour 2.4, and the binary. A string is bare at the top and in plain
 * quotes, unescaped, inside; inside, `undefined` reads `null`; a symbol is its description; there is no `%s`.
 */
import { HostError } from "./host-error.ts";
import { textOf } from "./text.ts";

/** A host object's method of this name gives what the console shows of it. (A script's own `toJSON` is not asked.) */
export const shownAs: unique symbol = Symbol("shown as");

/** Key of an object's own text for the console: what k6 shows of a Go value is not what JavaScript would make of it. */
export const consoleText: unique symbol = Symbol("console text");

/** The text of one console argument. */
export function inspect(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "undefined";
  if (typeof value === "symbol") return value.description ?? "";
  if (value instanceof HostError) return value.error();
  return inspectNested(value, []);
}

function inspectNested(value: unknown, parents: readonly object[]): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "function") return "[object Function]";
  if (typeof value === "string") return `"${value}"`;
  if (typeof value === "symbol") return `"${value.description ?? ""}"`;
  if (typeof value !== "object") return textOf(value);
  if (parents.includes(value)) return "[Circular]";
  return inspectObject(value, [...parents, value]);
}

function inspectObject(value: object, parents: readonly object[]): string {
  if (consoleText in value) return textOf(value[consoleText]);
  if (value instanceof Error) return String(value);
  if (value instanceof ArrayBuffer) return inspectBuffer(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const items = Array.from(value as Uint8Array);
    return `${viewName(value)}(${items.length}) ${inspectItems(items, parents)}`;
  }
  if (Array.isArray(value)) return inspectItems(value, parents);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? "{}" : `"${value.toISOString()}"`;
  if (shownAs in value) return inspectNested((value[shownAs] as () => unknown)(), parents);
  const fields = Object.entries(value).map(
    ([key, item]) => `${key}: ${inspectNested(item, parents)}`,
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** Go has one type for both arrays of unsigned bytes. */
function viewName(view: ArrayBufferView): string {
  return view instanceof Uint8ClampedArray ? "Uint8Array" : view.constructor.name;
}

function inspectItems(items: readonly unknown[], parents: readonly object[]): string {
  if (items.length === 0) return "[]";
  return `[ ${Array.from(items, (item) => inspectNested(item, parents)).join(", ")} ]`;
}

function inspectBuffer(buffer: ArrayBuffer): string {
  const bytes = Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0"));
  return `ArrayBuffer { [Uint8Contents]: <${bytes.join(" ")}>, byteLength: ${buffer.byteLength} }`;
}

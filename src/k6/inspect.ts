/**
 * How k6's console writes a value: reference k6-behaviour 2.4. A string is bare at the top and quoted inside;
 * inside, `undefined` reads `null`; there is no `%s`. Values with a toJSON (dates, responses) are written as what it gives.
 */
import { textOf } from "./text.ts";

/** Key of an object's own text for the console: what k6 shows of a Go value is not what JavaScript would make of it. */
export const consoleText: unique symbol = Symbol("console text");

/** The text of one console argument. */
export function inspect(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "undefined";
  if (typeof value === "symbol") return value.description ?? "";
  return inspectNested(value, []);
}

function inspectNested(value: unknown, parents: readonly object[]): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "function") return "[object Function]";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "symbol") return JSON.stringify(value.description ?? "");
  if (typeof value !== "object") return textOf(value);
  if (parents.includes(value)) return "[Circular]";
  return inspectObject(value, [...parents, value]);
}

function inspectObject(value: object, parents: readonly object[]): string {
  if (consoleText in value) return textOf(value[consoleText]);
  if (value instanceof Error) return String(value);
  if (value instanceof ArrayBuffer) return inspectBuffer(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return `${value.constructor.name}(${(value as Uint8Array).length}) ${inspectItems([...(value as Uint8Array)], parents)}`;
  }
  if (Array.isArray(value)) return inspectItems(value, parents);
  // Of a plain object of the script k6 shows the function itself.
  const hasOwn = Object.hasOwn(value, "toJSON");
  if (!hasOwn && "toJSON" in value && typeof value.toJSON === "function") {
    return inspectNested((value.toJSON as () => unknown)(), parents);
  }
  const fields = Object.entries(value).map(
    ([key, item]) => `${key}: ${inspectNested(item, parents)}`,
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

function inspectItems(items: readonly unknown[], parents: readonly object[]): string {
  if (items.length === 0) return "[]";
  return `[ ${Array.from(items, (item) => inspectNested(item, parents)).join(", ")} ]`;
}

function inspectBuffer(buffer: ArrayBuffer): string {
  const bytes = Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0"));
  return `ArrayBuffer { [Uint8Contents]: <${bytes.join(" ")}>, byteLength: ${buffer.byteLength} }`;
}

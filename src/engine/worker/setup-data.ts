/**
 * What setup() returned, as the JSON text that the VUs and teardown() read (k6: 2.7). k6 takes the value into Go and writes
 * it from there, so this is not JSON.stringify: undefined becomes null, a Date loses trailing zeros, maps and sets become
 * arrays, bytes base64, toJSON is not asked, and what Go cannot write is an error in Go's words.
 */
import { LakhError } from "../../base/errors.ts";
import type { EngineErrorCode } from "../errors.ts";

/**
 * The JSON text; undefined when setup() returned nothing.
 * @throws LakhError SETUP_DATA
 */
export function toSetupJson(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return JSON.stringify(plain(value, []));
}

/** A copy of null, booleans, finite numbers, texts, arrays and objects without prototype. */
function plain(value: unknown, within: readonly object[]): unknown {
  switch (typeof value) {
    case "undefined":
      return null;
    case "function":
      return refuse("unsupported type: func(sobek.FunctionCall) sobek.Value");
    case "number":
      return plainNumber(value);
    case "bigint":
      return Number(value);
    case "symbol":
      return value.description ?? "";
    case "object":
      return value === null ? null : plainObject(value, within);
    case "string":
    case "boolean":
      return value;
  }
}

function plainNumber(value: number): number {
  if (Number.isFinite(value)) return value;
  const text = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return refuse(`unsupported value: ${text}`);
}

function plainObject(value: object, within: readonly object[]): unknown {
  if (within.includes(value))
    return refuse("unsupported value: encountered a cycle via map[string]interface {}");
  const inner = [...within, value];
  if (value instanceof Date) return plainDate(value);
  if (value instanceof Number || value instanceof Boolean) return value.valueOf();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number>, (item) => plain(item, inner));
  const items = itemsOf(value);
  if (items !== undefined) return Array.from(items, (item) => plain(item, inner));
  const copy = Object.create(null) as Record<string, unknown>;
  if (isOpaque(value)) return copy;
  for (const [key, item] of Object.entries(value)) copy[key] = plain(item, inner);
  return copy;
}

function itemsOf(value: object): Iterable<unknown> | undefined {
  return Array.isArray(value) || value instanceof Set || value instanceof Map ? value : undefined;
}

/** Objects of which k6 hands nothing on. */
function isOpaque(value: object): boolean {
  return value instanceof Error || value instanceof String || value instanceof RegExp;
}

/** Go's time: a fraction without trailing zeros. */
function plainDate(value: Date): string | null {
  if (Number.isNaN(value.getTime())) return null;
  return value.toISOString().replace(/\.?0*Z$/u, "Z");
}

function refuse(reason: string): never {
  throw new LakhError(
    "SETUP_DATA" satisfies EngineErrorCode,
    `error marshaling setup() data to JSON: json: ${reason}`,
    { hint: "return plain objects, arrays, strings and numbers from setup()" },
  );
}

/** The modifiers of a selector: `@name`, or `@name:argument`, turn the value so far into another. */
import { closingBracket } from "./steps.ts";

type Modifier = (value: unknown, argument: unknown) => unknown;

const modifiers: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ["this", (value) => value],
  ["valid", (value) => value],
  ["reverse", reverse],
  ["keys", (value) => (isObject(value) ? Object.keys(value) : [])],
  ["values", (value) => (isObject(value) ? Object.values(value) : [])],
  ["flatten", flatten],
  ["join", join],
  ["tostr", (value) => JSON.stringify(value)],
  ["fromstr", fromText],
]);

/** The value after the modifier at the start of `path`, and the path behind it; undefined when there is none. */
export function applyModifier(
  value: unknown,
  path: string,
): { value: unknown; rest: string } | undefined {
  if (!path.startsWith("@")) return undefined;
  const name = /^@(\w+)/u.exec(path)?.[1] ?? "";
  const modifier = modifiers.get(name);
  if (modifier === undefined) return undefined;
  const after = path.slice(name.length + 1);
  const argument = after.startsWith(":") ? after.slice(1, endOfArgument(after)) : "";
  const rest = after.slice(after.startsWith(":") ? endOfArgument(after) : 0);
  return {
    value: modifier(value, fromText(argument)),
    rest: /^[.|]/u.test(rest) ? rest.slice(1) : rest,
  };
}

function endOfArgument(text: string): number {
  if (text[1] === "{" || text[1] === "[") {
    const close = closingBracket(text, 1);
    return close < 0 ? text.length : close + 1;
  }
  const end = text.search(/[.|]/u);
  return end < 0 ? text.length : end;
}

function reverse(value: unknown): unknown {
  if (Array.isArray(value)) return [...(value as unknown[])].reverse();
  return isObject(value) ? Object.fromEntries(Object.entries(value).reverse()) : value;
}

function flatten(value: unknown, argument: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const isDeep = isObject(argument) && (argument as { deep?: unknown }).deep === true;
  return (value as unknown[]).flat(isDeep ? Number.POSITIVE_INFINITY : 1);
}

function join(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return Object.assign({}, ...(value as unknown[]).filter(isObject)) as unknown;
}

function fromText(text: unknown): unknown {
  try {
    return JSON.parse(String(text)) as unknown;
  } catch {
    return undefined; // no JSON: there is nothing to go on with
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

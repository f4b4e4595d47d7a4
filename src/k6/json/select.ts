/**
 * `res.json(selector)`: the path syntax that the field calls "gjson", over the parsed value.
 * Steps are joined by "." or "|" (after "#", a dot goes into each element, a pipe takes the whole), "\" escapes;
 * keys may hold * and ?; "#" is the length or each element; "#(cond)" the first match, "#(cond)#" all;
 * "@name" a modifier; ".." in front reads the text as JSON lines. What is not there is undefined, never an error.
 */
import { applyModifier } from "./modifiers.ts";
import { parseQuery } from "./query.ts";
import { matchesPattern, type Step, takeStep } from "./steps.ts";

/** What `path` finds in the JSON `text`; undefined when nothing, or when the text is no JSON. */
export function selectJson(text: string, path: string): unknown {
  const isLines = path.startsWith("..");
  const value = isLines ? parseLines(text) : tryParse(text);
  return value === undefined ? undefined : selectIn(value, isLines ? path.slice(2) : path);
}

/** What `path` finds in a parsed value. */
function selectIn(value: unknown, path: string): unknown {
  if (path === "") return value;
  const modified = applyModifier(value, path);
  if (modified !== undefined)
    return modified.value === undefined ? undefined : selectIn(modified.value, modified.rest);
  const step = takeStep(path);
  return Array.isArray(value) ? selectInArray(value, step) : selectInObject(value, step);
}

function selectInObject(value: unknown, step: Step): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const key = step.isPattern
    ? Object.keys(value).find((candidate) => matchesPattern(candidate, step.text))
    : step.key;
  if (key === undefined || !Object.hasOwn(value, key)) return undefined;
  return selectIn((value as Record<string, unknown>)[key], step.rest);
}

function selectInArray(items: readonly unknown[], step: Step): unknown {
  if (step.text === "#") {
    return step.separator === "."
      ? selectInEach(items, step.rest)
      : selectIn(items.length, step.rest);
  }
  if (step.text.startsWith("#")) return selectMatches(items, step);
  if (!/^\d+$/u.test(step.key)) return undefined;
  const item = items[Number(step.key)];
  return item === undefined ? undefined : selectIn(item, step.rest);
}

function selectMatches(items: readonly unknown[], step: Step): unknown {
  const query = parseQuery(step.text);
  if (query === undefined) return undefined;
  const isMatch = (item: unknown): boolean => query.matches(selectIn(item, query.path));
  if (!query.takesAll) {
    const item = items.find(isMatch);
    return item === undefined ? undefined : selectIn(item, step.rest);
  }
  const matches = items.filter(isMatch);
  return step.separator === "." ? selectInEach(matches, step.rest) : selectIn(matches, step.rest);
}

/** The path up to a pipe goes into each element; what is not there leaves no hole. The rest takes the whole. */
function selectInEach(items: readonly unknown[], path: string): unknown {
  let inner = "";
  let rest = path;
  for (;;) {
    const step = takeStep(rest);
    inner += step.raw;
    rest = step.rest;
    if (step.separator !== ".") break;
    inner += ".";
  }
  const found = items.map((item) => selectIn(item, inner)).filter((item) => item !== undefined);
  return selectIn(found, rest);
}

function parseLines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(tryParse)
    .filter((value) => value !== undefined);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // k6: a selector on what is no JSON finds nothing
  }
}

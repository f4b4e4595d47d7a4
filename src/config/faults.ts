/**
 * What is wrong with a config file, a line a fault: the field's path, what is expected, and the value. Values of
 * environment variables and headers are secrets and are never shown.
 */
import type * as z from "zod";
import { nearest } from "../base/nearest.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One line a fault; `schema` tells which fields an object has. */
export function describeFaults(
  issues: readonly Issue[],
  value: unknown,
  fieldsAt: (path: Path) => readonly string[],
): string[] {
  return issues.flatMap((issue) => describe(issue, { value, fieldsAt, base: [] }));
}

interface Place {
  /** The whole file. */
  readonly value: unknown;
  readonly fieldsAt: (path: Path) => readonly string[];
  /** Where the issue's own path begins. */
  readonly base: Path;
}

function describe(issue: Issue, place: Place): string[] {
  const path = [...place.base, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownField([...path, key], place.fieldsAt(path)));
  if (issue.code === "invalid_union") {
    const meant = meantBranch(issue.errors, valueAt(place.value, path));
    if (meant !== undefined)
      return meant.flatMap((inner) => describe(inner, { ...place, base: path }));
  }
  const value = valueAt(place.value, path);
  const expected = `${showPath(path)}: expected ${expectation(issue)}`;
  // What the fields of an object say together is told by the message alone.
  if (isObject(value)) return [expected];
  if (value === undefined) return [`${expected}, but it is missing`];
  return [`${expected}, but is ${isSecret(path) ? "something else (not shown)" : show(value)}`];
}

function unknownField(path: Path, fields: readonly string[]): string {
  const near = nearest(String(path.at(-1)), fields);
  const instead =
    near === undefined ? `the fields here are ${fields.join(", ")}` : `did you mean "${near}"?`;
  return `${showPath(path)}: unknown field; ${instead}`;
}

/**
 * Of a union of objects, the one whose own fields are there: its faults say more than that no branch fits. Undefined
 * when the value is no object, or has nothing of any.
 */
function meantBranch(branches: readonly Issue[][], value: unknown): Issue[] | undefined {
  if (!isObject(value)) return undefined;
  const objects = branches.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys"),
  );
  const known = objects.filter((issues) => !issues.some((issue) => isMissing(issue, value)));
  return known.length === 1 ? known[0] : undefined;
}

function isMissing({ path }: Issue, value: object): boolean {
  return path.length === 1 && !(String(path[0]) in value);
}

function expectation(issue: Issue): string {
  if (issue.code === "invalid_type" && issue.expected === "object") return "an object of fields";
  return issue.message;
}

/** `phases[2].objectives.latency["p99.9"]`; the file itself has no path. */
export function showPath(path: Path): string {
  const text = path
    .map((key) => {
      if (typeof key === "number") return `[${key}]`;
      return /^[A-Za-z_$][\w$]*$/u.test(String(key))
        ? `.${String(key)}`
        : `[${JSON.stringify(key)}]`;
    })
    .join("")
    .replace(/^\./u, "");
  return text === "" ? "the config" : text;
}

const longestValue = 60;

function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  // A URL's credentials are no less secret for standing where they must not.
  const text = (JSON.stringify(value) ?? String(value)).replace(/\/\/[^/"]*@/gu, "//…@");
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

function isSecret(path: Path): boolean {
  return path[0] === "env" || path.includes("headers");
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isObject(inner) ? (inner as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * Request headers. Scripts make a fresh headers object for each call, but its contents rarely change; the http client
 * finds a request head again by the identity of the header list. So equal lists are made one list here, by comparing
 * strings in the few lists used last: no key is built, and constant headers cost some pointer comparisons.
 */
import type { HeaderFields } from "../../http/index.ts";
import { BoundedCache } from "../bounded-cache.ts";

/** Headers that lakh adds unless the script gives them. */
interface AddedHeaders {
  readonly userAgent: string;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly authorization?: string | undefined;
}

/** In the order in which they are sent. */
const addedFields = [
  ["User-Agent", "userAgent"],
  ["Content-Type", "contentType"],
  ["Content-Encoding", "contentEncoding"],
  ["Authorization", "authorization"],
] as const satisfies readonly (readonly [string, keyof AddedHeaders])[];

/** As many as the client remembers; searched in a line. */
const slotCount = 16;

interface Slot {
  /** name, value, name, value … */
  readonly flat: readonly string[];
  readonly fields: HeaderFields;
}

/** The header lists used last, one object per content. */
export class HeaderLists {
  readonly #slots: Slot[] = [];
  #next = 0;

  /** The list for what the script gave (canonical names in its order) after what lakh adds. */
  build(given: object | undefined, added: AddedHeaders): HeaderFields {
    for (const slot of this.#slots) {
      if (isMadeOf(slot.flat, given, added)) return slot.fields;
    }
    const flat: string[] = [];
    if (given !== undefined) appendGiven(flat, given);
    const givenLength = flat.length;
    for (const [name, key] of addedFields) {
      const value = added[key];
      if (isGiven(value) && !hasName(flat, givenLength, name)) flat.push(name, value);
    }
    return this.#intern(flat);
  }

  #intern(flat: readonly string[]): HeaderFields {
    for (const slot of this.#slots) {
      if (isSame(slot.flat, flat)) return slot.fields;
    }
    const fields = toFields(flat);
    this.#slots[this.#next] = { flat, fields };
    this.#next = (this.#next + 1) % slotCount;
    return fields;
  }
}

/** As Go sends them: sorted by name after the User-Agent; of names that differ only in case, the last counts. */
function toFields(flat: readonly string[]): [string, string][] {
  const byName = new Map<string, string>();
  for (let i = 0; i < flat.length; i += 2) byName.set(flat[i]!, flat[i + 1]!);
  const rank = (name: string): number => (name === "User-Agent" ? 0 : 1);
  return [...byName].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function appendGiven(flat: string[], given: object): void {
  for (const name in given) {
    if (!Object.hasOwn(given, name)) continue;
    const value = (given as Record<string, unknown>)[name];
    flat.push(canonicalHeaderName(name), typeof value === "string" ? value : String(value));
  }
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

/** True when the script gave a field of this name. */
function hasName(flat: readonly string[], givenLength: number, name: string): boolean {
  for (let i = 0; i < givenLength; i += 2) {
    if (flat[i] === name) return true;
  }
  return false;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

/**
 * True when `flat` is what {@link HeaderLists.build} would make. Compared as it would be made, because lists made only
 * to be compared were 4 % of a request's garbage.
 */
function isMadeOf(
  flat: readonly string[],
  given: object | undefined,
  added: AddedHeaders,
): boolean {
  let at = 0;
  for (const name in given) {
    if (!Object.hasOwn(given, name)) continue;
    const value = (given as Record<string, unknown>)[name];
    // A value that is no string is made one once, by `build`: its toString may be the script's.
    if (flat[at] !== canonicalHeaderName(name) || flat[at + 1] !== value) return false;
    at += 2;
  }
  const givenLength = at;
  for (const [name, key] of addedFields) {
    const value = added[key];
    if (!isGiven(value) || hasName(flat, givenLength, name)) continue;
    if (flat[at] !== name || flat[at + 1] !== value) return false;
    at += 2;
  }
  return at === flat.length;
}

const canonicalNames = new BoundedCache<string, string>(512);

/** Go's canonical form of a header name: `content-type` → `Content-Type`; a name that is no token stays as it is. */
export function canonicalHeaderName(name: string): string {
  let canonical = canonicalNames.get(name);
  if (canonical === undefined) {
    canonical = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u.test(name)
      ? name.toLowerCase().replace(/(?:^|-)[a-z]/gu, (start) => start.toUpperCase())
      : name;
    canonicalNames.set(name, canonical);
  }
  return canonical;
}

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
    const flat: string[] = [];
    if (given !== undefined) appendGiven(flat, given);
    const givenLength = flat.length;
    append(flat, givenLength, ["User-Agent", added.userAgent]);
    append(flat, givenLength, ["Content-Type", added.contentType]);
    append(flat, givenLength, ["Content-Encoding", added.contentEncoding]);
    append(flat, givenLength, ["Authorization", added.authorization]);
    return this.#intern(flat);
  }

  #intern(flat: readonly string[]): HeaderFields {
    for (const slot of this.#slots) {
      if (isSame(slot.flat, flat)) return slot.fields;
    }
    const fields: [string, string][] = [];
    for (let i = 0; i < flat.length; i += 2) fields.push([flat[i]!, flat[i + 1]!]);
    this.#slots[this.#next] = { flat, fields };
    this.#next = (this.#next + 1) % slotCount;
    return fields;
  }
}

function appendGiven(flat: string[], given: object): void {
  for (const name in given) {
    if (!Object.hasOwn(given, name)) continue;
    const value = (given as Record<string, unknown>)[name];
    flat.push(canonicalHeaderName(name), typeof value === "string" ? value : String(value));
  }
}

/** Adds a field that the script did not give and that has a value. */
function append(
  flat: string[],
  givenLength: number,
  field: readonly [string, string | undefined],
): void {
  const [name, value] = field;
  if (value === undefined || value === "") return;
  for (let i = 0; i < givenLength; i += 2) {
    if (flat[i] === name) return;
  }
  flat.push(name, value);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
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

/**
 * Request headers. Scripts make a fresh headers object for each call, but its names rarely change, and its values mostly
 * in one place (a user's token); the http client finds a request head again by the identity of the header list. So lists
 * with the same names share what follows from the names, and lists with the same values are one list.
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

/** More than a script has places that send. */
const shapeLimit = 16;
/** Lists kept of one shape: for places that send the same names with values of their own. */
const listLimit = 4;

/** All lists of the same names: as given, then as added. */
interface Shape {
  readonly names: readonly string[];
  /** How many of them the script gave. */
  readonly givenCount: number;
  /** What is sent, in order: each name, and which of the values stands there. */
  readonly fields: readonly { readonly name: string; readonly at: number }[];
  readonly lists: List[];
  nextList: number;
}

interface List {
  /** One for each of the shape's names. */
  readonly values: readonly string[];
  readonly fields: HeaderFields;
}

/** Names and values of one call, in places that are filled anew: what stands behind `count` is of an earlier call. */
class Given {
  count = 0;
  readonly names: string[] = [];
  readonly values: string[] = [];

  add(name: string, value: string): void {
    this.names[this.count] = name;
    this.values[this.count] = value;
    this.count++;
  }
}

/** The header lists used last, one object per content. */
export class HeaderLists {
  readonly #shapes: Shape[] = [];
  #nextShape = 0;
  /**
   * Filled anew by each call: lists made only to be compared were 5 % of a request's garbage. Not emptied by their
   * length, with which V8 throws their memory away.
   */
  #spare: Given | undefined;

  /** The list for what the script gave (canonical names in its order) after what lakh adds. */
  build(given: object | undefined, added: AddedHeaders): HeaderFields {
    const call = this.#spare ?? new Given();
    this.#spare = undefined; // a value's toString is the script's, and may send a request of its own
    call.count = 0;
    for (const name in given) {
      if (!Object.hasOwn(given, name)) continue;
      const value = (given as Record<string, unknown>)[name];
      call.add(name, typeof value === "string" ? value : String(value));
    }
    const givenCount = call.count;
    for (const [name, key] of addedFields) {
      const value = added[key];
      if (value !== undefined && value !== "") call.add(name, value);
    }
    this.#spare = call;
    return listOf(this.#shapeOf(call, givenCount), call);
  }

  #shapeOf({ names, count }: Given, givenCount: number): Shape {
    for (const shape of this.#shapes) {
      if (shape.givenCount === givenCount && isSame(shape.names, names, count)) return shape;
    }
    const shape = createShape(names.slice(0, count), givenCount);
    this.#shapes[this.#nextShape] = shape;
    this.#nextShape = (this.#nextShape + 1) % shapeLimit;
    return shape;
  }
}

function listOf(shape: Shape, { values, count }: Given): HeaderFields {
  for (const list of shape.lists) {
    if (isSame(list.values, values, count)) return list.fields;
  }
  const fields = shape.fields.map(({ name, at }) => [name, values[at]!] as const);
  shape.lists[shape.nextList] = { values: values.slice(0, count), fields };
  shape.nextList = (shape.nextList + 1) % listLimit;
  return fields;
}

/** As Go sends them: sorted by name after the User-Agent; of names that differ only in case, the last counts. */
function createShape(names: readonly string[], givenCount: number): Shape {
  const atOfName = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    const canonical = canonicalHeaderName(name);
    if (at < givenCount || !atOfName.has(canonical)) atOfName.set(canonical, at);
  }
  const rank = (name: string): number => (name === "User-Agent" ? 0 : 1);
  const fields = Array.from(atOfName, ([name, at]) => ({ name, at }));
  fields.sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
  return { names, givenCount, fields, lists: [], nextList: 0 };
}

/** Whether `kept` are the first `count` of `given`. */
function isSame(kept: readonly string[], given: readonly string[], count: number): boolean {
  if (kept.length !== count) return false;
  for (let at = 0; at < count; at++) {
    if (kept[at] !== given[at]) return false;
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

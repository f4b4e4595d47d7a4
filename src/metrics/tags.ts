/**
 * Interned tag sets: equal sets are one object, so a series is found by identity, and adding a tag to a known set is
 * two look-ups in maps and no allocation.
 *
 * Cardinality is bounded: past the limit, `url` and `name` of further sets become "(other)". k6 only warns, and grows.
 */
import type { TagSet } from "./sample.ts";

/** Distinct sets before high-cardinality tags are folded. */
const defaultLimit = 20_000;

/** Tags that hold URLs, the usual cause of unbounded sets. */
const foldedKeys: readonly string[] = ["url", "name"];

export const foldedValue = "(other)";

/** The root of a new interner: the empty tag set. */
export interface TagInterner extends TagSet {
  /** How many sets were folded because the limit had been reached. */
  readonly foldedCount: number;
}

type Pairs = readonly (readonly [string, string])[];

export function createTagInterner(limit: number = defaultLimit): TagInterner {
  const interner = new Interner(limit);
  return Object.defineProperty(interner.intern([]), "foldedCount", { get: () => interner.foldedCount }) as TagSet as TagInterner;
}

/** `tags` with several tags added. */
export function withTags(tags: TagSet, added: Readonly<Record<string, string>>): TagSet {
  let set = tags;
  for (const [key, value] of Object.entries(added)) set = set.with(key, value);
  return set;
}

class Interner {
  foldedCount = 0;
  readonly #limit: number;
  readonly #sets = new Map<string, InternedTagSet>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The one set of these pairs, which are sorted by key. */
  intern(pairs: Pairs): InternedTagSet {
    const id = pairs.map(([key, value]) => `${key}\u0000${value}`).join("\u0001");
    const known = this.#sets.get(id);
    if (known !== undefined) return known;
    if (this.#sets.size >= this.#limit && pairs.some(isFoldable)) {
      this.foldedCount++;
      return this.intern(pairs.map((pair) => (isFoldable(pair) ? [pair[0], foldedValue] : pair)));
    }
    const made = new InternedTagSet(this, pairs);
    this.#sets.set(id, made);
    return made;
  }
}

function isFoldable([key, value]: readonly [string, string]): boolean {
  return foldedKeys.includes(key) && value !== foldedValue;
}

class InternedTagSet implements TagSet {
  readonly #interner: Interner;
  readonly #pairs: Pairs;
  readonly #children = new Map<string, Map<string, TagSet>>();

  constructor(interner: Interner, pairs: Pairs) {
    this.#interner = interner;
    this.#pairs = pairs;
  }

  with(key: string, value: string): TagSet {
    const byValue = this.#children.get(key);
    return byValue?.get(value) ?? this.#addChild(key, value);
  }

  without(key: string): TagSet {
    return this.#interner.intern(this.#pairs.filter(([name]) => name !== key));
  }

  get(key: string): string | undefined {
    return this.#pairs.find(([name]) => name === key)?.[1];
  }

  entries(): Pairs {
    return this.#pairs;
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this.#pairs);
  }

  #addChild(key: string, value: string): TagSet {
    const rest = this.#pairs.filter(([name]) => name !== key);
    const pairs = [...rest, [key, value] as const].sort(([a], [b]) => (a < b ? -1 : 1));
    const child = this.#interner.intern(pairs);
    // A folded set is not remembered under the value that was folded: that would be the growth it prevents.
    if (child.get(key) === value) {
      let byValue = this.#children.get(key);
      if (byValue === undefined) this.#children.set(key, (byValue = new Map()));
      byValue.set(value, child);
    }
    return child;
  }
}

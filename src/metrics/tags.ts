/**
 * Tag sets, interned in a trie: every set knows the sets that one more tag leads to, so `with` is two map look-ups
 * and allocates nothing once it was called with the same arguments. Equal sets are one object, however they were built.
 *
 * Memory is bounded. After `limit` distinct sets the values of `url` and `name`, the tags that grow without end, become
 * "(other)" in every further set; after twice the limit so does any added value that would make a new set. Sets that
 * exist stay as they are. Steps of a chain count as sets too: add `url` and `name` last.
 */
import type { TagSet } from "./sample.ts";

type Pair = readonly [key: string, value: string];

/** The value that stands for all values beyond the limit. */
const otherTagValue = "(other)";

const defaultLimit = 20_000;
const highCardinalityKeys: ReadonlySet<string> = new Set(["url", "name"]);

/** The empty set, from which all others are made, and what is known of all of them. */
export interface TagInterner extends TagSet {
  /** Distinct sets made so far, this one included. */
  readonly distinctSets: number;
  /** How often a tag's value was replaced by "(other)"; 0 means that all tags are as they were given. */
  readonly overflowCount: number;
}

/** A new interner; sets of different interners never mix. `limit` is a number of distinct sets. */
export function createTagInterner(limit: number = defaultLimit): TagInterner {
  return new RootSet(new Interner(limit));
}

/** The sets of one interner by their identity, and the rules at the limit. */
class Interner {
  overflowCount = 0;
  readonly #limit: number;
  readonly #sets = new Map<string, InternedSet>();
  #edgeCount = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#sets.size;
  }

  /** Puts the root in; afterwards it is found like any other set. */
  adopt(set: InternedSet): void {
    this.#sets.set(identityOf(set.entries()), set);
  }

  /** True as long as look-up shortcuts may be kept; they are bounded like the sets. */
  reserveEdge(): boolean {
    if (this.#edgeCount >= 4 * this.#limit) return false;
    this.#edgeCount++;
    return true;
  }

  /** The set of `pairs` (sorted by key), with values collapsed when it is new and the limit is reached. */
  intern(pairs: readonly Pair[], addedKey?: string): InternedSet {
    const identity = identityOf(pairs);
    const known = this.#sets.get(identity);
    if (known !== undefined) return known;
    if (this.#sets.size < this.#limit) return this.#make(identity, pairs);
    const collapsed = this.#collapse(pairs, addedKey);
    const collapsedIdentity = identityOf(collapsed);
    if (collapsedIdentity !== identity) this.overflowCount++;
    return this.#sets.get(collapsedIdentity) ?? this.#make(collapsedIdentity, collapsed);
  }

  #make(identity: string, pairs: readonly Pair[]): InternedSet {
    const made = new InternedSet(this, pairs);
    this.#sets.set(identity, made);
    return made;
  }

  #collapse(pairs: readonly Pair[], addedKey: string | undefined): readonly Pair[] {
    const alsoAdded = this.#sets.size >= 2 * this.#limit;
    return pairs.map((pair) => {
      const [key] = pair;
      const collapses = highCardinalityKeys.has(key) || (alsoAdded && key === addedKey);
      return collapses ? ([key, otherTagValue] as const) : pair;
    });
  }
}

class InternedSet implements TagSet {
  readonly #interner: Interner;
  readonly #pairs: readonly Pair[];
  #extended: Map<string, Map<string, InternedSet>> | undefined;
  #reduced: Map<string, InternedSet> | undefined;

  constructor(interner: Interner, pairs: readonly Pair[]) {
    this.#interner = interner;
    this.#pairs = pairs;
  }

  with(key: string, value: string): TagSet {
    return this.#extended?.get(key)?.get(value) ?? this.#extend(key, value);
  }

  without(key: string): TagSet {
    return this.#reduced?.get(key) ?? this.#reduce(key);
  }

  get(key: string): string | undefined {
    for (const pair of this.#pairs) if (pair[0] === key) return pair[1];
    return undefined;
  }

  entries(): readonly Pair[] {
    return this.#pairs;
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this.#pairs);
  }

  #extend(key: string, value: string): InternedSet {
    const made = this.#interner.intern(withPair(this.#pairs, key, value), key);
    // A collapsed value is not remembered: its shortcuts would grow without end.
    if (made.get(key) === value && this.#interner.reserveEdge()) {
      this.#extended ??= new Map();
      const byValue = this.#extended.get(key) ?? new Map<string, InternedSet>();
      this.#extended.set(key, byValue.set(value, made));
    }
    return made;
  }

  #reduce(key: string): InternedSet {
    const made = this.#interner.intern(this.#pairs.filter(([each]) => each !== key));
    if (this.#interner.reserveEdge()) {
      this.#reduced ??= new Map();
      this.#reduced.set(key, made);
    }
    return made;
  }
}

class RootSet extends InternedSet implements TagInterner {
  readonly #interner: Interner;

  constructor(interner: Interner) {
    super(interner, []);
    this.#interner = interner;
    interner.adopt(this);
  }

  get distinctSets(): number {
    return this.#interner.size;
  }

  get overflowCount(): number {
    return this.#interner.overflowCount;
  }
}

function withPair(pairs: readonly Pair[], key: string, value: string): readonly Pair[] {
  return [...pairs.filter(([each]) => each !== key), [key, value] as const].sort(byKey);
}

function byKey([a]: Pair, [b]: Pair): number {
  return a < b ? -1 : 1;
}

/** Unambiguous whatever characters the tags have. */
function identityOf(pairs: readonly Pair[]): string {
  return JSON.stringify(pairs);
}

/** `tags` with several tags added. */
export function withTags(tags: TagSet, added: Readonly<Record<string, string>>): TagSet {
  let set = tags;
  for (const [key, value] of Object.entries(added)) set = set.with(key, value);
  return set;
}

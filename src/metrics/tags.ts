/**
 * Tag sets, interned in a trie: every set knows the sets that one more tag leads to, so `with` is two map look-ups
 * and allocates nothing once it was called with the same arguments. Equal sets are one object, however they were built.
 *
 * Memory is bounded: beyond a limit of distinct sets further ones get "(other)" in place of values, those first that
 * there are most of. Sets that exist stay as they are, and what somebody judges by is never replaced: a request that
 * fails for the first time has a new set (its status), and must still be found under its name. Beyond
 *
 *     the limit            values of `url` and `name` that no set has yet
 *     twice the limit      all values of tags that have many
 *     four times           all values
 *
 * Steps of a chain count as sets too: add `url` and `name` last.
 */
import type { TagSet } from "./sample.ts";

/** A tag and its value. */
export type TagPair = readonly [key: string, value: string];

/** The value that stands for all values beyond the limit. */
const otherTagValue = "(other)";

/** Distinct sets that are kept apart; thousands of endpoints with all that can come of their requests are far below it. */
export const tagSetLimit = 20_000;
/** The tags that grow without end when a script does not name its requests. */
const endlessKeys: ReadonlySet<string> = new Set(["url", "name"]);
/** A tag with more values than this has many. */
const fewValues = 100;

/** The empty set, from which all others are made, and what is known of all of them. */
export interface TagInterner extends TagSet {
  /** Distinct sets made so far, this one included. */
  readonly distinctSets: number;
  /** How often a set was asked for and given with "(other)" in it; 0 means that all tags are as they were given. */
  readonly overflowCount: number;
  /** These values are never replaced: what thresholds and objectives ask for. To be called before the limit is reached. */
  keep(pairs: Iterable<TagPair>): void;
}

/** A new interner; sets of different interners never mix. `limit` is a number of distinct sets. */
export function createTagInterner(limit: number = tagSetLimit): TagInterner {
  return new RootSet(new Interner(limit));
}

/** The sets of one interner by their identity, and the rules at the limit. */
class Interner {
  overflowCount = 0;
  readonly #limit: number;
  readonly #sets = new Map<string, InternedSet>();
  readonly #values = new TagValues();
  readonly #kept = new TagValues();
  #edgeCount = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#sets.size;
  }

  keep(pairs: Iterable<TagPair>): void {
    for (const [key, value] of pairs) this.#kept.add(key, value);
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

  /** The set of `pairs` (sorted by key), with values replaced when it is new and the limit is reached. */
  intern(pairs: readonly TagPair[]): InternedSet {
    const identity = identityOf(pairs);
    const known = this.#sets.get(identity);
    if (known !== undefined) return known;
    if (this.#sets.size < this.#limit) return this.#make(identity, pairs);
    const collapsed = pairs.map((pair) =>
      this.#isReplaced(pair) ? ([pair[0], otherTagValue] as const) : pair,
    );
    const collapsedIdentity = identityOf(collapsed);
    if (collapsedIdentity !== identity) this.overflowCount++;
    return this.#sets.get(collapsedIdentity) ?? this.#make(collapsedIdentity, collapsed);
  }

  #make(identity: string, pairs: readonly TagPair[]): InternedSet {
    const made = new InternedSet(this, pairs);
    for (const [key, value] of pairs) this.#values.add(key, value);
    this.#sets.set(identity, made);
    return made;
  }

  #isReplaced([key, value]: TagPair): boolean {
    if (this.#kept.has(key, value)) return false;
    if (this.#sets.size >= 4 * this.#limit) return true;
    if (this.#sets.size >= 2 * this.#limit) return this.#values.countOf(key) > fewValues;
    return endlessKeys.has(key) && !this.#values.has(key, value);
  }
}

/** Which values a tag has. */
class TagValues {
  readonly #byKey = new Map<string, Set<string>>();

  add(key: string, value: string): void {
    const values = this.#byKey.get(key);
    if (values === undefined) this.#byKey.set(key, new Set([value]));
    else values.add(value);
  }

  has(key: string, value: string): boolean {
    return this.#byKey.get(key)?.has(value) === true;
  }

  countOf(key: string): number {
    return this.#byKey.get(key)?.size ?? 0;
  }
}

class InternedSet implements TagSet {
  readonly #interner: Interner;
  readonly #pairs: readonly TagPair[];
  #extended: Map<string, Map<string, InternedSet>> | undefined;
  #reduced: Map<string, InternedSet> | undefined;

  constructor(interner: Interner, pairs: readonly TagPair[]) {
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

  entries(): readonly TagPair[] {
    return this.#pairs;
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this.#pairs);
  }

  #extend(key: string, value: string): InternedSet {
    const made = this.#interner.intern(withPair(this.#pairs, key, value));
    // A replaced value is not remembered: its shortcuts would grow without end.
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

  keep(pairs: Iterable<TagPair>): void {
    this.#interner.keep(pairs);
  }
}

function withPair(pairs: readonly TagPair[], key: string, value: string): readonly TagPair[] {
  return [...pairs.filter(([each]) => each !== key), [key, value] as const].sort(byKey);
}

function byKey([a]: TagPair, [b]: TagPair): number {
  return a < b ? -1 : 1;
}

/** Unambiguous whatever characters the tags have. */
function identityOf(pairs: readonly TagPair[]): string {
  return JSON.stringify(pairs);
}

/** `tags` with several tags added. */
export function withTags(tags: TagSet, added: Readonly<Record<string, string>>): TagSet {
  let set = tags;
  for (const [key, value] of Object.entries(added)) set = set.with(key, value);
  return set;
}

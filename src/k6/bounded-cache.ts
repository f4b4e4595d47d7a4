/**
 * Caches that stay bounded however many different keys a script makes (unique URLs are the usual case).
 * Two generations: a full young one becomes the old one, and the old one is forgotten. What is in use is promoted,
 * so at most 2 × capacity entries live, and no order has to be kept per look-up.
 */
import type { TagSet } from "../metrics/index.ts";

/** A map that forgets what was not used lately. */
export class BoundedCache<K, V> {
  readonly #capacity: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  /** @param capacity entries per generation */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: K): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const aged = this.#old.get(key);
    if (aged !== undefined) this.set(key, aged);
    return aged;
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  /** Live entries of both generations; an entry that was promoted counts twice. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }
}

type ByKey<V> = Map<string, V>;

/**
 * Values by (tag set, name): two look-ups, one when the tag set is the same as last time, and no string is built.
 * The capacity counts values over all tag sets, so neither many names nor many tag sets make it grow.
 */
export class TagCache<V> {
  readonly #capacity: number;
  #young = new Map<TagSet, ByKey<V>>();
  #old = new Map<TagSet, ByKey<V>>();
  #youngCount = 0;
  #lastTags: TagSet | undefined;
  #lastByKey: ByKey<V> | undefined;

  /** @param capacity values per generation */
  constructor(capacity = 8_192) {
    this.#capacity = capacity;
  }

  get(tags: TagSet, key: string): V | undefined {
    const value = this.#keysOf(tags)?.get(key);
    if (value !== undefined) return value;
    const aged = this.#old.get(tags)?.get(key);
    if (aged !== undefined) this.set(tags, key, aged);
    return aged;
  }

  set(tags: TagSet, key: string, value: V): void {
    if (this.#youngCount >= this.#capacity) this.#age();
    let byKey = this.#young.get(tags);
    if (byKey === undefined) {
      byKey = new Map();
      this.#young.set(tags, byKey);
    }
    byKey.set(key, value);
    this.#youngCount++;
    this.#lastTags = tags;
    this.#lastByKey = byKey;
  }

  /** Live values of both generations; a value that was promoted counts twice. */
  get size(): number {
    let count = 0;
    for (const byKey of [...this.#young.values(), ...this.#old.values()]) count += byKey.size;
    return count;
  }

  #keysOf(tags: TagSet): ByKey<V> | undefined {
    if (tags === this.#lastTags) return this.#lastByKey;
    const byKey = this.#young.get(tags);
    if (byKey !== undefined) {
      this.#lastTags = tags;
      this.#lastByKey = byKey;
    }
    return byKey;
  }

  #age(): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngCount = 0;
    this.#lastTags = undefined;
    this.#lastByKey = undefined;
  }
}

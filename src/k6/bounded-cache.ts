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

const tagSetCapacity = 512;
const keyCapacity = 2_048;

/** Values by (tag set, name): two look-ups, one when the tag set is the same as last time, and no string is built. */
export class TagCache<V> {
  readonly #byTags = new BoundedCache<TagSet, BoundedCache<string, V>>(tagSetCapacity);
  #lastTags: TagSet | undefined;
  #lastByKey: BoundedCache<string, V> | undefined;

  get(tags: TagSet, key: string): V | undefined {
    return this.#keysOf(tags).get(key);
  }

  set(tags: TagSet, key: string, value: V): void {
    this.#keysOf(tags).set(key, value);
  }

  #keysOf(tags: TagSet): BoundedCache<string, V> {
    if (tags === this.#lastTags) return this.#lastByKey!;
    let byKey = this.#byTags.get(tags);
    if (byKey === undefined) {
      byKey = new BoundedCache(keyCapacity);
      this.#byTags.set(tags, byKey);
    }
    this.#lastTags = tags;
    this.#lastByKey = byKey;
    return byKey;
  }
}

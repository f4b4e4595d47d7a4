/**
 * Failed exchanges by kind: a count, and the first few. Kinds are told apart by endpoint, status and code; when there are too
 * many of them, further endpoints are put together by status and code, and beyond that all that is left counts as one.
 */

/** What tells kinds apart. */
export interface FailureKey {
  readonly method: string;
  readonly name: string | null;
  readonly status: number;
  readonly errorCode: number;
}

export interface FailureLimits {
  readonly kinds: number;
  /** Kinds without an endpoint. */
  readonly furtherKinds: number;
  /** Kept of each. */
  readonly each: number;
}

/** One kind: whoever counts adds to `count`. */
export class KindOfFailure<T> {
  readonly key: FailureKey;
  count = 0;
  /** How many more are to be kept. */
  wanted: number;
  readonly #kept: T[] = [];
  #told = 0;

  constructor(key: FailureKey, wanted: number) {
    this.key = key;
    this.wanted = wanted;
  }

  keep(item: T): void {
    this.wanted--;
    this.#kept.push(item);
  }

  /** What came since the last call, and up to `samples` of those not handed over yet; undefined when there is nothing. */
  take(samples: number): { count: number; kept: readonly T[] } | undefined {
    const count = this.count - this.#told;
    if (count === 0 && (this.#kept.length === 0 || samples === 0)) return undefined;
    this.#told = this.count;
    return { count, kept: this.#kept.splice(0, samples) };
  }
}

/** Stands for all kinds beyond the limits. */
export const restKey: FailureKey = { method: "", name: null, status: 0, errorCode: 0 };

export class FailureKinds<T> {
  readonly #limits: FailureLimits;
  readonly #kinds = new Map<string, KindOfFailure<T>>();
  #named = 0;

  constructor(limits: FailureLimits) {
    this.#limits = limits;
  }

  /** The kind that a failure belongs to; it stays what it is for the whole run. */
  of(key: FailureKey): KindOfFailure<T> {
    return this.#find(key) ?? this.#make(this.#admitted(key));
  }

  all(): Iterable<KindOfFailure<T>> {
    return this.#kinds.values();
  }

  #admitted(key: FailureKey): FailureKey {
    if (this.#named < this.#limits.kinds) return key;
    const further = { ...key, method: "", name: null };
    const unnamed = this.#kinds.size - this.#named;
    return this.#find(further) !== undefined || unnamed < this.#limits.furtherKinds - 1
      ? further
      : restKey;
  }

  #find(key: FailureKey): KindOfFailure<T> | undefined {
    return this.#kinds.get(textOf(key));
  }

  #make(key: FailureKey): KindOfFailure<T> {
    const known = this.#find(key);
    if (known !== undefined) return known;
    if (key.name !== null) this.#named++;
    const made = new KindOfFailure<T>(key, this.#limits.each);
    this.#kinds.set(textOf(key), made);
    return made;
  }
}

function textOf({ method, name, status, errorCode }: FailureKey): string {
  return `${status} ${errorCode} ${name === null ? "" : `${method} ${name}`}`;
}

/**
 * The objects that scripts hold: one for each object of Playwright, with the members that k6 shows and no others.
 * A member that answers by a promise keeps the iteration alive and takes its turn on the VU's event loop.
 */
import type { VuContext } from "../context.ts";
import { browserMembers, type BrowserKind, type MemberResult } from "./members.ts";

/** An object of Playwright; what it is, the tables say. */
export type Raw = Readonly<Record<string, unknown>> & object;

/** A member that is not simply passed on. Gets what the script gave; its result is wrapped like any other. */
export type Override = (raw: Raw, args: readonly unknown[], objects: BrowserObjects) => unknown;

export type Overrides = Readonly<Partial<Record<BrowserKind, Readonly<Record<string, Override>>>>>;

const rawOf = new WeakMap<object, Raw>();

/** The objects of one VU. */
export class BrowserObjects {
  readonly vu: VuContext;
  readonly #overrides: Overrides;
  readonly #known = new WeakMap<object, object>();

  constructor(vu: VuContext, overrides: Overrides) {
    this.vu = vu;
    this.#overrides = overrides;
  }

  /** The script's side of a result. The same object of Playwright always has the same one. */
  wrap(result: MemberResult, value: unknown): unknown {
    if (value === null || value === undefined) return value;
    if (result === "value") return value;
    if (result === "bytes") return toArrayBuffer(value as Uint8Array);
    if (Array.isArray(value)) return value.map((item) => this.wrap(result, item));
    if (value instanceof Map)
      return new Map([...value].map(([key, item]) => [key, this.wrap(result, item)]));
    return this.#object(kindOf(result, value as Raw), value as Raw);
  }

  /** Playwright's side of what a script gave: its objects, at any depth of lists and plain objects. */
  unwrap(given: unknown): unknown {
    if (typeof given !== "object" || given === null) return given;
    const raw = rawOf.get(given);
    if (raw !== undefined) return raw;
    if (Array.isArray(given)) return given.map((item) => this.unwrap(item));
    if (Object.getPrototypeOf(given) !== Object.prototype) return given;
    return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, this.unwrap(item)]));
  }

  /** A promise for the script: it keeps the iteration alive, and fails with k6's kind of error. */
  promise<T>(result: MemberResult, begin: () => T | Promise<T>): Promise<unknown> {
    const answered = (async () => this.wrap(result, await begin()))().catch((error: unknown) => {
      throw toScriptError(error);
    });
    return this.vu.track(answered);
  }

  #object(kind: BrowserKind, raw: Raw): object {
    const known = this.#known.get(raw);
    if (known !== undefined) return known;
    const made = this.#create(kind, raw);
    this.#known.set(raw, made);
    rawOf.set(made, raw);
    return made;
  }

  #create(kind: BrowserKind, raw: Raw): object {
    const { sync, async, properties } = browserMembers[kind];
    const object: Record<string, unknown> = {};
    for (const [name, result] of sync) {
      object[name] = (...args: unknown[]): unknown => {
        try {
          return this.wrap(result, this.#call(kind, name, { raw, args }));
        } catch (error) {
          throw toScriptError(error);
        }
      };
    }
    for (const [name, result] of async) {
      object[name] = (...args: unknown[]): Promise<unknown> =>
        this.promise(result, () => this.#call(kind, name, { raw, args }));
    }
    for (const [name, result] of properties) object[name] = this.wrap(result, raw[name]);
    return object;
  }

  #call(
    kind: BrowserKind,
    name: string,
    { raw, args }: { raw: Raw; args: readonly unknown[] },
  ): unknown {
    const override = this.#overrides[kind]?.[name];
    if (override !== undefined) return override(raw, args, this);
    const member = raw[name] as (...args: unknown[]) => unknown;
    return member.apply(
      raw,
      args.map((given) => this.unwrap(given)),
    );
  }
}

/** A handle of an element is an ElementHandle, whatever was asked for. */
function kindOf(result: BrowserKind, raw: Raw): BrowserKind {
  if (result !== "JSHandle") return result;
  return (raw["asElement"] as () => unknown).call(raw) === null ? "JSHandle" : "ElementHandle";
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** What a script catches: in k6 it has a message, and as a text it is that message alone. */
class BrowserError extends Error {
  override readonly name: string = "";
}

/** Playwright's errors carry a call log; the first line says what failed. */
function toScriptError(error: unknown): Error {
  if (!(error instanceof Error)) return new BrowserError(String(error));
  return new BrowserError(error.message.split("\n", 1)[0]);
}

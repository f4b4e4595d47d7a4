/**
 * Iteration over what may wait. A generator that waits yields the sentinel, with its promise in the register, and goes
 * on at the next `next()`; an iterator written by hand returns the sentinel from `next()`. Whoever reads one by a loop,
 * by spread, by destructuring or step by step must take the promise and ask again: here is each of these readers.
 */
import { BlockingError } from "./runtime-blocking.ts";
import type { Register } from "./runtime-register.ts";
import { Done, type Box } from "./runtime-state.ts";

/** Methods of generator objects, as a script calls them by hand. */
export const steppedMethods = ["next", "return", "throw"] as const;
export type SteppedMethod = (typeof steppedMethods)[number];

interface Step {
  readonly value?: unknown;
  readonly done?: boolean;
}

interface RawIterator {
  next(value?: unknown): Step;
  return?(value?: unknown): Step;
}

type Iterable = Readonly<Record<symbol, (() => RawIterator) | undefined>>;

// As they are now: a script may override them.
const generatorPrototype = (
  Object.getPrototypeOf(function* generate() {
    yield undefined;
  }) as { readonly prototype: Record<SteppedMethod, (value?: unknown) => Step> }
).prototype;
const nativeSteps = {
  next: generatorPrototype.next,
  return: generatorPrototype.return,
  throw: generatorPrototype.throw,
};

/** Iterators of the language's own collections, which never wait. */
const ownIterators: ReadonlySet<unknown> = new Set(
  [Array, Object.getPrototypeOf(Uint8Array) as typeof Array, Map, Set, String].map((constructor) =>
    Reflect.get(constructor.prototype as object, Symbol.iterator),
  ),
);

/** What a loop over a waiting generator waits for: it has no value, so whoever asks for one is no such loop. */
class Passed implements Box {
  get v(): never {
    throw new BlockingError(
      "a step of a generator that blocks was taken by code that cannot be made to wait",
    );
  }
}

/** What a waiting call gave, for whoever asks after the wait. */
class Held {
  #settled = false;
  #thrown = false;
  #value: unknown;
  readonly #register: Register;

  /** Takes the promise out of the register and leaves one there that settles when the outcome is held. */
  constructor(register: Register) {
    this.#register = register;
    register.settle(
      register.take().then(
        (box) => this.#keep(false, box.v),
        (error: unknown) => this.#keep(true, error),
      ),
    );
  }

  /** The outcome; throws what the call threw. */
  read(): unknown {
    if (!this.#settled) throw this.#register.leak();
    if (this.#thrown) throw this.#value;
    return this.#value;
  }

  #keep(thrown: boolean, value: unknown): Box {
    this.#settled = true;
    this.#thrown = thrown;
    this.#value = value;
    return new Passed();
  }
}

function opens(items: unknown): boolean {
  if (typeof items !== "object" || items === null) return false;
  const open = (items as Iterable)[Symbol.iterator];
  return typeof open === "function" && !ownIterators.has(open);
}

function isGenerator(items: unknown): boolean {
  return Object.prototype.isPrototypeOf.call(generatorPrototype, items as object);
}

/** The kit's members for generators and for what reads them; their use in the text is in lowering/emit-*.ts. */
export function createIterationKit(register: Register): Record<string, unknown> {
  return {
    hold: () => new Held(register),
    held: (held: Held) => held.read(),
    iterate: (items: unknown) => (opens(items) ? new LoopOver(register, items as Iterable) : items),
    delegate: (items: unknown) =>
      opens(items) && !isGenerator(items) ? new Adapter(register, items as Iterable) : items,
    list: (items: unknown, limit: number = Infinity) =>
      opens(items) ? collect(register, items as Iterable, limit) : items,
  };
}

/** An iterator whose steps that wait are the sentinel as the value, as those of a generator are. */
class Adapter {
  protected readonly register: Register;
  protected readonly inner: RawIterator;
  #held: Held | undefined;

  constructor(register: Register, items: Iterable) {
    this.register = register;
    this.inner = items[Symbol.iterator]!();
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(value?: unknown): Step {
    const held = this.#held;
    this.#held = undefined;
    const step = held === undefined ? this.inner.next(value) : (held.read() as Step);
    const { sentinel } = this.register;
    if ((step as unknown) !== sentinel) return step;
    this.#held = new Held(this.register);
    return { value: sentinel, done: false };
  }

  return(value?: unknown): Step {
    return this.inner.return?.(value) ?? { value, done: true };
  }
}

/** What a `for…of` reads: left early, it waits for the iterator's end, which the loop looks for behind itself. */
class LoopOver extends Adapter {
  override return(): Step {
    if (this.inner.return !== undefined) close(this.register, this.inner);
    return { value: undefined, done: true };
  }
}

/** Ends an iterator before its time; what waits there is left in the register. */
function close(register: Register, iterator: RawIterator): void {
  const step = iterator.return!();
  if (!waits(register, step)) return;
  register.settle(finish(register, iterator, step));
}

function waits(register: Register, step: Step): boolean {
  // The sentinel itself has no members to look at.
  return (step as unknown) === register.sentinel || step?.value === register.sentinel;
}

/** Waits for a step, and for those that follow while they wait. Begins by taking what is in the register. */
async function finish(register: Register, iterator: RawIterator, begun: Step): Promise<Box> {
  let step = begun;
  while (waits(register, step)) {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    step = await settled(register, iterator, step);
  }
  return new Done(step);
}

async function settled(register: Register, iterator: RawIterator, step: Step): Promise<Step> {
  const byHand = (step as unknown) === register.sentinel;
  const box = await register.take();
  if (byHand) return box.v as Step;
  return isGenerator(iterator) ? Reflect.apply(nativeSteps.next, iterator, []) : iterator.next();
}

/** The items as a list, of at most `limit`; the sentinel when one of them must be waited for. */
function collect(register: Register, items: Iterable, limit: number): unknown {
  const iterator = items[Symbol.iterator]!();
  const list: unknown[] = [];
  while (list.length < limit) {
    const step = iterator.next();
    if (waits(register, step))
      return register.settle(collectRest(register, { iterator, list, limit, step }));
    if (step.done === true) return list;
    list.push(step.value);
  }
  if (iterator.return === undefined) return list;
  const step = iterator.return();
  return waits(register, step)
    ? register.settle(finish(register, iterator, step).then(() => new Done(list)))
    : list;
}

async function collectRest(
  register: Register,
  at: { iterator: RawIterator; list: unknown[]; limit: number; step: Step },
): Promise<Box> {
  const { iterator, list, limit } = at;
  let { step } = at;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    if (waits(register, step)) step = (await finish(register, iterator, step)).v as Step;
    if (step.done === true) return new Done(list);
    list.push(step.value);
    if (list.length === limit) break;
    step = iterator.next();
  }
  if (iterator.return !== undefined) {
    step = iterator.return();
    if (waits(register, step)) await finish(register, iterator, step);
  }
  return new Done(list);
}

/** `next`, `return` and `throw` of generator objects for those that may wait; each gives the step, or the sentinel. */
export function createSteppedMethods(
  register: Register,
): Record<SteppedMethod, (this: RawIterator, ...args: unknown[]) => unknown> {
  const create = (name: SteppedMethod) =>
    function step(this: RawIterator, ...args: unknown[]): unknown {
      const method = (this as unknown as Record<string, unknown>)[name];
      const begun = Reflect.apply(method as () => Step, this, args) as Step;
      if (method !== nativeSteps[name] || begun.value !== register.sentinel) return begun;
      return register.settle(finish(register, this, begun));
    };
  return { next: create("next"), return: create("return"), throw: create("throw") };
}

/** Where {@link createSteppedMethods} belong. */
export const steppedPrototype: object = generatorPrototype;

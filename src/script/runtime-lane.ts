/**
 * A lane is one VU's turn-taking. In k6 a blocking call stops the whole VU, so among the async functions, timers and
 * promise callbacks of a VU only one stretch of code ("segment") runs or is blocked at a time. It holds the baton until
 * it ends or awaits by itself, not merely until its blocking call completes. Those who wait for it get it in their
 * order. Async generators are the exception: their steps have no owner, so they give it back when the call completes.
 */
import { BlockingError } from "./runtime-blocking.ts";
import type { Register, RegisterOwner } from "./runtime-register.ts";
import { Done, type Box, type State } from "./runtime-state.ts";

/** A blocking call under way: it is told once how it ended, and not in the stretch of code that began it. */
export interface BlockedCall<T> {
  done(value: T): void;
  fail(error: unknown): void;
}

/** Whom {@link Lane.start} tells how the function ended. */
export interface EntryEnd {
  onReturn(value: unknown): void;
  /** `inPromise`: the function returned a promise, which was rejected. */
  onThrow(error: unknown, inPromise?: boolean): void;
}

/** What {@link Lane.start} calls; an object, which serves all entries of a VU. */
export interface Entry {
  call(): unknown;
}

/** One VU's way in and out of script code. */
export interface Lane {
  /** The worker's kit with this lane in it: what the emitted code destructures. */
  readonly kit: Readonly<Record<string, unknown>>;
  /** True while a segment of this VU is blocked, or callbacks wait for their turn. */
  readonly hasWork: boolean;
  /**
   * Makes the script wait. Must be the last thing a module function does.
   * @param what the call by its k6 name (`http.get`), for error messages
   */
  block<T>(promise: Promise<T>, what?: string): T;
  /**
   * Makes the script wait for what `begin` begins. Like {@link block} without a promise of the caller's own: what a
   * VU holds while it waits is what the garbage collector copies, and most of a worker's VUs wait.
   */
  suspend<T>(begin: (call: BlockedCall<T>) => void, what?: string): T;
  /** Calls a script function on behalf of one: synchronous when it does not wait. Its result goes back to the script. */
  call<T, R>(
    callee: () => T,
    settle: { onValue: (value: T) => R; onError: (error: unknown) => R },
  ): R;
  /**
   * The engine's entry: calls a script function; gives its value, or a promise when it waited, returned a promise or
   * left a segment blocked.
   * @throws BlockingError (`SCRIPT_BLOCKING`) when a blocking call was not waited for
   */
  enter<T>(callee: () => T): T | Promise<Awaited<T>>;
  /** As {@link enter}, for one entry at a time, which `end` is told about: at once when the function did not wait. */
  start(entry: Entry, end: EntryEnd): void;
  /** Runs a timer or event callback when no segment of this VU is blocked. Throws and rejects like {@link enter}. */
  gate(callback: () => unknown): void | Promise<void>;
  /**
   * Runs script code in the middle of a blocking call that is under way (a handler of a connection that the script waits
   * for): the baton is the call's, and stays with it. Throws or rejects with what the code throws.
   */
  inside(callee: () => unknown): void | Promise<void>;
  /** Delays the completion of an asynchronous operation while a segment of this VU is blocked. */
  afterTurn<T>(promise: Promise<T>): Promise<T>;
  /** Callbacks that wait for their turn will not get it. */
  dropTasks(): void;
  /** Leaves every waiting call of this lane waiting for ever, so that nothing of the script runs again; for good. */
  abandon(): void;
}

/** What an abandoned lane waits for. */
const never: Promise<never> = new Promise(() => undefined);

export class VuLane implements Lane, RegisterOwner {
  busy = false;
  traces = false;
  blockedAt: string | undefined;
  blockedBy: string | undefined;
  readonly #register: Register;
  readonly #shared: Readonly<Record<string, unknown>>;
  #waiting: (() => void)[] | undefined;
  /** Timers and completions that came while script code was blocked: each begins when the promise callbacks of what ran before have run. */
  #tasks: (() => void)[] | undefined;
  #drainsLater = false;
  #lost: BlockingError | undefined;
  #abandoned = false;
  #end: EntryEnd | undefined;

  constructor(register: Register, shared: Readonly<Record<string, unknown>>) {
    this.#register = register;
    this.#shared = shared;
  }

  get kit(): Readonly<Record<string, unknown>> {
    return { __proto__: this.#shared, lane: this } as unknown as Readonly<Record<string, unknown>>;
  }

  get hasWork(): boolean {
    return this.busy || this.#hasTasks;
  }

  get #hasTasks(): boolean {
    return this.#tasks !== undefined && this.#tasks.length > 0;
  }

  abandon(): void {
    this.#abandoned = true;
    this.dropTasks();
  }

  dropTasks(): void {
    this.#tasks = undefined;
  }

  block<T>(promise: Promise<T>, what?: string): T {
    this.#occupy(what);
    const resumed = promise.then(
      (value): Box | Promise<never> => (this.mayResume() ? new Done(value) : never),
      (error: unknown): Promise<never> => {
        if (this.mayResume()) throw error;
        return never;
      },
    );
    return this.#register.settle(resumed) as T;
  }

  suspend<T>(begin: (call: BlockedCall<T>) => void, what?: string): T {
    this.#occupy(what);
    const promise = new Promise<Box>(captureSettlers);
    begin(new LaneCall(this, capturedResolve, capturedReject));
    return this.#register.settle(promise) as T;
  }

  /** Of a blocking call that has ended: false when nobody may hear of it. */
  mayResume(): boolean {
    if (this.#abandoned) return false;
    this.#collectLeak();
    return true;
  }

  call<T, R>(
    callee: () => T,
    settle: { onValue: (value: T) => R; onError: (error: unknown) => R },
  ): R {
    let value: T;
    try {
      value = callee();
    } catch (error) {
      return settle.onError(this.#explain(error));
    }
    const register = this.#register;
    if (value !== register.sentinel) {
      const leak = this.#findLeak();
      return leak === undefined ? settle.onValue(value) : settle.onError(leak);
    }
    // What the engine does next may wait as well.
    const boxed = (next: () => R): Box | Promise<Box> => {
      const result = next();
      return result === register.sentinel ? register.take() : new Done(result);
    };
    const settled = register.take().then(
      (box) => boxed(() => settle.onValue(box.v as T)),
      (error: unknown) => boxed(() => settle.onError(error)),
    );
    return register.settle(settled) as R;
  }

  enter<T>(callee: () => T): T | Promise<Awaited<T>> {
    this.#clearOthers();
    this.#throwLeak();
    const value = this.#segment(callee, false);
    if (value instanceof Promise || this.busy) return this.#complete(value) as Promise<Awaited<T>>;
    return value as T;
  }

  start(entry: Entry, end: EntryEnd): void {
    let value: unknown;
    try {
      this.#clearOthers();
      this.#throwLeak();
      value = entry.call();
    } catch (error) {
      end.onThrow(this.#explain(error));
      return;
    }
    if (value === this.#register.sentinel) {
      this.#end = end;
      this.#register.take().then(this.#onEntryValue, this.#onEntryError);
    } else {
      const leak = this.#findLeak();
      if (leak === undefined) this.#endEntry(value, end);
      else end.onThrow(leak);
    }
  }

  /** The entry's own segment is over: most have nothing else to wait for. */
  #endEntry(value: unknown, end: EntryEnd): void {
    if (value instanceof Promise || this.busy) {
      const inPromise = value instanceof Promise;
      this.#complete(value).then(
        (result) => end.onReturn(result),
        (error: unknown) => end.onThrow(error, inPromise),
      );
      return;
    }
    const leak = this.#findLeak();
    if (leak === undefined) end.onReturn(value);
    else end.onThrow(leak);
  }

  readonly #onEntryValue = (box: Box): void => {
    const end = this.#end!;
    this.#end = undefined;
    this.endSegment();
    this.#collectLeak();
    this.#endEntry(box.v, end);
  };

  readonly #onEntryError = (error: unknown): void => {
    const end = this.#end!;
    this.#end = undefined;
    const explained = this.#explain(error);
    this.endSegment();
    this.#collectLeak();
    if (this.busy) this.#complete(Promise.reject(explained)).catch(() => end.onThrow(explained));
    else end.onThrow(explained);
  };

  gate(callback: () => unknown): void | Promise<void> {
    this.#clearOthers();
    const value = this.hasWork
      ? this.#taskTurn().then(() => this.#segment(callback, false))
      : this.#segment(callback, false);
    if (value instanceof Promise) return value.then(() => this.#throwLeak());
    return undefined;
  }

  inside(callee: () => unknown): void | Promise<void> {
    this.#clearOthers();
    let value: unknown;
    try {
      value = callee();
    } catch (error) {
      throw this.#explain(error);
    }
    if (value === this.#register.sentinel) {
      return this.#register.take().then(
        () => undefined,
        (error: unknown) => {
          throw this.#explain(error);
        },
      );
    }
    this.#throwLeak();
    return undefined;
  }

  async afterTurn<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } finally {
      if (this.#abandoned) await never;
      if (this.hasWork) await this.#taskTurn();
    }
  }

  #taskTurn(): Promise<void> {
    return new Promise((resolve) => {
      this.#tasks ??= [];
      this.#tasks.push(resolve);
    });
  }

  #drainLater(): void {
    if (this.#drainsLater) return;
    this.#drainsLater = true;
    setImmediate(() => {
      this.#drainsLater = false;
      if (this.busy) return;
      this.#tasks?.shift()?.();
      if (this.#hasTasks) this.#drainLater();
    });
  }

  /** Emitted: an async function reaches its own `await`, or (`end`) its end: its segment is over. */
  leave<T>(state: State, value: T): T {
    const { p } = state;
    state.p = 0;
    if (p === 0) this.endSegment();
    else if (p !== null) p();
    return value;
  }

  /** Emitted, and only called while busy: waits for the baton; whoever gets it must give it back by ending a segment. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(resolve);
    });
  }

  endSegment(): void {
    const next = this.#waiting?.shift();
    if (next !== undefined) next();
    else {
      this.busy = false;
      if (this.#hasTasks) this.#drainLater();
    }
  }

  noteLeak(leak: BlockingError): void {
    this.#lost ??= leak;
  }

  /** Emitted: a promise callback that may wait. */
  tolerate(callback: unknown): unknown {
    if (typeof callback !== "function") return callback;
    return (...given: unknown[]): unknown => {
      const call = (): unknown => Reflect.apply(callback, undefined, given);
      if (this.busy) return this.turn().then(() => this.#segment(call, true));
      return this.#segment(call, false);
    };
  }

  /** Emitted: an async generator waits; as its steps have no owner, the baton goes back when the call completes. */
  async release(promise: Promise<Box>): Promise<Box> {
    try {
      return await promise;
    } finally {
      this.endSegment();
    }
  }

  /** Emitted: the iterable of a `for await`, whose hidden awaits must hand over the baton as written ones do. */
  each(state: State, iterable: AsyncIterable<unknown> & Iterable<unknown>): AsyncIterable<unknown> {
    const gated = async (
      step: Promise<IteratorResult<unknown>>,
    ): Promise<IteratorResult<unknown>> => {
      this.leave(state, undefined);
      try {
        return await step;
      } finally {
        if (this.busy) await this.turn();
      }
    };
    return {
      [Symbol.asyncIterator]: (): AsyncIterator<unknown> => {
        const iterator = toAsyncIterator(iterable);
        return {
          next: () => gated(Promise.resolve(iterator.next())),
          return: () =>
            gated(Promise.resolve(iterator.return?.() ?? { done: true, value: undefined })),
        };
      },
    };
  }

  /** Runs one stretch of script code to its end; `held` when the baton was handed over for it. */
  #segment(callee: () => unknown, held: boolean): unknown {
    let value: unknown;
    try {
      value = callee();
    } catch (error) {
      if (held) this.endSegment();
      throw this.#explain(error);
    }
    if (value === this.#register.sentinel) return this.#await(this.#register.take());
    if (held) this.endSegment();
    this.#throwLeak();
    return value;
  }

  async #await(promise: Promise<Box>): Promise<unknown> {
    try {
      return (await promise).v;
    } catch (error) {
      throw this.#explain(error);
    } finally {
      this.endSegment();
    }
  }

  /** Waits for what an entry left running: the promise it returned, and segments that are blocked. */
  async #complete(value: unknown): Promise<unknown> {
    let result: unknown;
    try {
      result = await value;
    } catch (error) {
      throw this.#explain(error);
    } finally {
      this.#collectLeak();
      while (this.busy) {
        // oxlint-disable-next-line no-await-in-loop -- one blocked segment after the other is the point
        await this.turn();
        this.endSegment();
      }
    }
    this.#throwLeak();
    return result;
  }

  /** A leak of this VU that came to light since the last look. */
  #findLeak(cause?: unknown): BlockingError | undefined {
    const register = this.#register;
    if (register.pending !== undefined && register.owner === this) return register.leak(cause);
    const lost = this.#lost;
    this.#lost = undefined;
    return lost;
  }

  #throwLeak(): void {
    const leak = this.#findLeak();
    if (leak !== undefined) throw leak;
  }

  /** An error of the script, or the leak behind it: a native TypeError may be the first sign of one. */
  #explain(error: unknown): unknown {
    if (!(error instanceof BlockingError)) return this.#findLeak(error) ?? error;
    if (this.#register.owner === this && this.#register.pending !== undefined)
      this.#register.leak();
    this.#lost = undefined;
    return error;
  }

  /** At the start of a turn the register is empty; a promise in it is its owner's leak, to be told there. */
  #collectLeak(): void {
    const { pending, owner } = this.#register;
    if (pending === undefined || owner === undefined) return;
    const leak = this.#register.leak();
    owner.noteLeak(leak);
  }

  #occupy(what: string | undefined): void {
    this.#clearOthers();
    const register = this.#register;
    this.blockedBy = what;
    if (this.traces) this.blockedAt = captureStack();
    if (register.pending === undefined) register.owner = this;
    this.busy = true;
  }

  /** In the middle of a turn only another VU's promise is surely a leak. */
  #clearOthers(): void {
    if (this.#register.owner !== this) this.#collectLeak();
  }
}

class LaneCall<T> implements BlockedCall<T> {
  readonly #lane: VuLane;
  readonly #resolve: (box: Box) => void;
  readonly #reject: (error: unknown) => void;

  constructor(lane: VuLane, resolve: (box: Box) => void, reject: (error: unknown) => void) {
    this.#lane = lane;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  done(value: T): void {
    if (this.#lane.mayResume()) this.#resolve(new Done(value));
  }

  fail(error: unknown): void {
    if (this.#lane.mayResume()) this.#reject(error);
  }
}

/** One executor for all promises: a call costs no closure. The executor runs inside the constructor. */
let capturedResolve: (box: Box) => void;
let capturedReject: (error: unknown) => void;
function captureSettlers(resolve: (box: Box) => void, reject: (error: unknown) => void): void {
  capturedResolve = resolve;
  capturedReject = reject;
}

function captureStack(): string | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, captureStack);
  return holder.stack;
}

function toAsyncIterator(
  iterable: AsyncIterable<unknown> & Iterable<unknown>,
): AsyncIterator<unknown> | Iterator<unknown> {
  const asynchronous = iterable[Symbol.asyncIterator] as (() => AsyncIterator<unknown>) | undefined;
  if (asynchronous !== undefined && asynchronous !== null) return asynchronous.call(iterable);
  const iterator = iterable[Symbol.iterator]();
  const settle = async (step: IteratorResult<unknown>): Promise<IteratorResult<unknown>> => ({
    done: step.done === true,
    value: await step.value,
  });
  return {
    next: () => settle(iterator.next()),
    return: () => settle(iterator.return?.() ?? { done: true, value: undefined }),
  };
}

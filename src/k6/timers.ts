/**
 * Module `k6/timers` and the global timer functions: ids from 1 within a VU, callbacks on the VU's event loop.
 * An interval plans its next run before it calls back, so a callback that blocks delays the runs and loses none of them.
 */
import type { Attachment, VuContext } from "./context.ts";
import { GoError } from "./errors.ts";
import { toGoString } from "./go-values.ts";

type Callback = (...args: unknown[]) => unknown;
type SetTimer = (callback: Callback, delayMs?: unknown, ...args: unknown[]) => number;

/** The four timer functions of one VU. */
interface TimerFunctions {
  readonly setTimeout: SetTimer;
  readonly clearTimeout: (id?: unknown) => void;
  readonly setInterval: SetTimer;
  readonly clearInterval: (id?: unknown) => void;
}

const timersByVu = new WeakMap<VuContext, TimerFunctions>();

/** The VU's timer functions; the module and the globals share them, and so their ids. */
export function timersOf(vu: VuContext): TimerFunctions {
  let timers = timersByVu.get(vu);
  if (timers === undefined) {
    timers = createTimers(vu);
    timersByVu.set(vu, timers);
  }
  return timers;
}

interface Pending {
  readonly id: number;
  readonly kind: "setTimeout" | "setInterval";
  readonly dueMs: number;
  readonly cancel: () => void;
}

/** What a VU has planned. While there is any of it, it is told when the iteration is cut, and says so as k6 does. */
class PendingTimers {
  readonly #vu: VuContext;
  readonly #timers = new Map<number, Pending>();
  #attachment: Attachment | undefined;

  constructor(vu: VuContext) {
    this.#vu = vu;
  }

  plan(timer: Omit<Pending, "dueMs" | "cancel">, delayMs: number, fire: () => unknown): void {
    const dueMs = this.#vu.clock.nowMs() + delayMs;
    const cancel = this.#vu.schedule(delayMs, fire);
    this.#timers.set(timer.id, { ...timer, dueMs, cancel });
    this.#attachment ??= this.#vu.attach({ cancel: () => this.#cut(), destroy: () => this.#cut() });
  }

  /** The timer fired, or is not wanted any more. */
  drop(id: number): void {
    const known = this.#timers.get(id);
    if (known === undefined) return;
    this.#timers.delete(id);
    known.cancel();
    if (this.#timers.size === 0) this.#release();
  }

  #cut(): void {
    const cut = [...this.#timers.values()].sort((a, b) => a.dueMs - b.dueMs);
    this.#timers.clear();
    for (const { kind, id } of cut)
      this.#vu.logger.log(
        "warning",
        `${kind} ${id} was stopped because the VU iteration was interrupted`,
      );
    this.#release();
  }

  #release(): void {
    this.#attachment?.release();
    this.#attachment = undefined;
  }
}

function createTimers(vu: VuContext): TimerFunctions {
  let pending: PendingTimers | undefined;
  let lastId = 0;
  const plan = (
    timer: Omit<Pending, "dueMs" | "cancel">,
    delayMs: unknown,
    fire: () => unknown,
  ): void => {
    pending ??= new PendingTimers(vu);
    pending.plan(timer, toDelayMs(delayMs), fire);
  };
  const clear = (id: unknown): void => pending?.drop(Number(id));
  return {
    setTimeout(callback, delayMs, ...args) {
      requireCallback("setTimeout", callback);
      const id = ++lastId;
      plan({ id, kind: "setTimeout" }, delayMs, () => {
        pending?.drop(id);
        return callback(...args);
      });
      return id;
    },
    clearTimeout: clear,
    setInterval(callback, delayMs, ...args) {
      requireCallback("setInterval", callback);
      const id = ++lastId;
      const fire = (): unknown => {
        plan({ id, kind: "setInterval" }, delayMs, fire);
        return callback(...args);
      };
      plan({ id, kind: "setInterval" }, delayMs, fire);
      return id;
    },
    clearInterval: clear,
  };
}

function requireCallback(name: string, callback: unknown): void {
  if (typeof callback === "function") return;
  if (callback === undefined || callback === null)
    throw new GoError(`${name}'s callback isn't a callable function`);
  throw new TypeError(
    `could not convert function call parameter 0: could not convert ${toGoString(callback)} to sobek.Callable`,
  );
}

function toDelayMs(delay: unknown): number {
  // The unary plus, unlike Number(), refuses a BigInt as k6 does.
  const delayMs = +(delay as number);
  return delayMs > 0 ? delayMs : 0;
}

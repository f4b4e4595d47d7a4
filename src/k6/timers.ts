/**
 * Module `k6/timers` and the global timer functions: ids from 1 within a VU, callbacks on the VU's event loop.
 * An interval plans its next run before it calls back, so a callback that blocks delays the runs and loses none of them.
 */
import type { VuContext } from "./context.ts";
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

function createTimers(vu: VuContext): TimerFunctions {
  let running: Map<number, () => void> | undefined;
  let lastId = 0;
  // oxlint-disable-next-line max-params -- the timer and when it fires
  const plan = (timer: string, id: number, delayMs: unknown, fire: () => unknown): void => {
    running ??= new Map();
    const onCut = (): void =>
      vu.logger.log(
        "warning",
        `${timer} ${id} was stopped because the VU iteration was interrupted`,
      );
    running.set(id, vu.schedule(toDelayMs(delayMs), fire, onCut));
  };
  const clear = (id: unknown): void => {
    running?.get(Number(id))?.();
    running?.delete(Number(id));
  };
  return {
    setTimeout(callback, delayMs, ...args) {
      requireCallback("setTimeout", callback);
      const id = ++lastId;
      plan("setTimeout", id, delayMs, () => {
        running?.delete(id);
        return callback(...args);
      });
      return id;
    },
    clearTimeout: clear,
    setInterval(callback, delayMs, ...args) {
      requireCallback("setInterval", callback);
      const id = ++lastId;
      const fire = (): unknown => {
        plan("setInterval", id, delayMs, fire);
        return callback(...args);
      };
      plan("setInterval", id, delayMs, fire);
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

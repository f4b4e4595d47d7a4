/** Calls of a stream into the script: on the VU's event loop, where they may block, and never in the middle of other code. */
import type { VuContext } from "../context.ts";

type Callback = (...args: unknown[]) => unknown;

/** `callback` as the platform's streams may call it at any time: a promise of what it gives. */
export function onLoop(
  vu: VuContext,
  callback: Callback,
): (...args: unknown[]) => Promise<unknown> {
  return (...args) =>
    new Promise((resolve, reject) => {
      vu.schedule(0, () => vu.call(() => callback(...args), { onValue: resolve, onError: reject }));
    });
}

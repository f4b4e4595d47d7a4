/** The two ways in which a VU waits on the sleep wheel: the script's own pause, and a wait of a module. */
import type { BlockedCall } from "../../script/index.ts";
import type { Sleeper } from "./sleep-wheel.ts";

/** What wakes a VU from a pause; one object for all pauses of a VU. */
export class PauseEnd implements Sleeper {
  dueMs: number | undefined;
  next: Sleeper | undefined;
  previous: Sleeper | undefined;
  call: BlockedCall<undefined> | undefined;

  onWake(): void {
    const { call } = this;
    this.call = undefined;
    call?.done(undefined);
  }
}

/** A wait of a module on behalf of the script, inside a blocking call. */
export class Sleep implements Sleeper {
  dueMs: number | undefined;
  next: Sleeper | undefined;
  previous: Sleeper | undefined;
  readonly onWake: () => void;

  constructor(onWake: () => void) {
    this.onWake = onWake;
  }
}

/** The two ways in which a VU waits on the sleep wheel: the script's own pause, and a wait of a module. */
import type { BlockedCall } from "../../script/index.ts";
import { Sleeper } from "./sleep-wheel.ts";

/** What wakes a VU from a pause; one object for all pauses of a VU. */
export class PauseEnd extends Sleeper {
  call: BlockedCall<undefined> | undefined;

  override onWake(): void {
    const { call } = this;
    this.call = undefined;
    call?.done(undefined);
  }
}

/** A wait of a module on behalf of the script, inside a blocking call. */
export class Sleep extends Sleeper {
  readonly #onOver: () => void;

  constructor(onOver: () => void) {
    super();
    this.#onOver = onOver;
  }

  override onWake(): void {
    this.#onOver();
  }
}

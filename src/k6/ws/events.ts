/** The listeners of one WebSocket of `k6/websockets`, and the events that they are given. */
import type { ScriptFunction } from "../callbacks.ts";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { textOf } from "../text.ts";

/** In the order in which k6 shows their `on…` properties. */
export const eventTypes = ["message", "error", "open", "close", "ping", "pong"] as const;
export type EventType = (typeof eventTypes)[number];

const none: readonly ScriptFunction[] = [];

/** Who listens to what. The handler of `on…` comes before the listeners that were added. */
export class Listeners {
  readonly #vu: VuContext;
  #handlers: Map<EventType, ScriptFunction> | undefined;
  #added: Map<EventType, ScriptFunction[]> | undefined;

  constructor(vu: VuContext) {
    this.#vu = vu;
  }

  of(type: EventType): readonly ScriptFunction[] {
    const handler = this.#handlers?.get(type);
    const added = this.#added?.get(type) ?? none;
    return handler === undefined ? added : [handler, ...added];
  }

  /** addEventListener. */
  add(given: unknown, listener: unknown): void {
    const type = given === undefined ? "" : textOf(given);
    if (listener === undefined || listener === null)
      throw new GoError(`handler for event type ${JSON.stringify(type)} isn't a callable function`);
    if (typeof listener !== "function") {
      throw new TypeError(
        `could not convert function call parameter 1: could not convert ${textOf(listener)} to func(sobek.Value) (sobek.Value, error)`,
      );
    }
    if (!isEventType(type)) {
      this.#vu.logger.log("warning", `can't add event handler: unknown event type: ${type}`);
      return;
    }
    const all = (this.#added ??= new Map<EventType, ScriptFunction[]>());
    const added = all.get(type);
    if (added === undefined) all.set(type, [listener as ScriptFunction]);
    else added.push(listener as ScriptFunction);
  }

  /** The `on…` property; null takes the handler away. */
  set(type: EventType, handler: unknown): void {
    if (handler === undefined || handler === null) {
      this.#handlers?.delete(type);
    } else if (typeof handler === "function") {
      (this.#handlers ??= new Map()).set(type, handler as ScriptFunction);
    } else {
      throw new GoError(`a value for 'on${type}' should be callable`);
    }
  }

  /** What reading an `on…` property gives: in k6 always a function, which gives the handler. */
  getter(type: EventType): () => unknown {
    return () => this.#handlers?.get(type) ?? null;
  }
}

function isEventType(type: string): type is EventType {
  return (eventTypes as readonly string[]).includes(type);
}

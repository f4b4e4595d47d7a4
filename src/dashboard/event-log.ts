/** The latest notable events: bounded however much is told, and never a flood: of each second a few, then how many more. */
import type { LogEvent } from "../page/index.ts";
import { shownText } from "./shown-text.ts";

const keptEvents = 300;
/** More in one second are only counted. */
const perSecond = 10;

export class EventLog {
  readonly #kept: LogEvent[] = [];
  #nextId = 0;
  #secondStartedMs = -Infinity;
  #inSecond = 0;
  #suppressed = 0;

  add({ wallMs, atMs, level, text }: Omit<LogEvent, "id">): void {
    if (wallMs - this.#secondStartedMs >= 1_000) {
      this.#secondStartedMs = wallMs;
      this.#inSecond = 0;
      this.#tellSuppressed({ wallMs, atMs });
    }
    if (++this.#inSecond > perSecond) this.#suppressed++;
    else this.#keep({ wallMs, atMs, level, text: shownText(text) });
  }

  /** All that are kept, the oldest first. */
  all(): readonly LogEvent[] {
    return [...this.#kept];
  }

  /** Those after the event `id`. */
  after(id: number): readonly LogEvent[] {
    return this.#kept.filter((event) => event.id > id);
  }

  /** Of the latest event; -1 when there is none. */
  get lastId(): number {
    return this.#nextId - 1;
  }

  #tellSuppressed({ wallMs, atMs }: Pick<LogEvent, "wallMs" | "atMs">): void {
    const count = this.#suppressed;
    if (count === 0) return;
    this.#suppressed = 0;
    const text = `and ${count} more in that second, which are in the log`;
    this.#keep({ wallMs, atMs, level: "info", text });
  }

  #keep(event: Omit<LogEvent, "id">): void {
    this.#kept.push({ id: this.#nextId++, ...event });
    if (this.#kept.length > keptEvents) this.#kept.shift();
  }
}

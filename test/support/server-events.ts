/** Reads server-sent events as a page would. */
import { request as httpRequest, type IncomingMessage } from "node:http";

export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

export class EventReader {
  readonly events: ServerEvent[] = [];
  readonly response: IncomingMessage;
  #text = "";
  #waiting: (() => void) | undefined;

  static async open(url: string): Promise<EventReader> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(`${url}events`, resolve).on("error", reject).end();
    });
    return new EventReader(response);
  }

  private constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding("utf8");
    response.on("error", () => undefined);
    response.on("data", (text: string) => this.#read(text));
    response.on("close", () => this.#waiting?.());
  }

  /** Resolves when an event has come that `isMeant`. */
  async until(isMeant: (event: ServerEvent) => boolean): Promise<ServerEvent> {
    for (;;) {
      const found = this.events.find(isMeant);
      if (found !== undefined) return found;
      if (this.response.destroyed) throw new Error("the events are over");
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  close(): void {
    this.response.destroy();
  }

  #read(text: string): void {
    this.#text += text;
    for (let at = this.#text.indexOf("\n\n"); at >= 0; at = this.#text.indexOf("\n\n")) {
      const block = this.#text.slice(0, at);
      this.#text = this.#text.slice(at + 2);
      const event = /^event: (.*)$/mu.exec(block)?.[1];
      const data = /^data: (.*)$/mu.exec(block)?.[1];
      if (event !== undefined) this.events.push({ event, data: JSON.parse(data ?? "null") });
    }
    this.#waiting?.();
  }
}

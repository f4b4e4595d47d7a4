/**
 * The pages that listen: server-sent events, each to all. A page that does not read fast enough is sent nothing until what
 * it was sent has left, and then everything anew: it costs a bounded amount of memory, however slow it is.
 */
import type { ServerResponse } from "node:http";

/** More waiting bytes than this: the page does not keep up. */
const waitingLimitBytes = 1_000_000;
/** Between runs nothing else may be told for long; a page that hears nothing at all takes the run for lost. */
const heartbeatMs = 10_000;

export const clientLimit = 32;

interface Client {
  readonly response: ServerResponse;
  /** True while it is sent nothing; what it missed is in the snapshot that it gets then. */
  isBehind: boolean;
}

export class Clients {
  readonly #clients = new Set<Client>();
  /** The text of a snapshot, made when somebody needs one. */
  readonly #snapshot: () => string;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(snapshot: () => string) {
    this.#snapshot = snapshot;
    this.#heartbeat = setInterval(() => this.#writeAll(eventText("beat", "{}")), heartbeatMs);
    this.#heartbeat.unref();
  }

  get size(): number {
    return this.#clients.size;
  }

  /** A page begins to listen; its head is written. */
  add(response: ServerResponse): void {
    const client: Client = { response, isBehind: false };
    this.#clients.add(client);
    response.on("close", () => this.#clients.delete(client));
    response.on("error", () => this.#clients.delete(client));
    response.on("drain", () => this.#catchUp(client));
    // Lost, the page looks again after a second.
    response.write(`retry: 1000\n\n${eventText("snapshot", this.#snapshot())}`);
  }

  /** To all that keep up. `makeJson` is called when there is anybody. */
  send(event: "update" | "snapshot", makeJson: () => string): void {
    if (this.#clients.size > 0) this.#writeAll(eventText(event, makeJson()));
  }

  /** The last event; resolves when the pages have it, or have had time to take it. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.#heartbeat);
    const ends = [...this.#clients].map(({ response }) => {
      const ended = new Promise<void>((resolve) => response.once("close", resolve));
      response.end(eventText("bye", "{}"));
      return ended;
    });
    if (ends.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.all(ends), patience]);
    clearTimeout(timer);
  }

  #writeAll(text: string): void {
    for (const client of this.#clients) {
      if (client.isBehind) continue;
      client.response.write(text);
      client.isBehind = client.response.writableLength > waitingLimitBytes;
    }
  }

  #catchUp(client: Client): void {
    if (!client.isBehind) return;
    client.isBehind = false;
    client.response.write(eventText("snapshot", this.#snapshot()));
  }
}

/** JSON has no line breaks of its own: one line is one event's data. */
function eventText(event: string, json: string): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}

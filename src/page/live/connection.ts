/** The page's line to the server: events in, requests out. Lost, it is looked for again until the server says goodbye. */
import {
  type ControlAnswer,
  type ControlRequest,
  type Snapshot,
  tokenHeader,
  type Update,
} from "./feed.ts";
import type { Connection } from "./model.ts";

export interface Listener {
  onSnapshot(snapshot: Snapshot): void;
  onUpdate(update: Update): void;
  onConnection(connection: Connection): void;
}

/** Nothing for so long: the server tells something each ten seconds at least. */
const silenceMs = 25_000;

export function listen(listener: Listener): void {
  const source = new EventSource("/events");
  let isClosed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => listener.onConnection("lost"), silenceMs);
    listener.onConnection("live");
  };
  const on = <T>(event: string, take: (data: T) => void): void =>
    source.addEventListener(event, ({ data }: MessageEvent<string>) => {
      heard();
      take(JSON.parse(data) as T);
    });
  on<Snapshot>("snapshot", (snapshot) => listener.onSnapshot(snapshot));
  on<Update>("update", (update) => listener.onUpdate(update));
  source.addEventListener("beat", heard);
  source.addEventListener("bye", () => {
    isClosed = true;
    clearTimeout(timer);
    source.close();
    listener.onConnection("closed");
  });
  source.addEventListener("error", () => {
    clearTimeout(timer);
    // After a refusal a browser does not look again by itself.
    if (!isClosed) listener.onConnection("lost");
    if (!isClosed && source.readyState === EventSource.CLOSED)
      setTimeout(() => listen(listener), 2_000);
  });
}

/** Asks the run for something; the answer says whether it does it. */
export async function ask(request: ControlRequest): Promise<ControlAnswer> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="lakh-token"]')?.content ?? "";
  try {
    const response = await fetch("/control", {
      method: "POST",
      headers: { "content-type": "application/json", [tokenHeader]: token },
      body: JSON.stringify(request),
    });
    return (await response.json()) as ControlAnswer;
  } catch {
    return { ok: false, error: "the run does not answer: it may be over" };
  }
}

/** The samples of one WebSocket: handles of its metrics under its tags (reference k6-behaviour 6.1). */
import type { Metric, Series, TagSet } from "../../metrics/index.ts";
import type { VuContext } from "../context.ts";
import { workerScope } from "../worker-scope.ts";
import type { HandshakeResponse } from "./dial.ts";

/** Tags of a connection: the script's, overwritten by what the connection itself says. */
export function socketTags(
  vu: VuContext,
  tags: TagSet,
  socket: { url: string; response: HandshakeResponse | undefined },
): TagSet {
  const { response } = socket;
  const enabled = vu.options.systemTags;
  let all = tags;
  if (response !== undefined) {
    if (enabled.has("status")) all = all.with("status", String(response.status));
    // Unlike other system tags it is kept when it is empty.
    if (enabled.has("subproto"))
      all = all.with("subproto", response.headers["Sec-Websocket-Protocol"] ?? "");
    if (enabled.has("ip")) all = all.with("ip", response.remoteIp);
  }
  return enabled.has("url") ? all.with("url", socket.url) : all;
}

/** Records the samples of one WebSocket. An interrupted iteration leaves none. */
export class SocketSeries {
  readonly #vu: VuContext;
  readonly #tags: TagSet;
  #sent: Series | undefined;
  #received: Series | undefined;

  constructor(vu: VuContext, tags: TagSet) {
    this.#vu = vu;
    this.#tags = tags;
  }

  /** A dial is over, however it ended. */
  onDialed(connectingMs: number): void {
    const { wsSessions, wsConnecting } = workerScope(this.#vu).builtin;
    this.#add(wsSessions, 1);
    this.#add(wsConnecting, connectingMs);
  }

  onSent(): void {
    if (this.#vu.interrupted) return;
    this.#vu.claimSamples();
    this.#sent ??= this.#vu.series(workerScope(this.#vu).builtin.wsMsgsSent, this.#tags);
    this.#sent.add(1);
  }

  onReceived(): void {
    if (this.#vu.interrupted) return;
    this.#vu.claimSamples();
    this.#received ??= this.#vu.series(workerScope(this.#vu).builtin.wsMsgsReceived, this.#tags);
    this.#received.add(1);
  }

  onPong(roundTripMs: number): void {
    this.#add(workerScope(this.#vu).builtin.wsPing, roundTripMs);
  }

  onEnd(sessionMs: number): void {
    this.#add(workerScope(this.#vu).builtin.wsSessionDuration, sessionMs);
  }

  #add(metric: Metric, value: number): void {
    if (!this.#vu.interrupted) this.#vu.series(metric, this.#tags).add(value);
  }
}

/** Pings under way, by their payload: a running number. */
export class Pings {
  #lastId = 0;
  #startedMs: Map<string, number> | undefined;

  /** The payload of the next ping. */
  begin(nowMs: number): string {
    const id = String(++this.#lastId);
    (this.#startedMs ??= new Map()).set(id, nowMs);
    return id;
  }

  /** How long the ping with this payload took; undefined when there is none. */
  end(payload: string, nowMs: number): number | undefined {
    const startedMs = this.#startedMs?.get(payload);
    this.#startedMs?.delete(payload);
    return startedMs === undefined ? undefined : nowMs - startedMs;
  }
}

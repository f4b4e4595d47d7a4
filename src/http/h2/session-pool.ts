/**
 * A client's HTTP/2 sessions. Which protocol an origin speaks is known only when a handshake has answered, so while the
 * first one is under way further requests wait for it instead of opening connections; with an HTTP/1.1 answer each gets
 * its own after all. The answer is remembered for all clients of the worker.
 * As k6, a session that has as many requests as its peer takes at once gets another one beside it.
 */
import type { Sweepable } from "../deadline-sweep.ts";
import { failures } from "../errors.ts";
import type { LoadGuard } from "../load-guard.ts";
import { settleFailed } from "../pending-exchange.ts";
import type { PendingExchange } from "../pending-exchange.ts";
import { Http2Session, type Carrier, type SessionOwner, type SessionParts } from "./session.ts";

/** What the pools of a worker share. */
export interface PoolParts extends SessionParts {
  /** Keys of the origins whose last handshake chose HTTP/1.1. */
  readonly http1Origins: Set<string>;
  readonly guard: LoadGuard | undefined;
}

/** Opens a connection for a request; what its handshake says comes back here. */
type Dial = (pending: PendingExchange) => void;

const maxRememberedOrigins = 1_000;
/** As in Go: at once, then after 1, 2, 4 … seconds. */
const maxRepetitions = 7;

export class SessionPool {
  readonly #parts: PoolParts;
  readonly #dial: Dial;
  readonly #routes = new Map<string, Route>();

  constructor(parts: PoolParts, dial: Dial) {
    this.#parts = parts;
    this.#dial = dial;
  }

  /** True when the request is served here, now or later; false when it is to dial. */
  take(pending: PendingExchange): boolean {
    const route = this.#routes.get(pending.origin.key);
    if (route === undefined) return false;
    return route.serve(pending, pending.startMs) || this.#waits(route, pending);
  }

  /** A connection is being opened to a TLS origin. */
  onDialStart(key: string, dial: object): void {
    let route = this.#routes.get(key);
    if (route === undefined) {
      route = new Route(this.#parts, this.#dial, () => this.#routes.delete(key));
      this.#routes.set(key, route);
    }
    route.dials.add(dial);
  }

  /** Its handshake agreed on HTTP/2. @returns the session, which has taken the request */
  onHttp2(dial: object, carrier: Carrier, pending: PendingExchange): Http2Session {
    const { key } = pending.origin;
    this.#parts.http1Origins.delete(key);
    return this.#routes.get(key)!.open(dial, carrier, pending);
  }

  /** Its handshake agreed on HTTP/1.1, or on nothing. */
  onHttp1(key: string, dial: object): void {
    if (this.#parts.http1Origins.size >= maxRememberedOrigins) this.#parts.http1Origins.clear();
    this.#parts.http1Origins.add(key);
    this.#routes.get(key)?.onDialEnd(dial);
  }

  /** It is closed; nothing happens when its protocol was known. */
  onDialEnd(key: string, dial: object): void {
    this.#routes.get(key)?.onDialEnd(dial);
  }

  /** Closes the sessions without a request. */
  closeIdle(): void {
    for (const route of this.#routes.values()) route.close(true);
  }

  /** Fails whatever waits and runs. */
  destroy(): void {
    for (const route of this.#routes.values()) route.close(false);
  }

  #waits(route: Route, pending: PendingExchange): boolean {
    // A session that closes after it would serve nobody else.
    if (pending.template.closes) return false;
    if (route.dials.size === 0 || this.#parts.http1Origins.has(pending.origin.key)) return false;
    route.wait(pending);
    return true;
  }
}

/** The sessions of one origin, and who waits for one. */
class Route implements SessionOwner, Sweepable {
  isSwept = false;
  /** Connections whose protocol is not known yet. */
  readonly dials = new Set<object>();
  readonly #parts: PoolParts;
  readonly #dial: Dial;
  readonly #onEmpty: () => void;
  readonly #sessions: Http2Session[] = [];
  #waiting: PendingExchange[] = [];
  /** Repetitions that are not due yet. */
  #delayed: { readonly pending: PendingExchange; readonly dueMs: number }[] = [];

  constructor(parts: PoolParts, dial: Dial, onEmpty: () => void) {
    this.#parts = parts;
    this.#dial = dial;
    this.#onEmpty = onEmpty;
  }

  /** True when a session takes the request. */
  serve(pending: PendingExchange, nowMs: number): boolean {
    for (const session of this.#sessions) {
      if (!session.hasRoom) continue;
      if (session.isGuarded && !this.#parts.guard!.admits(pending.origin.hostname))
        queueMicrotask(() => settleFailed(pending, failures.unconfirmedHost));
      else session.serve(pending, nowMs);
      return true;
    }
    return false;
  }

  wait(pending: PendingExchange): void {
    this.#waiting.push(pending);
    this.#parts.sweep.add(this);
  }

  open(dial: object, carrier: Carrier, pending: PendingExchange): Http2Session {
    this.dials.delete(dial);
    const session = new Http2Session(this.#parts, this, carrier);
    this.#sessions.push(session);
    session.serve(pending, this.#parts.clock.nowMs());
    this.#serveWaiting();
    return session;
  }

  onDialEnd(dial: object): void {
    if (!this.dials.delete(dial) || this.dials.size > 0) return;
    // No handshake to wait for any more: each on its own, as k6 from the start.
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const pending of waiting) this.#dial(pending);
    this.#settleDown();
  }

  onRoom(): void {
    if (this.#waiting.length > 0) this.#serveWaiting();
  }

  onClosed(session: Http2Session): void {
    this.#sessions.splice(this.#sessions.indexOf(session), 1);
    this.#settleDown();
  }

  repeat(pending: PendingExchange): boolean {
    const { exchange } = pending;
    if (exchange.retries >= maxRepetitions) return false;
    exchange.retries++;
    exchange.timings.connecting = 0;
    exchange.timings.tls_handshaking = 0;
    if (exchange.retries === 1) {
      this.#place(pending);
    } else {
      const delayMs = 2 ** (exchange.retries - 2) * 1_000 * (1 + 0.1 * Math.random());
      this.#delayed.push({ pending, dueMs: this.#parts.clock.nowMs() + delayMs });
      this.#parts.sweep.add(this);
    }
    return true;
  }

  checkDeadline(nowMs: number): boolean {
    const due = this.#delayed.filter(({ dueMs }) => nowMs >= dueMs);
    if (due.length > 0) this.#delayed = this.#delayed.filter(({ dueMs }) => nowMs < dueMs);
    const late = this.#takeLate(nowMs);
    for (const { pending } of due) this.#place(pending);
    for (const pending of late) failWaiting(pending, nowMs);
    this.#settleDown();
    return this.#waiting.length > 0 || this.#delayed.length > 0;
  }

  close(onlyIdle: boolean): void {
    const waiting = onlyIdle
      ? []
      : [...this.#waiting, ...this.#delayed.map((entry) => entry.pending)];
    if (!onlyIdle) {
      this.#waiting = [];
      this.#delayed = [];
    }
    const sessions = [...this.#sessions]; // a closed one leaves the list
    for (const session of sessions) {
      if (!onlyIdle || session.isIdle) session.close(failures.canceled);
    }
    for (const pending of waiting) settleFailed(pending, failures.canceled);
    this.#settleDown();
  }

  /** Where a repeated request goes: a session with room, or a new connection, its own or one under way. */
  #place(pending: PendingExchange): void {
    if (this.serve(pending, this.#parts.clock.nowMs())) return;
    if (this.dials.size > 0 && !pending.template.closes) this.wait(pending);
    else this.#dial(pending);
  }

  #serveWaiting(): void {
    const nowMs = this.#parts.clock.nowMs();
    while (this.#waiting.length > 0 && this.serve(this.#waiting[0]!, nowMs)) this.#waiting.shift();
    if (this.#waiting.length > 0 && this.dials.size === 0) this.#dial(this.#waiting.shift()!);
    this.#settleDown();
  }

  /** Takes out those whose time is over, of the waiting and of the delayed. */
  #takeLate(nowMs: number): PendingExchange[] {
    const isLate = (pending: PendingExchange): boolean => nowMs >= pending.deadlineMs;
    const late = this.#waiting.filter(isLate);
    if (late.length > 0) this.#waiting = this.#waiting.filter((pending) => !isLate(pending));
    const lateDelayed = this.#delayed.filter(({ pending }) => isLate(pending));
    if (lateDelayed.length === 0) return late;
    this.#delayed = this.#delayed.filter(({ pending }) => !isLate(pending));
    return [...late, ...lateDelayed.map(({ pending }) => pending)];
  }

  #settleDown(): void {
    if (this.#waiting.length > 0 || this.#delayed.length > 0) return;
    if (this.#sessions.length === 0 && this.dials.size === 0) this.#onEmpty();
  }
}

function failWaiting(pending: PendingExchange, nowMs: number): void {
  pending.exchange.timings.blocked = nowMs - pending.startMs;
  settleFailed(pending, failures.timeout);
}

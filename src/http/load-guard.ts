/**
 * Keeps load from hosts that nobody has confirmed. Hosts that are not loopback get a few requests in any second, all of
 * them together, until the user names them; what counts is where a connection really leads, so that a name which leads
 * to loopback is free. Through a proxy the host behind it counts.
 *
 * A connection is looked at when it is dialled, and only those that lead to an unconfirmed host ask again for each
 * request: confirmed and loopback hosts pay nothing. All workers count together.
 */
import type { RateWindow } from "../base/rate-window.ts";
import { type ConfirmedHosts, isLoopback } from "./confirmed-hosts.ts";
import type { Origin } from "./origin.ts";

const maxNamedHosts = 8;

export interface LoadGuardParts {
  readonly confirmed: ConfirmedHosts;
  /** Shared by all guards that count together. */
  readonly window: RateWindow;
  /** Unix milliseconds. */
  readonly wallMs: () => number;
  /** A host that is not confirmed was asked for, for the first time. */
  readonly onUnconfirmed: (host: string) => void;
  /** The first request that is not let through, within so many milliseconds of those that were. */
  readonly onBreach: (withinMs: number) => void;
}

export class LoadGuard {
  readonly #parts: LoadGuardParts;
  /** Unconfirmed hosts so far. */
  readonly #hosts = new Set<string>();
  #isBreachTold = false;

  constructor(parts: LoadGuardParts) {
    this.#parts = parts;
  }

  /** True when each request of a connection to `ip` for this origin must ask {@link admits}. */
  watches({ hostname, isTls, proxy }: Origin, ip: string): boolean {
    if (proxy === undefined) return this.watchesHost(hostname, ip);
    // A connection to a proxy for http: serves all hosts.
    return !isTls || !this.#parts.confirmed.has(hostname);
  }

  /** The same without a proxy. */
  watchesHost(hostname: string, ip: string): boolean {
    return !isLoopback(ip) && !this.#parts.confirmed.has(hostname);
  }

  /** Counts a request; false when it must not be sent. */
  admits(hostname: string): boolean {
    const { confirmed, window, wallMs } = this.#parts;
    if (confirmed.has(hostname)) return true;
    this.#note(hostname);
    if (window.admit(wallMs())) return true;
    this.#tellBreach();
    return false;
  }

  #note(hostname: string): void {
    if (this.#hosts.has(hostname) || this.#hosts.size >= maxNamedHosts) return;
    this.#hosts.add(hostname);
    this.#parts.onUnconfirmed(hostname);
  }

  #tellBreach(): void {
    if (this.#isBreachTold) return;
    this.#isBreachTold = true;
    this.#parts.onBreach(this.#parts.window.exceededWithinMs ?? 0);
  }
}

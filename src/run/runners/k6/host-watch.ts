/**
 * The load guard for a k6 that sends the load: it cannot hold a request back, so it watches the samples, and tells when
 * a host that nobody has confirmed gets more than 50 requests in a second. It sees what the samples tell: HTTP requests
 * with the system tag `url`, a moment after they were made.
 */
import { breachError, unconfirmedRequestsPerSecond } from "../../../engine/index.ts";
import {
  ConfirmedHosts,
  createHttpStack,
  type HttpOptions,
  type HttpStack,
  isLoopback,
} from "../../../http/index.ts";
import type { Clock } from "../../../base/clock.ts";
import type { LakhError } from "../../../base/errors.ts";

const secondMs = 1_000;
/** Samples come in the order of their VUs, not of time: this far back they may still come. */
const keptMs = 10_000;

export class HostWatch {
  /** Why the run must end; undefined while it may go on. */
  breach: LakhError | undefined;
  readonly #confirmed: ConfirmedHosts;
  readonly #stack: HttpStack;
  readonly #onBreach: () => void;
  /** By host: whether its requests are counted, or the look-up that will tell. */
  readonly #hosts = new Map<string, Promise<boolean> | boolean>();
  readonly #lookUps: Promise<boolean>[] = [];
  /** Of hosts that are not confirmed. */
  readonly #requests = new Map<string, number>();
  /** Of the last unconfirmed requests, ascending. */
  #timesMs: number[] = [];

  /** @throws LakhError HTTP_BAD_CONFIRM_HOST, and what is wrong with `options` */
  constructor(
    confirmedHosts: readonly string[],
    { options, clock, onBreach }: { options: HttpOptions; clock: Clock; onBreach: () => void },
  ) {
    this.#confirmed = new ConfirmedHosts(confirmedHosts);
    this.#stack = createHttpStack(options, clock);
    this.#onBreach = onBreach;
  }

  /** A request to this URL ended. @param timeMs Unix milliseconds */
  note(host: UrlHost, timeMs: number): void {
    const isWatched = this.#isWatched(host);
    if (isWatched === true) this.#count(host.hostname, timeMs);
    else if (isWatched !== false)
      void isWatched.then((watched) => {
        if (watched) this.#count(host.hostname, timeMs);
      });
  }

  /** Unconfirmed hosts and their requests so far, once every name has been looked up. */
  async unconfirmed(): Promise<{ hosts: readonly string[]; requests: number }> {
    await Promise.all(this.#lookUps);
    const requests = [...this.#requests.values()].reduce((sum, count) => sum + count, 0);
    return { hosts: [...this.#requests.keys()], requests };
  }

  close(): void {
    this.#stack.close();
  }

  #isWatched(host: UrlHost): Promise<boolean> | boolean {
    const known = this.#hosts.get(host.hostname);
    if (known !== undefined) return known;
    if (this.#confirmed.has(host.hostname)) {
      this.#hosts.set(host.hostname, false);
      return false;
    }
    const lookUp = this.#lookUp(host);
    this.#hosts.set(host.hostname, lookUp);
    this.#lookUps.push(lookUp);
    return lookUp;
  }

  /** A name that cannot be looked up here leads nobody knows where. */
  async #lookUp({ hostname, port }: UrlHost): Promise<boolean> {
    const address = await this.#stack.createClient().resolveAddress(hostname, port);
    const isWatched = "code" in address || !isLoopback(address.ip);
    this.#hosts.set(hostname, isWatched);
    return isWatched;
  }

  #count(hostname: string, timeMs: number): void {
    this.#requests.set(hostname, (this.#requests.get(hostname) ?? 0) + 1);
    if (this.breach !== undefined) return;
    const times = this.#timesMs;
    const after = times.findLastIndex((earlier) => earlier <= timeMs) + 1;
    times.splice(after, 0, timeMs);
    const limit = unconfirmedRequestsPerSecond;
    for (let last = Math.max(after, limit); last < times.length; last++) {
      const withinMs = times[last]! - times[last - limit]!;
      if (withinMs < secondMs) this.#tell(withinMs);
    }
    const oldestMs = times.at(-1)! - keptMs;
    if (times[0]! < oldestMs) this.#timesMs = times.filter((time) => time >= oldestMs);
  }

  #tell(withinMs: number): void {
    if (this.breach !== undefined) return;
    this.breach = breachError([...this.#requests.keys()], withinMs);
    this.#onBreach();
  }
}

/** The host of a URL. */
export interface UrlHost {
  /** In lower case, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Undefined for what is no URL: a tag may hold anything. */
export function hostOfUrl(text: string | undefined): UrlHost | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { hostname, port, protocol } = new URL(text);
  const isTls = protocol === "https:";
  if (hostname === "") return undefined;
  const bare = hostname.toLowerCase().replace(/^\[(.*)\]$/u, "$1");
  return { hostname: bare, port: port === "" ? (isTls ? 443 : 80) : Number(port) };
}

/**
 * A queue of known capacity: one first-in-first-out line before c servers, each request served for a time drawn from a
 * distribution. When a request will be answered follows at its arrival, so the queue runs in virtual time for tests and
 * truths, and in real time behind the HTTP server of queue-target.ts, without any error that adds up.
 */

/** Uniform numbers in (0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4_294_967_296;
  };
}

export interface QueueModel {
  readonly servers: number;
  readonly meanServiceMs: number;
  readonly service: "exponential" | "deterministic" | "lognormal";
  readonly arrivals: "even" | "poisson";
  /** Time of an answer that is no waiting and no service: network, parsing. */
  readonly baseMs?: number;
}

/** Requests per second that keep every server busy. */
export function saturationRate({ servers, meanServiceMs }: QueueModel): number {
  return (servers * 1_000) / meanServiceMs;
}

/** The line and its servers. */
export class QueueLine {
  readonly #serviceMs: () => number;
  readonly #free: Float64Array;

  constructor(model: QueueModel, random: () => number) {
    this.#serviceMs = serviceOf(model, random);
    this.#free = new Float64Array(model.servers);
  }

  /** When a request that arrives now will have been served; `stretch` lengthens its service. Arrivals must not go back. */
  arrive(nowMs: number, stretch = 1): number {
    const server = soonestOf(this.#free);
    const endedMs = Math.max(nowMs, this.#free[server]!) + this.#serviceMs() * stretch;
    this.#free[server] = endedMs;
    return endedMs;
  }
}

/** One request, in milliseconds of virtual time; without an end when it was not let in. */
export interface Served {
  readonly arrivedMs: number;
  readonly endedMs: number | undefined;
}

export interface Serving {
  readonly seed: number;
  /** Requests that arrive before this. */
  readonly untilMs: number;
  /** Stretches service times. */
  readonly slowdownAt?: (ms: number) => number;
  /** Whether a request that arrives then is sent at all. */
  readonly admits?: (ms: number) => boolean;
  /** A request that fails is answered at once and takes no server. */
  readonly failsAt?: (ms: number) => boolean;
}

/** Requests in the order of arrival. */
export function* serve(
  model: QueueModel,
  ratePerSecond: number,
  serving: Serving,
): Generator<Served> {
  const { seed, untilMs, slowdownAt, admits, failsAt } = serving;
  const random = randomFrom(seed);
  const line = new QueueLine(model, random);
  const meanGapMs = 1_000 / ratePerSecond;
  let arrivedMs = meanGapMs * random();
  const baseMs = model.baseMs ?? 0;
  while (arrivedMs < untilMs) {
    if (admits?.(arrivedMs) === false) {
      yield { arrivedMs, endedMs: undefined };
    } else if (failsAt?.(arrivedMs) === true) {
      yield { arrivedMs, endedMs: arrivedMs + baseMs + 1 };
    } else {
      yield { arrivedMs, endedMs: line.arrive(arrivedMs, slowdownAt?.(arrivedMs)) + baseMs };
    }
    arrivedMs += model.arrivals === "even" ? meanGapMs : -meanGapMs * Math.log(random());
  }
}

/** Share of requests slower than the limit in the long run, by simulation of so many of them. */
export function slowShare(
  model: QueueModel,
  ratePerSecond: number,
  { limitMs, requests = 400_000, seed = 1 }: { limitMs: number; requests?: number; seed?: number },
): number {
  const untilMs = (requests / ratePerSecond) * 1_000;
  const warmMs = untilMs * 0.1;
  let slow = 0;
  let all = 0;
  for (const { arrivedMs, endedMs } of serve(model, ratePerSecond, { seed, untilMs })) {
    if (arrivedMs < warmMs || endedMs === undefined) continue;
    all++;
    if (endedMs - arrivedMs > limitMs) slow++;
  }
  return slow / all;
}

/** The rate at which just `allowedShare` of the requests are slower than the limit, by bisection over simulations. */
export function trueCapacity(
  model: QueueModel,
  { limitMs, allowedShare, requests }: { limitMs: number; allowedShare: number; requests?: number },
): number {
  let low = 0.02 * saturationRate(model);
  let high = saturationRate(model);
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2;
    // The same draws at each rate: the share then rises with the rate without noise between steps.
    const share = slowShare(model, middle, {
      limitMs,
      ...(requests === undefined ? {} : { requests }),
    });
    if (share < allowedShare) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function soonestOf(free: Float64Array): number {
  let soonest = 0;
  for (let other = 1; other < free.length; other++)
    if (free[other]! < free[soonest]!) soonest = other;
  return soonest;
}

function serviceOf({ service, meanServiceMs }: QueueModel, random: () => number): () => number {
  switch (service) {
    case "deterministic":
      return () => meanServiceMs;
    case "exponential":
      return () => -meanServiceMs * Math.log(random());
    case "lognormal": {
      const sigma = 0.5; // a coefficient of variation of 0.53
      const mu = Math.log(meanServiceMs) - sigma ** 2 / 2;
      return () => Math.exp(mu + sigma * normalFrom(random));
    }
  }
}

function normalFrom(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

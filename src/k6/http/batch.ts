/**
 * http.batch: several requests at once, at most `batch` together and `batchPerHost` per host, results in the order
 * (or under the keys) given. Items: reference k6-behaviour 4.7.
 */
import { GoError } from "../errors.ts";
import type { RequestCall, RequestPlan } from "./plan.ts";
import { HttpUrl } from "./url.ts";

/** How many requests of a batch run together. */
interface BatchLimits {
  readonly total: number;
  readonly perHost: number;
}

/** One item of a batch, under its key. */
export interface BatchItem {
  readonly key: string;
  readonly call: RequestCall;
}

/** The items of an array or object that a script passes to batch(). */
export function readBatch(requests: unknown): BatchItem[] {
  if (typeof requests !== "object" || requests === null) {
    throw new GoError(`invalid http.batch() argument type ${typeof requests}`);
  }
  return Object.entries(requests).map(([key, item]) => ({ key, call: toCall(item) }));
}

function toCall(item: unknown): RequestCall {
  if (typeof item === "string" || item instanceof HttpUrl) return toGet(item);
  if (Array.isArray(item)) {
    const [method, url, body, params] = item as unknown[];
    if (item.length < 2)
      throw new GoError(`invalid batch request '${String(item)}': a method and a URL are expected`);
    return { method: String(method), url, body, params };
  }
  if (typeof item !== "object" || item === null)
    throw new GoError(`invalid batch request '${String(item)}'`);
  const { method, url, body, params } = item as Partial<RequestCall>;
  if (url === undefined) throw new GoError("batch request doesn't have a url key");
  const verb = method === undefined ? "GET" : String(method).toUpperCase();
  return { method: verb, url, body: verb === "GET" || verb === "HEAD" ? undefined : body, params };
}

function toGet(url: unknown): RequestCall {
  return { method: "GET", url, body: undefined, params: undefined };
}

/**
 * Runs `send` for every plan within the limits. Resolves when all have ended; rejects with the first error then.
 * `hostOf` tells which plans share a limit.
 */
export async function runBatch<R>(
  plans: readonly RequestPlan[],
  limits: BatchLimits,
  calls: { send: (plan: RequestPlan) => Promise<R>; hostOf: (plan: RequestPlan) => string },
): Promise<R[]> {
  const gate = new BatchGate(limits);
  const outcomes = await Promise.allSettled(
    plans.map((plan) => gate.run(calls.hostOf(plan), () => calls.send(plan))),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

interface Waiting {
  readonly host: string;
  readonly start: () => void;
}

/** Admits work in order, skipping what must wait for its host. */
class BatchGate {
  readonly #limits: BatchLimits;
  readonly #runningByHost = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  async run<R>(host: string, work: () => Promise<R>): Promise<R> {
    await new Promise<void>((start) => {
      this.#waiting.push({ host, start });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      this.#running--;
      this.#runningByHost.set(host, this.#runningByHost.get(host)! - 1);
      this.#admit();
    }
  }

  #admit(): void {
    for (let i = 0; i < this.#waiting.length && this.#running < Math.max(1, this.#limits.total); ) {
      const { host, start } = this.#waiting[i]!;
      const running = this.#runningByHost.get(host) ?? 0;
      if (this.#limits.perHost > 0 && running >= this.#limits.perHost) {
        i++;
        continue;
      }
      this.#waiting.splice(i, 1);
      this.#running++;
      this.#runningByHost.set(host, running + 1);
      start();
    }
  }
}

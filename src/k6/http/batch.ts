/**
 * http.batch: several requests at once, at most `batch` together and `batchPerHost` per host, results in the order
 * (or under the keys) given. Items: reference k6-behaviour 4.7.
 */
import { GoError } from "../errors.ts";
import { goText } from "../go-text.ts";
import { goTypeOf } from "../go-types.ts";
import type { RequestCall, RequestPlan } from "./plan.ts";
import { HttpUrl } from "./url.ts";

/** How many requests of a batch run together. */
interface BatchLimits {
  readonly total: number;
  readonly perHost: number;
}

/** One item of a batch, as the script gave it, under its key. */
export interface BatchItem {
  readonly key: string;
  readonly given: unknown;
}

/** The items of an array or object that a script passes to batch(). */
export function readBatch(args: readonly unknown[]): BatchItem[] {
  const [requests] = args;
  if (args.length !== 1)
    throw new GoError("http.batch() accepts only an array or an object of requests");
  if (typeof requests !== "object" || requests === null)
    throw new GoError(`invalid http.batch() argument type ${goTypeOf(requests)}`);
  if (Array.isArray(requests))
    return Array.from(requests, (given: unknown, index) => ({ key: String(index), given }));
  return Object.entries(requests).map(([key, given]) => ({ key, given }));
}

/** The request that an item stands for. @throws GoError when it is none */
export function batchCall({ key, given }: BatchItem): RequestCall {
  if (Array.isArray(given)) {
    const [method, url, body, params] = given as unknown[];
    if (given.length < 2) {
      const shown = (given as unknown[]).map((item) => JSON.stringify(item)).join(", ");
      throw new GoError(`invalid batch request '[]interface {}{${shown}}'`);
    }
    return { method: methodText(method), url, body, params };
  }
  const isRequest = typeof given === "object" && given !== null && !(given instanceof HttpUrl);
  if (!isRequest) return { method: "GET", url: given, body: undefined, params: undefined };
  if (!("url" in given)) throw new GoError(`batch request ${key} doesn't have a url key`);
  const { method, url, body, params } = given as Partial<RequestCall>;
  const verb = "method" in given ? methodText(method).toUpperCase() : "GET";
  return { method: verb, url, body: verb === "GET" || verb === "HEAD" ? undefined : body, params };
}

function methodText(method: unknown): string {
  if (typeof method === "string") return method;
  throw new GoError(`invalid method type '${goText(method)}'`);
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

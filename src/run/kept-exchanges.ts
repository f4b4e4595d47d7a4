/**
 * The exchanges that workers kept, put together: which of them the record gets does not depend on which worker told of them
 * first. The record's part is bounded in bytes: what does not fit loses its bodies, and then is left out.
 */
import { Buffer } from "node:buffer";
import { exchangeCounts, type ExchangeParcel, type KeptExchange } from "../engine/index.ts";
import type {
  BodyRecord,
  ExchangeRecord,
  ExchangesRecord,
  FailureRecord,
} from "../record/index.ts";

/** Bytes of all exchanges together, as JSON. */
const roomBytes = 256 * 1024;

type Parcel = ExchangeParcel["failures"][number];

export class KeptExchanges {
  readonly #failures = new Map<string, { readonly kind: Parcel; count: number }>();
  readonly #samples = new Map<string, KeptExchange[]>();
  /** Of each worker, as it told last. */
  readonly #slowest = new Map<number, readonly KeptExchange[]>();

  add({ failures, slowest }: ExchangeParcel, workerIndex: number): void {
    if (slowest !== undefined) this.#slowest.set(workerIndex, slowest);
    for (const parcel of failures) {
      const key = JSON.stringify([parcel.status, parcel.errorCode, parcel.name, parcel.method]);
      const known = this.#failures.get(key);
      if (known === undefined) this.#failures.set(key, { kind: parcel, count: parcel.count });
      else known.count += parcel.count;
      this.#samples.set(key, [...(this.#samples.get(key) ?? []), ...parcel.samples]);
    }
  }

  /** What the record gets. */
  toRecord(): ExchangesRecord {
    const kinds = [...this.#failures]
      .map(([key, { kind, count }]) => toFailure(kind, count, this.#samples.get(key) ?? []))
      .sort((a, b) => b.count - a.count || compareTexts(nameOf(a), nameOf(b)));
    const limit = exchangeCounts.failureKinds + exchangeCounts.furtherFailureKinds;
    const failures = kinds.filter((kind) => !isRest(kind)).slice(0, limit);
    const told = failures.reduce((sum, { count }) => sum + count, 0);
    const all = kinds.reduce((sum, { count }) => sum + count, 0);
    return withinRoom({ slowest: this.#chooseSlowest(), failures, furtherFailures: all - told });
  }

  #chooseSlowest(): KeptExchange[] {
    const all = [...this.#slowest.values()].flat();
    const steady = chooseFairly(
      all.filter(({ isSteady }) => isSteady),
      { each: exchangeCounts.slowestEach, all: exchangeCounts.slowest },
    );
    const outside = chooseFairly(
      all.filter(({ isSteady }) => !isSteady),
      { each: exchangeCounts.slowestEachOutside, all: exchangeCounts.slowestOutside },
    );
    return [...steady, ...outside].sort(bySlowness);
  }
}

/** First the slowest of each endpoint, then the second of each, and so on. */
export function chooseFairly(
  exchanges: readonly KeptExchange[],
  limits: { readonly each: number; readonly all: number },
): KeptExchange[] {
  const byEndpoint = new Map<string, KeptExchange[]>();
  for (const exchange of exchanges.toSorted(bySlowness)) {
    const key = `${exchange.method} ${exchange.name}`;
    const known = byEndpoint.get(key);
    if (known === undefined) byEndpoint.set(key, [exchange]);
    else known.push(exchange);
  }
  const ranked = [...byEndpoint.values()];
  const rounds = Array.from({ length: limits.each }, (_, round) =>
    ranked.flatMap((group) => group[round] ?? []).sort(bySlowness),
  );
  return rounds.flat().slice(0, limits.all);
}

function bySlowness(a: KeptExchange, b: KeptExchange): number {
  return b.timings.durationMs - a.timings.durationMs || byTime(a, b);
}

/** Those of setup() come first. */
function byTime(a: KeptExchange, b: KeptExchange): number {
  return (
    (a.atMs ?? -1) - (b.atMs ?? -1) ||
    a.vu - b.vu ||
    a.iteration - b.iteration ||
    a.hop - b.hop ||
    compareTexts(a.url, b.url) ||
    compareTexts(a.name, b.name)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function nameOf({ name, method, status, errorCode }: FailureRecord): string {
  return `${name ?? ""} ${method} ${status} ${errorCode}`;
}

function toFailure(kind: Parcel, count: number, samples: readonly KeptExchange[]): FailureRecord {
  const { method, name, status, errorCode } = kind;
  const first = samples.toSorted(byTime).slice(0, exchangeCounts.failuresEach);
  return { method, name, status, errorCode, error: first[0]?.error ?? "", count, samples: first };
}

/** What a worker counts together, because there were too many kinds. */
function isRest({ name, status, errorCode }: FailureRecord): boolean {
  return name === null && status === 0 && errorCode === 0;
}

/** First the heads of all, then bodies; of both those first that matter most: one failure of each kind, the slowest, the rest. */
function withinRoom(chosen: ExchangesRecord): ExchangesRecord {
  const samples = chosen.failures.map((kind) => kind.samples);
  const firsts = samples.flatMap((each) => each.slice(0, 1));
  const byWeight = new Set([...firsts, ...chosen.slowest, ...samples.flat()]);
  const fitted = new Map<ExchangeRecord, ExchangeRecord>();
  let leftBytes = roomBytes;
  const fit = (exchange: ExchangeRecord, form: ExchangeRecord): void => {
    const known = fitted.get(exchange);
    const bytes = sizeOf(form) - (known === undefined ? 0 : sizeOf(known));
    if (bytes > leftBytes) return;
    leftBytes -= bytes;
    fitted.set(exchange, form);
  };
  for (const exchange of byWeight) fit(exchange, withoutBodies(exchange));
  for (const exchange of byWeight) if (fitted.has(exchange)) fit(exchange, exchange);
  const left = (exchanges: readonly ExchangeRecord[]): ExchangeRecord[] =>
    exchanges.flatMap((exchange) => fitted.get(exchange) ?? []);
  return {
    slowest: left(chosen.slowest),
    failures: chosen.failures.map((kind) => ({ ...kind, samples: left(kind.samples) })),
    furtherFailures: chosen.furtherFailures,
  };
}

function sizeOf(exchange: ExchangeRecord): number {
  return Buffer.byteLength(JSON.stringify(exchange));
}

function withoutBodies(exchange: ExchangeRecord): ExchangeRecord {
  const { request, response } = exchange;
  const short = (body: BodyRecord | null): BodyRecord | null =>
    body?.kind === "text" ? { kind: "not-kept", reason: "no-room" } : body;
  return {
    ...exchange,
    request: { ...request, body: short(request.body) },
    response: response === null ? null : { ...response, body: short(response.body) },
  };
}

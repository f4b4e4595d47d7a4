/**
 * The way of parcels to a backend that may be slow, away, or unwilling, without ever holding up a run: parcels wait in
 * order, one is under way, what is not taken is tried again with growing pauses. When more wait than fit, the oldest go,
 * because the newest are the ones somebody looks at. Everything that does not arrive is counted, and said at the end.
 */
import type { Logger } from "../base/log.ts";

/** Something encoded, ready to be sent. */
export interface Parcel {
  /** Bytes of memory that it holds. */
  readonly byteLength: number;
  /** Samples in it (or what else the parts' `unit` names), for the account. */
  readonly sampleCount: number;
}

/** What a backend made of a parcel. */
export type Reception =
  /** All of it but `refusedCount`, for that reason. A reason alone is advice. */
  | {
      readonly kind: "taken";
      readonly refusedCount?: number | undefined;
      readonly reason?: string | undefined;
    }
  /** It may take the same later: away, overloaded, starting. */
  | { readonly kind: "later"; readonly reason: string; readonly retryAfterMs?: number | undefined }
  /** It will never take this one; the next may be better. */
  | { readonly kind: "refused"; readonly reason: string }
  /** It will take none: a wrong password, a receiver that is switched off. */
  | { readonly kind: "closed"; readonly reason: string; readonly hint: string };

export interface DeliveryParts<P extends Parcel> {
  /** For messages: `prometheus (http://127.0.0.1:9090)`. */
  readonly description: string;
  /** Sends one; a rejection is a "later" with the error's message. */
  readonly send: (parcel: P, signal: AbortSignal) => Promise<Reception>;
  readonly logger: Logger;
  /** What is counted, in the plural: "samples" when left out. */
  readonly unit?: string;
  /** Bytes that may wait. */
  readonly maxWaitingBytes?: number;
  /** How long `stop` goes on trying. */
  readonly stopGraceMs?: number;
}

/** Samples, by what became of them. */
export interface DeliveryCounts {
  readonly delivered: number;
  /** Refused by the backend, or not taken in time. */
  readonly lost: number;
  /** Tries, and those of them that failed. */
  readonly requests: number;
  readonly failedRequests: number;
}

const defaultWaitingBytes = 64 * 1024 * 1024;
const defaultGraceMs = 10_000;
const firstPauseMs = 30;
const longestPauseMs = 5_000;
/** A backend that asks for more is asked again all the same. */
const longestRetryAfterMs = 300_000;

export class Delivery<P extends Parcel> {
  readonly #parts: DeliveryParts<P>;
  readonly #abort = new AbortController();
  readonly #waiting: P[] = [];
  #waitingBytes = 0;
  #counts = { delivered: 0, lost: 0, requests: 0, failedRequests: 0 };
  #working: Promise<void> | undefined;
  #endPause: (() => void) | undefined;
  /** Why nothing arrives at present. */
  #trouble: string | undefined;
  #lastTrouble = "";
  #lastAdvice = "";
  #isClosed = false;
  #hasOverflowed = false;

  constructor(parts: DeliveryParts<P>) {
    this.#parts = parts;
  }

  get counts(): DeliveryCounts {
    return this.#counts;
  }

  /** True when the backend will take nothing any more: there is no need to make parcels. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Puts a parcel on its way; returns at once. */
  add(parcel: P): void {
    if (this.#isClosed) {
      this.#lose(parcel);
      return;
    }
    this.#waiting.push(parcel);
    this.#waitingBytes += parcel.byteLength;
    this.#makeRoom();
    // One that is larger than all the room is lost already.
    if (this.#waiting.length > 0) this.#working ??= this.#work();
  }

  /** Delivers what waits, as long as there is hope and time; tells what did not arrive. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#giveUp(), this.#parts.stopGraceMs ?? defaultGraceMs);
    this.#endPause?.();
    await this.#working;
    clearTimeout(timer);
    const { lost } = this.#counts;
    if (lost === 0) return;
    const reason = this.#lastTrouble === "" ? "" : `: ${this.#lastTrouble}`;
    this.#log("error", `${lost} ${this.#unit} did not arrive${reason}`);
  }

  async #work(): Promise<void> {
    let pauseMs = firstPauseMs;
    for (let parcel = this.#next(); parcel !== undefined; ) {
      const reception = await this.#attempt(parcel);
      if (reception.kind === "later" && !this.#isClosed) {
        this.#onTrouble(reception.reason);
        await this.#pause(pauseMs, reception.retryAfterMs ?? 0);
        pauseMs = Math.min(2 * pauseMs, longestPauseMs);
        if (!this.#isClosed) continue;
      }
      pauseMs = firstPauseMs;
      this.#account(parcel, reception);
      parcel = this.#next();
    }
    // Here and not when the promise is settled: what is added in between would wait for ever.
    this.#working = undefined;
  }

  #next(): P | undefined {
    const parcel = this.#waiting.shift();
    if (parcel !== undefined) this.#waitingBytes -= parcel.byteLength;
    return parcel;
  }

  async #attempt(parcel: P): Promise<Reception> {
    this.#counts.requests++;
    const reception = await this.#parts
      .send(parcel, this.#abort.signal)
      .catch((error: unknown): Reception => ({ kind: "later", reason: (error as Error).message }));
    if (reception.kind !== "taken") this.#counts.failedRequests++;
    return reception;
  }

  #account(parcel: P, reception: Reception): void {
    if (reception.kind === "taken") {
      this.#onTaken(parcel, reception);
      return;
    }
    this.#lose(parcel);
    if (reception.kind === "refused") this.#onRefusal(reception.reason);
    if (reception.kind === "closed") this.#close(reception);
  }

  #onTaken(parcel: P, { refusedCount = 0, reason = "" }: Reception & { kind: "taken" }): void {
    const lost = Math.min(refusedCount, parcel.sampleCount);
    this.#counts.delivered += parcel.sampleCount - lost;
    this.#counts.lost += lost;
    this.#onRelief();
    if (lost > 0) this.#onRefusal(reason);
    else if (reason !== "" && reason !== this.#lastAdvice) this.#log("warning", reason);
    if (lost === 0) this.#lastAdvice = reason;
  }

  #onRefusal(reason: string): void {
    if (reason === this.#lastTrouble) return;
    this.#lastTrouble = reason;
    this.#log("warning", `${reason}; these ${this.#unit} are dropped, the run goes on`);
  }

  #close({ reason, hint }: { readonly reason: string; readonly hint: string }): void {
    this.#lastTrouble = reason;
    this.#log("error", `${reason}; nothing is sent there any more, the run goes on. ${hint}`);
    this.#dropAll();
  }

  /** The time for last tries is over. */
  #giveUp(): void {
    this.#dropAll();
    this.#abort.abort();
    this.#endPause?.();
  }

  #dropAll(): void {
    this.#isClosed = true;
    for (let parcel = this.#next(); parcel !== undefined; parcel = this.#next()) this.#lose(parcel);
  }

  #makeRoom(): void {
    const { maxWaitingBytes = defaultWaitingBytes } = this.#parts;
    while (this.#waitingBytes > maxWaitingBytes) {
      this.#lose(this.#next()!);
      if (this.#hasOverflowed) continue;
      this.#hasOverflowed = true;
      const size = `${Math.round(maxWaitingBytes / 1024 / 1024)} MiB`;
      this.#log("warning", `${size} wait to be sent there; the oldest ${this.#unit} are dropped`);
    }
  }

  #lose(parcel: P): void {
    this.#counts.lost += parcel.sampleCount;
  }

  #onTrouble(reason: string): void {
    if (this.#trouble === undefined)
      this.#log("warning", `${reason}; it is tried again, the run goes on`);
    this.#trouble = reason;
    this.#lastTrouble = reason;
  }

  #onRelief(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#log("info", `takes ${this.#unit} again`);
  }

  /** Some more or less, so that many senders do not come back at the same moment; never less than it was asked for. */
  #pause(backOffMs: number, askedForMs: number): Promise<void> {
    const ms = Math.max(
      backOffMs * (0.75 + Math.random() / 2),
      Math.min(askedForMs, longestRetryAfterMs),
    );
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  get #unit(): string {
    return this.#parts.unit ?? "samples";
  }

  #log(level: "info" | "warning" | "error", text: string): void {
    this.#parts.logger.log(level, `output ${this.#parts.description}: ${text}`);
  }
}

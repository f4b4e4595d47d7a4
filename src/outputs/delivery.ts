/**
 * The way of parcels to a backend that may be slow, away, or unwilling, without ever holding up a run: parcels wait in
 * order, one is under way (or as many as there are lanes), what is not taken is tried again with growing pauses. When
 * more wait than fit, the oldest go, because the newest are the ones somebody looks at. Everything that does not arrive
 * is counted, and said at the end.
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
  | { readonly kind: "taken"; readonly advice?: string | undefined }
  /** Taken but for some samples that it will never take. */
  | { readonly kind: "partly"; readonly reason: string; readonly lostSamples: number }
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
  readonly unit?: string | undefined;
  /** Parcels that may be under way at once; one when left out, which keeps their order. */
  readonly lanes?: number | undefined;
  /** Bytes that may wait. */
  readonly maxWaitingBytes?: number | undefined;
  /** How long `stop` goes on trying. */
  readonly stopGraceMs?: number | undefined;
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

/** Of a backend that comes and goes for hours; all of it is in the counts. */
const toldTroubles = 5;

export class Delivery<P extends Parcel> {
  readonly #parts: DeliveryParts<P>;
  readonly #abort = new AbortController();
  readonly #waiting: P[] = [];
  #waitingBytes = 0;
  #counts = { delivered: 0, lost: 0, requests: 0, failedRequests: 0 };
  #openLanes = 0;
  #onIdle: (() => void) | undefined;
  readonly #endPauses = new Set<() => void>();
  #roomSeekers: (() => void)[] = [];
  /** Why nothing arrives at present. */
  #trouble: string | undefined;
  #lastTrouble = "";
  #lastAdvice = "";
  #troubles = 0;
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
    if (this.#openLanes < (this.#parts.lanes ?? 1)) void this.#work();
  }

  /** A warning in the output's name. */
  warn(text: string): void {
    this.#log("warning", text);
  }

  /** Counts samples that will never be in a parcel. */
  drop(sampleCount: number): void {
    this.#counts.lost += sampleCount;
  }

  /** Resolves when fewer bytes than these wait, or when nothing is taken any more. */
  async room(bytes: number): Promise<void> {
    while (this.#waitingBytes >= bytes && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#roomSeekers.push(resolve);
      });
    }
  }

  /**
   * Delivers what waits, as long as there is hope and time; tells what did not arrive. While `feeding` goes on, parcels
   * may still be added; it must end soon after `isClosed` has become true.
   */
  async stop(feeding?: Promise<void>): Promise<void> {
    const timer = setTimeout(() => this.#giveUp(), this.#parts.stopGraceMs ?? defaultGraceMs);
    this.#endAllPauses();
    await feeding;
    await this.#idle();
    clearTimeout(timer);
    const { lost } = this.#counts;
    if (lost === 0) return;
    const reason = this.#lastTrouble === "" ? "" : `: ${this.#lastTrouble}`;
    this.#log("error", `${lost} ${this.#unit} did not arrive${reason}`);
  }

  /** One lane: parcel after parcel, as long as there are any. */
  async #work(): Promise<void> {
    this.#openLanes++;
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
    // In the turn in which nothing was left: a parcel that is added from now on opens a lane of its own.
    this.#openLanes--;
    if (this.#openLanes === 0) this.#onIdle?.();
  }

  async #idle(): Promise<void> {
    if (this.#openLanes === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #next(): P | undefined {
    const parcel = this.#waiting.shift();
    if (parcel === undefined) return undefined;
    this.#waitingBytes -= parcel.byteLength;
    this.#tellOfRoom();
    return parcel;
  }

  async #attempt(parcel: P): Promise<Reception> {
    this.#counts.requests++;
    const reception = await this.#send(parcel);
    if (reception.kind !== "taken") this.#counts.failedRequests++;
    return reception;
  }

  async #send(parcel: P): Promise<Reception> {
    try {
      return await this.#parts.send(parcel, this.#abort.signal);
    } catch (error) {
      return { kind: "later", reason: (error as Error).message };
    }
  }

  #account(parcel: P, reception: Reception): void {
    const lost = lostSamples(reception, parcel);
    this.#counts.lost += lost;
    this.#counts.delivered += parcel.sampleCount - lost;
    switch (reception.kind) {
      case "taken":
        this.#onRelief();
        this.#onAdvice(reception.advice ?? "");
        break;
      case "partly":
        this.#onRelief();
        this.#onRefusal(reception.reason);
        break;
      case "refused":
        this.#onRefusal(reception.reason);
        break;
      case "closed":
        this.#close(reception);
        break;
      case "later":
        break;
    }
  }

  #onAdvice(advice: string): void {
    if (advice === "" || advice === this.#lastAdvice) return;
    this.#lastAdvice = advice;
    this.#log("warning", advice);
  }

  #onRefusal(reason: string): void {
    if (reason === this.#lastTrouble) return;
    this.#lastTrouble = reason;
    this.#warnOfTrouble(`${reason}; these ${this.#unit} are dropped, the run goes on`);
  }

  #close({ reason, hint }: { readonly reason: string; readonly hint: string }): void {
    if (this.#isClosed) return;
    this.#lastTrouble = reason;
    this.#log("error", `${reason}; nothing is sent there any more, the run goes on. ${hint}`);
    this.#dropAll();
    this.#endAllPauses();
  }

  /** The time for last tries is over. */
  #giveUp(): void {
    if (this.#lastTrouble === "") this.#lastTrouble = "it did not take them in time";
    this.#dropAll();
    this.#abort.abort();
    this.#endAllPauses();
  }

  #dropAll(): void {
    this.#isClosed = true;
    for (let parcel = this.#next(); parcel !== undefined; parcel = this.#next()) this.#lose(parcel);
    this.#tellOfRoom();
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

  #tellOfRoom(): void {
    const seekers = this.#roomSeekers;
    this.#roomSeekers = [];
    for (const tell of seekers) tell();
  }

  #lose(parcel: P): void {
    this.#counts.lost += parcel.sampleCount;
  }

  #onTrouble(reason: string): void {
    if (this.#trouble === undefined)
      this.#warnOfTrouble(`${reason}; it is tried again, the run goes on`);
    this.#trouble = reason;
    this.#lastTrouble = reason;
  }

  #onRelief(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    if (this.#troubles <= toldTroubles) this.#log("info", `takes ${this.#unit} again`);
  }

  #warnOfTrouble(text: string): void {
    this.#troubles++;
    if (this.#troubles > toldTroubles) return;
    const isLast = this.#troubles === toldTroubles;
    this.#log("warning", isLast ? `${text} (more of the kind is counted, not told)` : text);
  }

  /** Some more or less, so that many senders do not come back at the same moment; never less than it was asked for. */
  async #pause(backOffMs: number, askedForMs: number): Promise<void> {
    const leastMs = Math.min(askedForMs, longestRetryAfterMs);
    const ms = Math.max(backOffMs * (0.75 + Math.random() / 2), leastMs);
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#endPauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#endPauses.add(end);
    });
  }

  #endAllPauses(): void {
    for (const end of this.#endPauses) end();
  }

  get #unit(): string {
    return this.#parts.unit ?? "samples";
  }

  #log(level: "info" | "warning" | "error", text: string): void {
    this.#parts.logger.log(level, `output ${this.#parts.description}: ${text}`);
  }
}

/** What of a parcel will never arrive. */
function lostSamples(reception: Reception, { sampleCount }: Parcel): number {
  if (reception.kind === "taken") return 0;
  return reception.kind === "partly" ? Math.min(reception.lostSamples, sampleCount) : sampleCount;
}

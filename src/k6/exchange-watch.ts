/**
 * Whom the HTTP module tells of exchanges that may be worth keeping whole: the slowest and the failed ones. The contract is
 * made for what is not kept, which is nearly all: one comparison with a number, and a count of what failed.
 */
import type { Clock } from "../base/clock.ts";
import type { Exchange } from "../http/index.ts";
import type { TagSet } from "../metrics/index.ts";

/** What is looked for in the exchanges of an endpoint. */
export interface SlowWatch {
  /** One with a longer duration is to be offered; in milliseconds. */
  readonly floorMs: number;
}

/** Failed exchanges of one kind. The caller counts; how many are still to be offered is the keeper's to say. */
export interface FailureKind {
  count: number;
  readonly wanted: number;
}

/** What tells kinds of failures apart. */
export interface FailureKey {
  readonly method: string;
  /** Value of the tag `name`. */
  readonly name: string;
  readonly status: number;
  readonly errorCode: number;
}

/** An exchange and what it does not tell itself. */
export interface OfferedExchange {
  readonly exchange: Exchange;
  readonly errorCode: number;
  /** Value of the tag `name`. */
  readonly name: string;
  readonly tags: TagSet;
  /** The body before its compression. */
  readonly requestBody: string | Uint8Array | undefined;
  /** The body without its content encodings; undefined when there is none, or it was not kept. */
  readonly responseBody: Uint8Array | undefined;
  /** A body was received and thrown away (`responseType: "none"`, discardResponseBodies). */
  readonly isBodyDiscarded: boolean;
  /** Which hop of its call it was, from 1. */
  readonly hop: number;
  /** How long ago it ended: redirects are told of when the last hop is over. */
  readonly endedAgoMs: number;
  /** Undefined unless it failed. */
  readonly failure: FailureKind | undefined;
}

/** Whose exchange it is: the part of a VU's context that says so. */
export interface ExchangeSender {
  readonly clock: Clock;
  readonly phase: string;
  readonly dueAtMs: number | undefined;
  readonly execution: {
    readonly scenarioName: string;
    readonly vuIdInTest: number;
    readonly vuIterationInInstance: number;
  };
}

export interface ExchangeKeeper {
  /** What to compare durations of the endpoint with from now on. */
  watch(method: string, name: string): SlowWatch;
  /** The kind that a failure belongs to; undefined when nothing is kept. */
  failureKind(key: FailureKey): FailureKind | undefined;
  /** Takes of it what it wants; nothing of the exchange is held on to. Returns what {@link watch} would. */
  offer(sender: ExchangeSender, offered: OfferedExchange): SlowWatch;
}

/** Keeps nothing. */
export const noKeeper: ExchangeKeeper = {
  watch: () => nothingIsSlow,
  failureKind: () => undefined,
  offer: () => nothingIsSlow,
};

const nothingIsSlow: SlowWatch = { floorMs: Infinity };

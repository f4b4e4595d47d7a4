/**
 * Exchanges that were kept whole, as a worker hands them over: plain data, every part bounded, what is secret by its place
 * masked. Values that are secrets because the run was given them as such are the host's to take out.
 */

/** How much of an exchange is kept, in bytes or characters. A text that was cut ends with {@link cutMark}. */
export const exchangeLimits = {
  bodyBytes: 2_048,
  headerFields: 48,
  headerCharacters: 512,
  urlCharacters: 1_024,
  nameCharacters: 512,
  errorCharacters: 512,
} as const;

export const cutMark = "…";

/** A text that is kept: whole, or its beginning with the mark. */
export function cutText(text: string, characters: number): string {
  return text.length <= characters ? text : text.slice(0, characters) + cutMark;
}

/** What is kept of a body. */
export type KeptBody =
  /** Its first `shownBytes` of `bytes`. */
  | {
      readonly kind: "text";
      readonly text: string;
      readonly shownBytes: number;
      readonly bytes: number;
    }
  | { readonly kind: "binary"; readonly bytes: number }
  /** There was one: it was not read into memory, or the record had no room for it. */
  | { readonly kind: "not-kept"; readonly reason: "discarded" | "no-room" };

export interface KeptMessage {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Further fields, which were not kept. */
  readonly furtherHeaders: number;
  /** Null without one. */
  readonly body: KeptBody | null;
}

export interface KeptExchange {
  /** When it began, in milliseconds since the start of the run; null in setup(). */
  readonly atMs: number | null;
  /** When its iteration was due; null where nothing is due by the clock. */
  readonly dueAtMs: number | null;
  readonly phase: "setup" | "iteration" | "teardown";
  /** It ended within the steady state. */
  readonly isSteady: boolean;
  readonly scenario: string;
  readonly vu: number;
  /** The VU's, from 0, as `__ITER`. */
  readonly iteration: number;
  /** Path of the group, "" for the root. */
  readonly group: string;
  /** Value of the tag `name`. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  /** Of a call that was redirected: which of its requests it was, from 1. */
  readonly hop: number;
  readonly proto: string;
  /** 0 without a response. */
  readonly status: number;
  /** k6's number; 0 when all was well. */
  readonly errorCode: number;
  readonly error: string;
  /** k6's timings. */
  readonly timings: {
    readonly durationMs: number;
    readonly blockedMs: number;
    readonly connectingMs: number;
    readonly tlsHandshakingMs: number;
    readonly sendingMs: number;
    readonly waitingMs: number;
    readonly receivingMs: number;
  };
  /** "127.0.0.1:8080"; "" when no connection was made. */
  readonly remote: string;
  readonly tlsVersion: string;
  /** Repetitions on a new connection, because a kept one had gone. */
  readonly retries: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly request: KeptMessage;
  /** Null when there was none. */
  readonly response: KeptMessage | null;
}

/** Failures of one kind since the worker last told of them. */
export interface FailureParcel {
  readonly method: string;
  /** Null: of endpoints beyond those that are told apart. */
  readonly name: string | null;
  readonly status: number;
  readonly errorCode: number;
  readonly count: number;
  /** The first ones, which are told of once. */
  readonly samples: readonly KeptExchange[];
}

/** What a worker tells of exchanges at one time. */
export interface ExchangeParcel {
  readonly failures: readonly FailureParcel[];
  /** Of each endpoint, over the run so far: they stand for those that the worker told of before. Undefined with a tick. */
  readonly slowest: readonly KeptExchange[] | undefined;
}

/** What is kept, beside how much of each. */
export interface ExchangeRules {
  /** The steady state, in milliseconds since the start; its end may be Infinity. */
  readonly steady: { readonly fromMs: number; readonly toMs: number };
}

/** How many are kept. */
export const exchangeCounts = {
  /** The slowest of each endpoint in the steady state, and outside of it. */
  slowestEach: 3,
  slowestEachOutside: 1,
  /** Of all endpoints together; also how many endpoints a worker watches. */
  slowest: 30,
  slowestOutside: 10,
  /** Kinds of failures, told apart by endpoint, and beyond those by status and code alone. */
  failureKinds: 40,
  furtherFailureKinds: 10,
  failuresEach: 2,
} as const;

/**
 * The part of a RunRecord that shows single requests: the slowest, and the first of each kind of failure, with what was sent
 * and got. Every text is bounded; one that was cut ends with "…". Secrets are masked (docs/reference/record.md).
 */

/** What is kept of a body. */
export type BodyRecord =
  /** Its first `shownBytes` of `bytes`, as UTF-8. */
  | {
      readonly kind: "text";
      readonly text: string;
      readonly shownBytes: number;
      readonly bytes: number;
    }
  | { readonly kind: "binary"; readonly bytes: number }
  /** There was one that was not read into memory (`discarded`), or for which the record had no room. */
  | { readonly kind: "not-kept"; readonly reason: "discarded" | "no-room" };

export interface MessageRecord {
  /** In the order of the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** How many more there were. */
  readonly furtherHeaders: number;
  /** Null without one. */
  readonly body: BodyRecord | null;
}

/** One request on the wire and what came of it. */
export interface ExchangeRecord {
  /** When it began; null in setup(). */
  readonly atMs: number | null;
  /** When its iteration was due; null where nothing is due by the clock. */
  readonly dueAtMs: number | null;
  readonly phase: "setup" | "iteration" | "teardown";
  /** It ended within the steady state. */
  readonly isSteady: boolean;
  readonly scenario: string;
  /** `__VU` and `__ITER`. */
  readonly vu: number;
  readonly iteration: number;
  /** Path of the group, "" for the root. */
  readonly group: string;
  /** The tag `name`, as in `endpoints`. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  /** Of a call that was redirected: which of its requests it was, from 1. */
  readonly hop: number;
  readonly proto: string;
  /** 0 without a response. */
  readonly status: number;
  /** k6's `error_code`; 0 when all was well. */
  readonly errorCode: number;
  readonly error: string;
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
  readonly request: MessageRecord;
  /** Null when there was none. */
  readonly response: MessageRecord | null;
}

/** All failed requests of one kind. */
export interface FailureRecord {
  readonly method: string;
  /** The tag `name`; null: of all endpoints that are not told apart, there being too many. */
  readonly name: string | null;
  /** 0 without a response. */
  readonly status: number;
  readonly errorCode: number;
  /** Of the first one; "" when the status says it all. */
  readonly error: string;
  /** Over the whole run, setup() and teardown() included. */
  readonly count: number;
  /** The first ones. */
  readonly samples: readonly ExchangeRecord[];
}

export interface ExchangesRecord {
  /** Slowest first: of each endpoint a few in the steady state, and of some one outside of it. */
  readonly slowest: readonly ExchangeRecord[];
  /** Most frequent first. What failed is what `http_req_failed` counts, and what got no answer. */
  readonly failures: readonly FailureRecord[];
  /** Failed requests of further kinds. */
  readonly furtherFailures: number;
}

/** What a report's page shows of single requests: the slowest, and those that failed, by kind. */
import type { Tone } from "../components/tone.tsx";

export interface ExchangeData {
  /** "GET /home, 503, 1.2 s". */
  readonly title: string;
  readonly tone: Tone;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  /** Where its time went, in the order in which it goes; those without any are left out. */
  readonly timings: readonly { readonly label: string; readonly ms: number }[];
  readonly request: MessageData;
  /** Null when there was none. */
  readonly response: MessageData | null;
}

export interface MessageData {
  /** First line and headers. */
  readonly head: string;
  /** Null without one. */
  readonly body: string | null;
  /** What is not shown of it, or why; may be empty. */
  readonly bodyNote: string;
}

export interface FailureData {
  readonly endpoint: string;
  readonly outcome: string;
  readonly count: number;
  readonly samples: readonly ExchangeData[];
}

export interface ExchangesData {
  readonly slowest: readonly ExchangeData[];
  readonly failures: readonly FailureData[];
  /** Failed requests of kinds that are not shown. */
  readonly furtherFailures: number;
}

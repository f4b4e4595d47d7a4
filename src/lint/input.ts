/** What the linter looks at: the parsed script, the plan of its run, and facts that others have found out. Plain data. */
import type { RunPlan } from "../plan/index.ts";
import type { ParsedScript } from "../script/index.ts";

/** One metric with one set of tags, as a dry run left it. */
export interface SeriesFact {
  readonly metric: string;
  readonly type: "counter" | "gauge" | "rate" | "trend";
  readonly tags: Readonly<Record<string, string>>;
  readonly samples: number;
}

/** The iterations of one exported function. */
export interface IterationFact {
  readonly exec: string;
  /** Finished. */
  readonly iterations: number;
  readonly requests: number;
  /** Mean length. */
  readonly durationMs: number;
  /** Of it, the time in requests. */
  readonly requestMs: number;
}

/** One host that the dry run sent requests to. */
export interface HostFact {
  /** `example.com:8080`, as in the Host header. */
  readonly host: string;
  readonly requests: number;
  readonly isLoopback: boolean;
  /** Response headers that tell of caches, CDNs and firewalls, with the first value seen. */
  readonly headers: Readonly<Record<string, string>>;
  /** Responses that a shared cache says it answered. */
  readonly cacheHits: number;
  /** Responses that the server ended the connection with. */
  readonly closing: number;
}

/** What a dry run showed. */
export interface TrialFacts {
  readonly vus: number;
  readonly iterations: number;
  /** Of them, those that threw. */
  readonly failedIterations: number;
  /** Started, and not finished when the dry run ended. */
  readonly interruptedIterations: number;
  readonly exceptions: readonly { readonly message: string; readonly count: number }[];
  /** What teardown() threw. */
  readonly teardownError: string | undefined;
  readonly requests: number;
  /** Requests of setup(). */
  readonly setupRequests: number;
  /** Requests that no answer came to. */
  readonly unanswered: number;
  readonly checks: number;
  readonly connectionsOpened: number;
  readonly bytesReceived: number;
  /** Different Authorization headers; undefined when no request had one. */
  readonly authorizations: number | undefined;
  readonly functions: readonly IterationFact[];
  readonly series: readonly SeriesFact[];
  readonly hosts: readonly HostFact[];
}

/** What the machine that is to send the load allows; undefined where it was not to be found out. */
export interface MachineFacts {
  readonly openFiles: number | undefined;
  readonly ephemeralPorts: number | undefined;
}

/** What the user has said of the load that is wanted. */
export interface StatedGoal {
  readonly requestsPerSecond?: { readonly value: number; readonly source: string };
  readonly dau?: number;
}

export interface LintInput {
  readonly script: ParsedScript;
  readonly plan: RunPlan;
  readonly goal: StatedGoal;
  /** Facts of the dry run, or why there are none. */
  readonly trial: TrialFacts | { readonly missing: string };
  readonly machine: MachineFacts;
}

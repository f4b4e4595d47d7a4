/** What an output is made with: the outside world, and what it needs to know of the run. */
import type { Clock } from "../base/clock.ts";
import type { TextStream } from "../base/host.ts";
import type { Logger } from "../base/log.ts";

/** What k6's json output tells of a metric besides its type. */
export interface MetricOptions {
  /** As the options have them: texts, or objects where a threshold aborts. */
  readonly thresholds: readonly unknown[];
  readonly submetrics: readonly {
    readonly name: string;
    readonly suffix: string;
    readonly tags: Readonly<Record<string, string>>;
  }[];
}

/** What the run is, for outputs that tell runs apart. */
export interface RunFacts {
  readonly id: string;
  /** As it was named. */
  readonly script: string;
  readonly lakhVersion: string;
  /** What was called for: "run", "demo", "limit-probe". */
  readonly command: string;
  /** Of what it is one run, if of anything; in a search also which trial it is, and of what rate. */
  readonly partOf?:
    | {
        readonly kind: "campaign" | "search";
        readonly id: string;
        readonly trial?:
          | { readonly number: number; readonly requestsPerSecond: number }
          | undefined;
      }
    | undefined;
  /** Of every sample. */
  readonly tags: Readonly<Record<string, string>>;
  /** Tags of the iterations that may be dropped: one set for each scenario that can drop any. */
  readonly droppable: readonly Readonly<Record<string, string>>[];
  readonly objectives: readonly ObjectiveFact[];
}

/** One number that the run must keep to. */
export interface ObjectiveFact {
  /** Ends with its unit: "p95_seconds", "error_ratio", "requests_per_second", "cpu_ratio". */
  readonly name: string;
  readonly value: number;
  /** Of a latency objective: the limit on http_req_duration whose exceedances are counted exactly. */
  readonly limitMs?: number | undefined;
}

export interface OutputContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: TextStream;
  readonly logger: Logger;
  readonly clock: Clock;
  /** An absolute path. */
  readonly resolvePath: (path: string) => string;
  /** Enabled system tags. */
  readonly systemTags: readonly string[];
  readonly metricOptions: (metricName: string) => MetricOptions;
  readonly run: RunFacts;
  /** Where a Prometheus of lakh's own listens; undefined when there is none. */
  readonly defaultPrometheusUrl?: string | undefined;
  /** How long after a run an output goes on trying to deliver; ten seconds when left out. */
  readonly stopGraceMs?: number | undefined;
}

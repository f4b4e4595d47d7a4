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

export interface OutputContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: TextStream;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Of lakh. */
  readonly version: string;
  /** An absolute path. */
  readonly resolvePath: (path: string) => string;
  /** Enabled system tags. */
  readonly systemTags: readonly string[];
  readonly metricOptions: (metricName: string) => MetricOptions;
}

/**
 * Reads a target's own `/metrics` in the Prometheus text format: the process metrics that all client libraries share,
 * and Node.js's event-loop lag. A target with several worker processes is read as one: CPU and memory add up, of the
 * lags the worst counts.
 */
import { readBody } from "./bounded-body.ts";
import { type ExpositionValues, parseExposition } from "./exposition.ts";
import type { ObservationSource, Reading } from "./source.ts";

/** Longest wait for an answer, its body included. */
const timeoutMs = 5_000;

/** A page longer than this is no metrics page. */
const maxPageBytes = 32 * 1024 * 1024;

/** Metrics that are read, and what becomes of them. */
const known: Readonly<Record<string, (values: ExpositionValues) => Reading>> = {
  process_cpu_seconds_total: ({ sum }) => ({
    name: "cpu_cores",
    unit: "cores",
    value: sum,
    isTotal: true,
  }),
  process_resident_memory_bytes: ({ sum }) => ({
    name: "memory_bytes",
    unit: "bytes",
    value: sum,
    isTotal: false,
  }),
  nodejs_eventloop_lag_p99_seconds: ({ max }) => ({
    name: "event_loop_lag_ms",
    unit: "ms",
    value: max * 1_000,
    isTotal: false,
  }),
};

/**
 * A source that fetches `url` at each reading.
 * Its reads reject on another status than 2xx, after 5 s, and when the page holds none of the known metrics.
 */
export function createMetricsEndpointSource(url: string): ObservationSource {
  return {
    describe: url,
    async read() {
      const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(`it answered ${response.status}`);
      }
      const values = parseExposition(await readBody(response, maxPageBytes));
      const readings = Object.entries(known).flatMap(([name, toReading]) => {
        const found = values.get(name);
        return found === undefined ? [] : [toReading(found)];
      });
      if (readings.length === 0) {
        throw new Error(`its page has none of ${Object.keys(known).join(", ")}`);
      }
      return readings;
    },
  };
}

/**
 * Reads a target's own `/metrics` in the Prometheus text format: the process metrics that all client libraries share,
 * and Node.js's event-loop lag. Sums over labels, so a target with several worker processes is read as one.
 */
import type { ObservationSource, Reading } from "./source.ts";

/** Longest wait for an answer. */
const timeoutMs = 5_000;

/** Metrics that are read, and what becomes of them. */
const known: Readonly<Record<string, (value: number) => Reading>> = {
  process_cpu_seconds_total: (value) => ({
    name: "cpu_cores",
    unit: "cores",
    value,
    isTotal: true,
  }),
  process_resident_memory_bytes: (value) => ({
    name: "memory_bytes",
    unit: "bytes",
    value,
    isTotal: false,
  }),
  nodejs_eventloop_lag_p99_seconds: (value) => ({
    name: "event_loop_lag_ms",
    unit: "ms",
    value: value * 1_000,
    isTotal: false,
  }),
};

export function createMetricsEndpointSource(url: string): ObservationSource {
  return {
    describe: url,
    async read() {
      const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      const samples = parseExposition(await response.text());
      return Object.entries(known).flatMap(([name, toReading]) => {
        const value = samples.get(name);
        return value === undefined ? [] : [toReading(value)];
      });
    },
  };
}

/**
 * Sums of the samples by metric name. Format: Prometheus text exposition 0.0.4; comments, timestamps and
 * values that are not numbers are passed over.
 */
export function parseExposition(text: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{.*\})?\s+(\S+)/u.exec(line);
    const value = Number(match?.[2]);
    if (match === null || !Number.isFinite(value)) continue;
    sums.set(match[1]!, (sums.get(match[1]!) ?? 0) + value);
  }
  return sums;
}

/**
 * `GET /metrics`: the generator's own process in Prometheus' text format, as k6 gives its own there. The test's metrics
 * are at /v1/metrics.
 */

/** The process's CPU, memory and age, with the names that Prometheus' client libraries use. */
export function processMetrics(): string {
  const { user, system } = globalThis.process.cpuUsage();
  const { rss, heapUsed, heapTotal } = globalThis.process.memoryUsage();
  const lines = [
    ...metric("process_cpu_user_seconds_total", "counter", user / 1e6),
    ...metric("process_cpu_system_seconds_total", "counter", system / 1e6),
    ...metric("process_cpu_seconds_total", "counter", (user + system) / 1e6),
    ...metric("process_resident_memory_bytes", "gauge", rss),
    ...metric("nodejs_heap_size_used_bytes", "gauge", heapUsed),
    ...metric("nodejs_heap_size_total_bytes", "gauge", heapTotal),
    ...metric("process_uptime_seconds", "gauge", globalThis.process.uptime()),
  ];
  return `${lines.join("\n")}\n`;
}

function metric(name: string, type: "counter" | "gauge", value: number): string[] {
  return [`# TYPE ${name} ${type}`, `${name} ${value}`];
}

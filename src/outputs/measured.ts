/** Which values are times that lakh measured: k6 has them in whole nanoseconds, where a double shows digits that mean nothing. */
import { type Metric, MetricRegistry } from "../metrics/index.ts";

const builtinMetrics = new MetricRegistry();

/** True for the built-in metrics of times; a script's own values are written as they are. */
export function isMeasured({ name, contains }: Metric): boolean {
  return contains === "time" && builtinMetrics.get(name) !== undefined;
}

/** Measured milliseconds, to the nanosecond. */
export function measuredText(valueMs: number): string {
  return String(Math.round(valueMs * 1e6) / 1e6);
}

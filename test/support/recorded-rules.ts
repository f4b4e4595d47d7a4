/** Does by hand what Prometheus does with recording rules, for a time that is over. */
import { recordingRules } from "../../deploy/grafana/rules/recording.ts";
import { queryRange } from "./prometheus-client.ts";
import { writeSeries } from "./written-series.ts";

/** Evaluates every rule over a stretch of time and writes what it records; each sees what those before it have recorded. */
export async function recordRules(
  port: number,
  time: { readonly start: number; readonly end: number },
): Promise<void> {
  for (const { record, expr } of recordingRules) {
    const found = await queryRange(port, expr, time);
    await writeSeries(
      port,
      found.map(({ metric, values }) => ({
        labels: { ...metric, __name__: record },
        points: values!.map(([seconds, value]) => [seconds * 1_000, Number(value)] as const),
      })),
    );
  }
}

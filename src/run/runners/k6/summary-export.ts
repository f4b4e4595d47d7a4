/** k6's own figures and judgements at the end of a run, from the file that `--summary-export` writes (k6-behaviour 7.3). */
import {
  type MetricAggregate,
  type MetricRegistry,
  parseThresholdSubject,
  parseTrendStat,
  type Sink,
} from "../../../metrics/index.ts";
import type { MetricRecord, ThresholdRecord } from "../../../record/index.ts";

interface ExportedMetric {
  readonly thresholds?: Readonly<Record<string, boolean>>;
  readonly [value: string]: unknown;
}

/** The file's content, as far as it is used. */
export interface SummaryExport {
  readonly metrics: Readonly<Record<string, ExportedMetric>>;
  readonly setup_data?: unknown;
}

/** The metrics of the summary; k6 calls the share of a rate `value`, the record calls it `rate`. */
export function exportedMetrics(
  { metrics }: SummaryExport,
  registry: MetricRegistry,
): MetricRecord[] {
  return Object.entries(metrics).flatMap(([name, exported]) => {
    const metric = registry.get(name.split("{", 1)[0]!);
    if (metric === undefined) return [];
    const { type, contains } = metric;
    const values = Object.fromEntries(
      Object.entries(exported)
        .filter((pair): pair is [string, number] => typeof pair[1] === "number")
        .map(([key, value]) => [type === "rate" && key === "value" ? "rate" : key, value]),
    );
    return [{ name, type, contains, values }];
  });
}

/**
 * The thresholds as k6 judged them; in the file, true means crossed. Whether a sample came for one the samples of the run
 * say, `whole`: k6 tells a 0 without any. They also give the statistics that the file lacks, since it has those of
 * `summaryTrendStats` only.
 */
export function exportedThresholds(
  summary: SummaryExport,
  registry: MetricRegistry,
  whole: MetricAggregate,
): ThresholdRecord[] {
  const records = new Map(
    exportedMetrics(summary, registry).map((metric) => [metric.name, metric]),
  );
  return Object.entries(summary.metrics).flatMap(([metric, { thresholds }]) => {
    if (thresholds === undefined) return [];
    const { metricName, selector } = parseThresholdSubject(metric);
    const sink = whole.sink(metricName, selector);
    return Object.entries(thresholds).map(([source, isCrossed]) => {
      const statistic = /^\s*([a-z]+(?:\([\d.]+\))?)/u.exec(source)?.[1] ?? "";
      const exported = records.get(metric)?.values[statistic];
      const actual =
        sink === undefined || sink.isEmpty ? undefined : (exported ?? statisticOf(sink, statistic));
      return { metric, source, ok: !isCrossed, actual };
    });
  });
}

/** Of a trend; all figures of other types are in the file. */
function statisticOf(sink: Sink, name: string): number | undefined {
  return sink.type === "trend" ? parseTrendStat(name).of(sink.histogram) : undefined;
}

/**
 * What `k6 run --summary-export` wrote, as the summary object that the same run would have given to handleSummary:
 * both hold the same figures, but the export leaves out types, and its thresholds say `true` for crossed.
 */
import type { SummaryData } from "../../../src/metrics/index.ts";
import type { ThresholdView } from "../../../src/report/index.ts";

interface ExportedGroup {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: Readonly<Record<string, ExportedGroup>>;
  readonly checks: Readonly<Record<string, SummaryData["root_group"]["checks"][number]>>;
}

type ExportedMetric = Readonly<Record<string, number>> & {
  readonly thresholds?: Readonly<Record<string, boolean>>;
};

export interface SummaryExport {
  readonly root_group: ExportedGroup;
  readonly metrics: Readonly<Record<string, ExportedMetric>>;
}

export interface ExportContext {
  readonly trendStats: readonly string[];
  readonly timeUnit: string;
}

type Metric = SummaryData["metrics"][string];

/** Names of the durations in the recorded scripts. */
const timeNames =
  /^(?:http_req_(?:blocked|connecting|duration|receiving|sending|tls_handshaking|waiting)|(?:iteration|group)_duration|my_time\w*|d\d\d|t\dx|cc)$/u;

export function fromExport(
  exported: SummaryExport,
  { trendStats, timeUnit }: ExportContext,
): { data: SummaryData; thresholds: ThresholdView[] } {
  const metrics: Record<string, Metric> = {};
  const thresholds: ThresholdView[] = [];
  for (const [name, { thresholds: crossed, ...values }] of Object.entries(exported.metrics)) {
    const metric = toMetric(name, values as Record<string, number>);
    metrics[name] = metric;
    for (const [source, isCrossed] of Object.entries(crossed ?? {})) {
      const label = /^[^<>=!]+/u.exec(source)![0].trim();
      thresholds.push({ metric: name, source, ok: !isCrossed, actual: metric.values[label] });
    }
  }
  return {
    data: {
      root_group: toGroup(exported.root_group),
      options: { summaryTrendStats: trendStats, summaryTimeUnit: timeUnit, noColor: true },
      state: {
        isStdOutTTY: false,
        isStdErrTTY: false,
        testRunDurationMs: durationMs(metrics["iterations"]!),
      },
      metrics,
    },
    thresholds,
  };
}

function toMetric(name: string, values: Record<string, number>): Metric {
  const base = name.replace(/\{.*$/u, "");
  const contains = /^data_(?:sent|received)$/u.test(base)
    ? "data"
    : timeNames.test(base)
      ? "time"
      : "default";
  if (values["passes"] !== undefined) {
    return { type: "rate", contains, values: { ...values, rate: values["value"]! } };
  }
  const isTrend = values["avg"] !== undefined;
  const type = isTrend ? "trend" : values["count"] === undefined ? "gauge" : "counter";
  return { type, contains, values };
}

function toGroup({ name, path, id, groups, checks }: ExportedGroup): SummaryData["root_group"] {
  return {
    name,
    path,
    id,
    groups: Object.values(groups).map(toGroup),
    checks: Object.values(checks),
  };
}

function durationMs({ values }: Metric): number {
  return (values["count"]! / values["rate"]!) * 1_000;
}

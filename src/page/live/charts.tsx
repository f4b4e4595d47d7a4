/** The run over its time. The same seconds in all charts: they share their pointer and their zoom. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import {
  formatLatency,
  formatPercent,
  formatQuantity,
  formatRate,
  formatWhole,
  percentileName,
} from "../../base/numbers.ts";
import { formatBytes } from "../../base/units.ts";
import { Chart } from "../components/chart.tsx";
import type { ChartBand, ChartLimit, ChartLine, LineColour } from "../components/plot.ts";
import { errorColumns, type HistoryColumn } from "./feed.ts";
import type { Live, Series } from "./model.ts";

interface ChartPart {
  readonly title: string;
  readonly width: "half" | "third";
  readonly lines: readonly ChartLine[];
  readonly limits?: readonly ChartLimit[];
  readonly format: (value: number) => string;
  readonly emptyText: string;
}

export function LiveCharts({ live }: { readonly live: Live }): JSX.Element {
  const { series, head, errorKinds } = live;
  const parts = useMemo(
    () => [
      requests(series),
      latency(live),
      errors(series, errorKinds),
      vus(series),
      iterations(series),
      ...target(live),
      busyness(series),
      lateness(series),
    ],
    [series, head, errorKinds],
  );
  const bands = useMemo(() => bandsOf(live), [series, head]);
  return (
    <section class="charts" aria-labelledby="charts-heading">
      <h2 id="charts-heading" class="visually-hidden">
        Charts
      </h2>
      {parts.map(({ width, ...part }) => (
        <div key={part.title} class="card chart-card" data-width={width}>
          <Chart {...part} timesMs={series.timesMs} bands={bands} />
        </div>
      ))}
    </section>
  );
}

function line(
  series: Series,
  column: HistoryColumn,
  [label, colour, shape]: readonly [string, LineColour, ChartLine["shape"]?],
): ChartLine {
  return { label, colour, values: series.of(column), shape };
}

/** Lines of which nothing is known in this run are left out. */
function known(lines: readonly ChartLine[]): readonly ChartLine[] {
  return lines.filter(({ values }) => values.some((value) => value !== null));
}

function requests(series: Series): ChartPart {
  return {
    title: "Requests/s",
    width: "half",
    lines: [
      line(series, "requestsPerSecond", ["sent", "blue", "area"]),
      ...known([line(series, "plannedRequestsPerSecond", ["planned", "grey", "dashed"])]),
    ],
    format: formatRate,
    emptyText: "no requests yet",
  };
}

function latency({ series, head }: Live): ChartPart {
  const limits = head?.objectives?.latency ?? [];
  return {
    title: "Latency (http_req_duration)",
    width: "half",
    lines: [
      line(series, "p99Ms", ["p99", "purple"]),
      line(series, "p95Ms", ["p95", "orange"]),
      line(series, "p50Ms", ["p50", "blue"]),
    ],
    limits: limits.map(({ share, limitMs }) => ({
      label: `${percentileName(share)} limit`,
      value: limitMs,
    })),
    format: formatLatency,
    emptyText: "no answers yet",
  };
}

const kindColours: readonly LineColour[] = ["red", "orange", "purple", "blue", "teal", "green"];

function errors(series: Series, kinds: readonly string[]): ChartPart {
  const lines = kinds.map(
    (kind, index): ChartLine => ({
      label: kind,
      colour: kindColours[index % kindColours.length]!,
      values: series.errors(index),
      shape: index < kindColours.length ? "line" : "dashed",
    }),
  );
  const others = series.errors(errorColumns);
  const hasOthers = others.some((count) => count !== null && count > 0);
  const rest: ChartLine = { label: "all other kinds", colour: "grey", values: others };
  return {
    title: "Errors/s by kind",
    width: "third",
    lines: hasOthers ? [...lines, rest] : lines,
    format: formatRate,
    emptyText: "no errors so far",
  };
}

function vus(series: Series): ChartPart {
  return {
    title: "VUs",
    width: "third",
    lines: [
      line(series, "activeVus", ["active", "blue", "area"]),
      line(series, "initializedVus", ["initialised", "teal"]),
      ...known([line(series, "plannedVus", ["planned", "grey", "dashed"])]),
    ],
    format: formatWhole,
    emptyText: "no VUs yet",
  };
}

function iterations(series: Series): ChartPart {
  return {
    title: "Iterations/s",
    width: "third",
    lines: [
      line(series, "iterationsStartedPerSecond", ["started", "blue"]),
      ...known([line(series, "iterationsDuePerSecond", ["due", "grey", "dashed"])]),
      line(series, "iterationsDroppedPerSecond", ["dropped", "red"]),
    ],
    format: formatRate,
    emptyText: "no iterations yet",
  };
}

/** Only when the target is observed. */
function target({ series, head }: Live): ChartPart[] {
  const cores = known([line(series, "targetCpuCores", ["cores used", "blue"])]);
  const memory = known([line(series, "targetMemoryBytes", ["memory", "green"])]);
  const { cpuShare = null, targetCores = null } = head?.objectives ?? {};
  const isLimited = cpuShare !== null && targetCores !== null;
  return [
    ...(cores.length === 0
      ? []
      : [
          {
            title: "Target: CPU",
            width: "half" as const,
            lines: cores,
            limits: isLimited ? [{ label: "CPU limit", value: cpuShare * targetCores }] : [],
            format: (value: number) => `${formatQuantity(value)} cores`,
            emptyText: "no readings yet",
          },
        ]),
    ...(memory.length === 0
      ? []
      : [
          {
            title: "Target: memory",
            width: "half" as const,
            lines: memory,
            format: formatBytes,
            emptyText: "no readings yet",
          },
        ]),
  ];
}

function busyness(series: Series): ChartPart {
  return {
    title: "Generator: how busy",
    width: "half",
    lines: [
      ...known([
        line(series, "loopUtilization", ["event loop", "blue"]),
        line(series, "gcShare", ["garbage collection", "purple"]),
      ]),
      line(series, "generatorCpuCores", ["CPU, of one core", "teal"]),
    ],
    format: formatPercent,
    emptyText: "no readings yet",
  };
}

function lateness(series: Series): ChartPart {
  return {
    title: "Generator: how late",
    width: "half",
    lines: [
      ...known([
        line(series, "loopDelayP99Ms", ["event-loop delay p99", "blue"]),
        line(series, "startLagP99Ms", ["start lag p99", "orange"]),
      ]),
    ],
    format: formatLatency,
    emptyText: "no readings yet",
  };
}

/** What has been of the steady state so far. */
function bandsOf({ series, head }: Live): readonly ChartBand[] {
  const nowMs = series.timesMs.at(-1) ?? 0;
  const { fromMs = 0, toMs = null } = head?.steady ?? {};
  const endMs = Math.min(nowMs, toMs ?? nowMs);
  return endMs > fromMs ? [{ label: "steady state", fromMs, toMs: endMs }] : [];
}

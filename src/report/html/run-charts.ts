/** Charts over the time of a run: what was sent, against the plan, and how it was answered. */
import { formatLatency, percentileName } from "../../base/numbers.ts";
import { LakhError } from "../../base/errors.ts";
import { formatGoDuration } from "../../base/units.ts";
import type { ChartData, ChartGroup } from "../../page/index.ts";
import type { RunRecord } from "../../record/index.ts";
import { parseScenarios, plannedAt, type ScenarioPlan, wholeShare } from "../../schedule/index.ts";
import { highestOf, rateOf, type Span, toChart, toSpans } from "./intervals.ts";

type ChartLine = ChartData["lines"][number];

/** @param most points of a chart */
export function runCharts(record: RunRecord, most: number): ChartGroup {
  const spans = toSpans(record, most);
  const planned = plannedLoad(record, spans);
  return {
    axes: { run: spans.map(({ atMs }) => atMs) },
    bands: steadyBand(record),
    charts: [
      rateChart(record, spans, planned),
      latencyChart(record, spans),
      errorChart(spans),
      vusChart(spans),
      iterationChart(spans, planned),
      dataChart(spans),
    ],
    note: joinedNote(record, spans),
  };
}

/** The judged part of the run, as a band of its charts. */
export function steadyBand({ steadyState }: RunRecord): ChartGroup["bands"] {
  const { fromMs, toMs } = steadyState;
  return toMs > fromMs ? [{ label: "steady state", fromMs, toMs }] : [];
}

function latencyLimits({ objectives }: RunRecord): { label: string; value: number }[] {
  return (objectives?.latency ?? []).map(({ share, limitMs }) => ({
    label: `${percentileName(share)} limit`,
    value: limitMs,
  }));
}

/** "p95 < 300 ms". */
export function limitLabel(share: number, limitMs: number): string {
  return `${percentileName(share)} < ${formatLatency(limitMs).replace(/\.0+ /u, " ")}`;
}

interface PlannedLoad {
  /** Null where no scenario starts iterations by the clock. */
  readonly iterations: readonly (number | null)[];
  /** Null where nobody knows how many requests an iteration was planned to make. */
  readonly requests: readonly (number | null)[];
}

/** What the scenarios asked for at each time. A record of an older kind may hold ones that cannot be read: no line then. */
function plannedLoad(record: RunRecord, spans: readonly Span[]): PlannedLoad {
  const scenarios = scenariosOf(record);
  const perIteration = requestsPerIteration(record);
  const iterations = spans.map(({ atMs }) => {
    const rate = plannedAt(scenarios, wholeShare, atMs).iterationsPerSecond;
    return rate === undefined ? null : toChart(rate);
  });
  const toRequests = (rate: number | null): number | null =>
    rate === null || perIteration === undefined ? null : toChart(rate * perIteration);
  return { iterations, requests: iterations.map(toRequests) };
}

function scenariosOf({ scenarios, options }: RunRecord): readonly ScenarioPlan[] {
  // A part of a test runs its part of the load: the record does not say of what.
  if (typeof options["executionSegment"] === "string") return [];
  try {
    return parseScenarios(Object.fromEntries(scenarios.map(({ name, config }) => [name, config])));
  } catch (error) {
    if (error instanceof LakhError) return [];
    throw error;
  }
}

/** As the plan's arithmetic has it: the peak rate and the iterations that make it. */
function requestsPerIteration({ plan }: RunRecord): number | undefined {
  const valueOf = (quantity: string): number | undefined =>
    plan?.steps.find((step) => step.quantity === quantity)?.value;
  const requests = valueOf("peak rate");
  const iterations = valueOf("iterations at the peak");
  return requests === undefined || iterations === undefined || !(iterations > 0)
    ? undefined
    : requests / iterations;
}

/** Without the lines that have no value at all. */
function known(lines: readonly ChartLine[]): ChartLine[] {
  return lines.filter(({ values }) => values.some((value) => value !== null));
}

function rateChart(record: RunRecord, spans: readonly Span[], planned: PlannedLoad): ChartData {
  const band = record.objectives?.requestsPerSecond ?? null;
  return {
    id: "rate",
    title: "Requests per second",
    unit: "perSecond",
    axis: "run",
    lines: known([
      {
        label: "answered",
        colour: "blue",
        shape: "area",
        values: spans.map((span) => rateOf(span, ({ requests }) => requests)),
      },
      { label: "planned", colour: "grey", shape: "dashed", values: planned.requests },
    ]),
    limits: band === null ? [] : [{ label: "lower limit", value: band.min }],
    emptyText: "No request was answered.",
  };
}

function latencyChart(record: RunRecord, spans: readonly Span[]): ChartData {
  return {
    id: "latency",
    title: "Latency of requests (http_req_duration)",
    unit: "ms",
    axis: "run",
    lines: known([
      {
        label: "p50",
        colour: "green",
        values: spans.map((span) => highestOf(span, ({ p50Ms }) => p50Ms)),
      },
      {
        label: "p95",
        colour: "blue",
        values: spans.map((span) => highestOf(span, ({ p95Ms }) => p95Ms)),
      },
      {
        label: "p99",
        colour: "orange",
        values: spans.map((span) => highestOf(span, ({ p99Ms }) => p99Ms)),
      },
    ]),
    limits: latencyLimits(record),
    emptyText: "No request was answered.",
  };
}

function errorChart(spans: readonly Span[]): ChartData {
  return {
    id: "errors",
    title: "Failures per second",
    unit: "perSecond",
    axis: "run",
    lines: [
      {
        label: "failed requests",
        colour: "red",
        shape: "area",
        values: spans.map((span) => rateOf(span, ({ failedRequests }) => failedRequests)),
      },
      {
        label: "failed checks",
        colour: "orange",
        values: spans.map((span) => rateOf(span, ({ checksFailed }) => checksFailed)),
      },
      {
        label: "iterations that threw",
        colour: "purple",
        values: spans.map((span) => rateOf(span, ({ iterationsFailed }) => iterationsFailed)),
      },
    ],
    limits: [],
    emptyText: "The record has no intervals.",
  };
}

function vusChart(spans: readonly Span[]): ChartData {
  return {
    id: "vus",
    title: "Virtual users",
    unit: "count",
    axis: "run",
    lines: [
      {
        label: "busy",
        colour: "blue",
        values: spans.map((span) => highestOf(span, ({ activeVus }) => activeVus)),
      },
      {
        label: "initialised",
        colour: "grey",
        shape: "dashed",
        values: spans.map((span) => highestOf(span, ({ initializedVus }) => initializedVus)),
      },
    ],
    limits: [],
    emptyText: "The record has no intervals.",
  };
}

function iterationChart(spans: readonly Span[], planned: PlannedLoad): ChartData {
  return {
    id: "iterations",
    title: "Iterations per second",
    unit: "perSecond",
    axis: "run",
    lines: known([
      {
        label: "started",
        colour: "blue",
        values: spans.map((span) => rateOf(span, ({ iterationsStarted }) => iterationsStarted)),
      },
      { label: "due", colour: "grey", shape: "dashed", values: planned.iterations },
      {
        label: "dropped",
        colour: "red",
        values: spans.map((span) => rateOf(span, ({ iterationsDropped }) => iterationsDropped)),
      },
    ]),
    limits: [],
    emptyText: "The record has no intervals.",
  };
}

function dataChart(spans: readonly Span[]): ChartData {
  return {
    id: "data",
    title: "Data per second",
    unit: "bytesPerSecond",
    axis: "run",
    lines: [
      {
        label: "received",
        colour: "teal",
        values: spans.map((span) => rateOf(span, ({ bytesReceived }) => bytesReceived)),
      },
      {
        label: "sent",
        colour: "purple",
        values: spans.map((span) => rateOf(span, ({ bytesSent }) => bytesSent)),
      },
    ],
    limits: [],
    emptyText: "The record has no intervals.",
  };
}

function joinedNote({ intervals }: RunRecord, spans: readonly Span[]): string | undefined {
  const size = spans[0]?.parts.length ?? 1;
  const spanMs = spans[0]?.durationMs ?? 0;
  if (size === 1 && (intervals[0]?.durationMs ?? 0) < 1_500) return undefined;
  const length = formatGoDuration(Math.round(spanMs / 1_000) * 1_000);
  return `Each point stands for ${length}: rates are means, latencies and VUs the highest of that time.`;
}

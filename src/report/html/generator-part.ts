/** The generator's own condition: its signals against their limits, and charts of them. */
import type { ChartData, GeneratorData } from "../../page/index.ts";
import { generatorLimits } from "../../judge/index.ts";
import type { GeneratorHealthRecord, RunRecord } from "../../record/index.ts";
import type { VerdictView } from "../view.ts";
import { toReadings } from "./intervals.ts";
import { steadyBand } from "./run-charts.ts";

const tones = { healthy: "good", warning: "warning", saturated: "bad" } as const;

/** @param most points of a chart */
export function generatorPart(
  record: RunRecord,
  { status, sentence, figures }: VerdictView["generator"],
  most: number,
): GeneratorData {
  const { timesMs, worst } = toReadings(record, most);
  const charts = [busyChart(record, worst), delayChart(worst), memoryChart(worst)];
  return {
    status,
    tone: tones[status],
    sentence: capitalised(sentence),
    figures,
    charts: {
      axes: { generator: timesMs },
      bands: steadyBand(record),
      // A runner that tells nothing of itself has no chart for it.
      charts: charts.filter(({ lines }) => lines.length > 0),
      note: undefined,
    },
  };
}

type Worst = (of: (reading: GeneratorHealthRecord) => number | null) => (number | null)[];
type Line = ChartData["lines"][number];

function busyChart({ environment }: RunRecord, worst: Worst): ChartData {
  const { cpuCount } = environment;
  const lines = known([
    {
      label: "busiest event loop",
      colour: "blue",
      values: worst(({ loopUtilization }) => loopUtilization),
    },
    {
      label: "CPU of the machine",
      colour: "orange",
      values: worst(({ cpuCores }) =>
        cpuCores === null || cpuCount === 0 ? null : cpuCores / cpuCount,
      ),
    },
    { label: "garbage collection", colour: "purple", values: worst(({ gcShare }) => gcShare) },
    {
      label: "stolen by other machines",
      colour: "red",
      values: worst(({ stealShare }) => stealShare ?? null),
    },
  ]);
  return {
    id: "generator-busy",
    title: "How busy the generator was",
    unit: "share",
    axis: "generator",
    lines,
    limits: [{ label: "event-loop limit", value: generatorLimits.loopUtilization }],
    emptyText: "",
  };
}

function delayChart(worst: Worst): ChartData {
  return {
    id: "generator-delay",
    title: "Delays of the generator's own",
    unit: "ms",
    axis: "generator",
    lines: known([
      {
        label: "event-loop delay p99",
        colour: "blue",
        values: worst(({ loopDelayP99Ms }) => loopDelayP99Ms),
      },
      {
        label: "start lag p99",
        colour: "orange",
        values: worst(({ startLagP99Ms }) => startLagP99Ms),
      },
      {
        label: "longest garbage collection",
        colour: "purple",
        values: worst(({ gcLongestMs }) => gcLongestMs),
      },
    ]),
    limits: [],
    emptyText: "",
  };
}

function memoryChart(worst: Worst): ChartData {
  return {
    id: "generator-memory",
    title: "Memory of the generator",
    unit: "bytes",
    axis: "generator",
    lines: known([
      { label: "resident", colour: "teal", values: worst(({ rssBytes }) => rssBytes) },
    ]),
    limits: [],
    emptyText: "",
  };
}

function known(lines: readonly Line[]): Line[] {
  return lines.filter(({ values }) => values.some((value) => value !== null));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

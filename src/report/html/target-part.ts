/** What was read of the target: a chart a reading, on the run's time axis, and a row a source. */
import type { ChartData, TargetData, Unit } from "../../page/index.ts";
import type { ObservationRecord, RunRecord } from "../../record/index.ts";
import { formatWhole } from "../../base/numbers.ts";
import { inGroups, toChart } from "./intervals.ts";
import { steadyBand } from "./run-charts.ts";

type Line = ChartData["lines"][number];

const titles: Readonly<Record<string, string>> = {
  cpu_cores: "CPU of the target",
  cpu_limit_cores: "CPU that the target may use",
  memory_bytes: "Memory of the target",
  event_loop_lag_ms: "Event-loop lag of the target",
  restarts: "Restarts of the target",
};

const units: Readonly<Record<ObservationRecord["unit"], Unit>> = {
  cores: "cores",
  bytes: "bytes",
  ms: "ms",
  count: "count",
  share: "share",
};

/** As many as there are colours; of more sources those with the highest values are drawn, and all are in the table. */
const colours = ["blue", "orange", "green", "purple", "teal", "red", "grey"] as const;
/** Sources of one scrape are read some milliseconds apart. */
const stepMs = 1_000;

/** Null when nobody looked. @param most points of a chart */
export function targetPart(record: RunRecord, most: number): TargetData | null {
  const observations = record.observations.filter(({ points }) => points.length > 0);
  if (record.observations.length === 0) return null;
  const names = [...new Set(observations.map(({ name }) => name))];
  const drawn = names.map((name) =>
    readingChart(
      record,
      observations.filter((each) => each.name === name),
      most,
    ),
  );
  return {
    charts: {
      axes: Object.fromEntries(drawn.map(({ chart, timesMs }) => [chart.axis, timesMs])),
      bands: steadyBand(record),
      charts: drawn.map(({ chart }) => chart),
      note: undefined,
    },
    rows: observations.map(({ name, source, unit, points }) => {
      const values = points.map(([, value]) => value);
      return {
        name,
        source,
        unit: units[unit],
        mean: values.reduce((sum, value) => sum + value, 0) / values.length,
        max: values.reduce((highest, value) => Math.max(highest, value)),
        last: values.at(-1)!,
        readings: values.length,
      };
    }),
  };
}

function readingChart(
  { objectives }: RunRecord,
  observations: readonly ObservationRecord[],
  most: number,
): { chart: ChartData; timesMs: number[] } {
  const { name, unit } = observations[0]!;
  const shown = observations
    .toSorted((one, other) => highest(other) - highest(one))
    .slice(0, colours.length);
  const seconds = [...new Set(shown.flatMap(({ points }) => points.map(([atMs]) => toStep(atMs))))];
  const groups = inGroups(
    seconds.toSorted((one, other) => one - other),
    most,
  );
  const more = observations.length - shown.length;
  const cores = name === "cpu_cores" ? (objectives?.targetCores ?? null) : null;
  const share = objectives?.cpuShare ?? null;
  return {
    timesMs: groups.map((group) => group[0]!),
    chart: {
      id: `target-${name}`,
      title: `${titles[name] ?? name}${more > 0 ? ` (${formatWhole(shown.length)} of ${formatWhole(observations.length)} sources)` : ""}`,
      unit: units[unit],
      axis: `target-${name}`,
      lines: shown.map((observation, index) => toLine(observation, groups, colours[index]!)),
      limits:
        cores === null || share === null || observations.length > 1
          ? []
          : [{ label: "objective", value: toChart(share * cores) }],
      emptyText: "No readings.",
    },
  };
}

function toLine(
  { source, points }: ObservationRecord,
  groups: readonly (readonly number[])[],
  colour: Line["colour"],
): Line {
  const values = new Map<number, number>();
  for (const [atMs, value] of points)
    values.set(toStep(atMs), Math.max(value, values.get(toStep(atMs)) ?? -Infinity));
  return {
    label: source,
    colour,
    spansGaps: true,
    values: groups.map((group) => {
      const known = group.flatMap((atMs) => values.get(atMs) ?? []);
      return known.length === 0
        ? null
        : toChart(known.reduce((one, other) => Math.max(one, other)));
    }),
  };
}

function highest({ points }: ObservationRecord): number {
  return points.reduce((most, [, value]) => Math.max(most, value), -Infinity);
}

function toStep(atMs: number): number {
  return Math.round(atMs / stepMs) * stepMs;
}

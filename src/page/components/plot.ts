/** From what a chart shows to what uPlot is told. Colours are read from the page's style when it is drawn. */
import uPlot from "uplot";
import { areLabelsBelow } from "./axis.ts";
import { formatClock } from "../../base/numbers.ts";

export type LineColour = "blue" | "orange" | "green" | "purple" | "red" | "grey" | "teal";

export interface ChartLine {
  /** Unique in its chart. */
  readonly label: string;
  readonly colour: LineColour;
  /** One for each time; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly shape?: "line" | "area" | "dashed" | "steps" | undefined;
  /** The line goes on over times without a value: sources that are read at times of their own. */
  readonly spansGaps?: boolean | undefined;
}

/** A level that must be kept to. */
export interface ChartLimit {
  readonly label: string;
  readonly value: number;
}

/** A part of the time with a name: a phase, the steady state. */
export interface ChartBand {
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PlotParts {
  readonly lines: readonly ChartLine[];
  readonly limits: readonly ChartLimit[];
  readonly bands: () => readonly ChartBand[];
  readonly format: (value: number) => string;
  readonly isHidden: (label: string) => boolean;
  /** Somebody has chosen a part of the time to look at. */
  readonly onZoom: () => void;
  /** The position under the pointer, of this chart or of another one of the page; null when it has left. */
  readonly onPointer: (position: number | null) => void;
}

const heightPx = 220;
const timeAxisPx = 32;
/** Steps of a time axis, in seconds. */
const clockSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400,
];

export function plotOptions(parts: PlotParts, host: HTMLElement): uPlot.Options {
  const { lines, limits, bands, format, isHidden, onPointer, onZoom } = parts;
  const style = getComputedStyle(host);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const axis: uPlot.Axis = {
    stroke: colour("text-muted"),
    font: `12px ${colour("font")}`,
    grid: { stroke: colour("grid"), width: 1 },
    ticks: { stroke: colour("grid"), width: 1 },
  };
  return {
    width: Math.max(host.clientWidth, 1),
    height: heightPx,
    legend: { show: false },
    cursor: {
      // A level means nothing in the other charts.
      y: false,
      sync: { key: "lakh", setSeries: false },
      drag: { x: true, y: false },
      points: { size: 6 },
    },
    scales: {
      x: { time: false },
      y: { range: (_plot, _min, max) => [0, highestShown(max, limits)] },
    },
    axes: [
      {
        ...axis,
        size: timeAxisPx,
        incrs: clockSteps,
        space: 64,
        values: (_plot, splits) => splits.map((seconds) => formatClock(seconds * 1_000)),
      },
      { ...axis, size: axisWidth(format), values: (_plot, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...lines.map((line) => toSeries(line, colour(`line-${line.colour}`), !isHidden(line.label))),
    ],
    hooks: {
      drawClear: [(plot) => drawBands(plot, bands(), colour)],
      draw: [(plot) => drawLimits(plot, limits, colour)],
      setSelect: [(plot) => plot.select.width > 0 && onZoom()],
      setCursor: [(plot) => onPointer(plot.cursor.idx ?? null)],
    },
  };
}

function toSeries(
  { label, shape, spansGaps }: ChartLine,
  stroke: string,
  show: boolean,
): uPlot.Series {
  const steps = shape === "steps" ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    label,
    stroke,
    show,
    width: 1.75,
    // One point makes no line; asked at each drawing, because a run that goes on has more soon.
    points: { show: (plot, index) => isSinglePoint(plot.data[index]), size: 7 },
    spanGaps: spansGaps === true,
    ...(shape === "dashed" ? { dash: [6, 4] } : {}),
    ...(shape === "area" ? { fill: `color-mix(in srgb, ${stroke} 14%, transparent)` } : {}),
    ...(steps === undefined ? {} : { paths: steps }),
  };
}

function isSinglePoint(values: uPlot.AlignedData[number] | undefined): boolean {
  let count = 0;
  for (const value of values ?? []) if (typeof value === "number" && ++count > 1) return false;
  return count === 1;
}

/** The upper end of the axis: room above the highest value, a limit included unless everything stays far below it. */
export function highestShown(max: number | null, limits: readonly ChartLimit[]): number {
  const measured = max ?? 0;
  const near = limits.map(({ value }) => value).filter((value) => value <= measured * 4);
  const top = Math.max(measured, ...near);
  return top > 0 ? top * 1.1 : Math.max(1, ...limits.map(({ value }) => value * 1.1));
}

/** As wide as the widest label needs. */
function axisWidth(format: (value: number) => string): uPlot.Axis.Size {
  return (_plot, values) => {
    const longest = (values ?? [format(0)]).reduce((most, { length }) => Math.max(most, length), 0);
    return Math.max(40, longest * 7 + 16);
  };
}

type Colour = (name: string) => string;

function drawBands(plot: uPlot, bands: readonly ChartBand[], colour: Colour): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${11 * devicePixelRatio}px ${colour("font")}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  for (const { label, fromMs, toMs } of bands) {
    const left = plot.valToPos(fromMs / 1_000, "x", true);
    const right = plot.valToPos(toMs / 1_000, "x", true);
    ctx.fillStyle = colour("band");
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.fillStyle = colour("text-muted");
    const start = Math.max(left, bbox.left) + 4 * devicePixelRatio;
    if (ctx.measureText(label).width < right - start)
      ctx.fillText(label, start, bbox.top + 12 * devicePixelRatio);
  }
  ctx.restore();
}

function drawLimits(plot: uPlot, limits: readonly ChartLimit[], colour: Colour): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour("bad");
  ctx.fillStyle = colour("bad");
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.font = `${11 * devicePixelRatio}px ${colour("font")}`;
  ctx.textAlign = "right";
  ctx.textBaseline = "alphabetic";
  const isBelow = areLabelsBelow(limits.map(({ value }) => plot.valToPos(value, "y")));
  for (const [index, { label, value }] of limits.entries()) {
    const y = plot.valToPos(value, "y", true);
    if (y < bbox.top) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    const shiftPx = isBelow[index] === true ? 13 : -4;
    ctx.fillText(label, bbox.left + bbox.width - 4, y + shiftPx * devicePixelRatio);
  }
  ctx.restore();
}

/**
 * A chart as a picture of lines: for paper, and for where no scripts run. Where a line has more points than the picture
 * has room for, each place shows the lowest and the highest of its points: a peak of a second is seen in a day.
 */
import type { JSX } from "preact";
import { formatClock } from "../../base/numbers.ts";
import { clockTicks, linearScale, linearTicks, type Scale, toPixel } from "./axis.ts";
import { Levels, Limits } from "./picture.tsx";
import { type ChartBand, type ChartLimit, type ChartLine, highestShown } from "./plot.ts";

export interface ChartPictureProps {
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly limits: readonly ChartLimit[];
  readonly bands: readonly ChartBand[];
  readonly tick: (value: number) => string;
}

const width = 480;
const height = 190;
const places = 200;
const edge = { left: 62, right: 8, top: 10, bottom: 22 } as const;
const inner = { right: width - edge.right, bottom: height - edge.bottom } as const;

export function ChartPicture({
  timesMs,
  lines,
  limits,
  bands,
  tick,
}: ChartPictureProps): JSX.Element {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  const top = highestShown(
    values.reduce((most, value) => Math.max(most, value), 0),
    limits,
  );
  const [firstMs = 0] = timesMs;
  const lastMs = timesMs.at(-1) ?? firstMs;
  const x = linearScale(firstMs, Math.max(lastMs, firstMs + 1), [edge.left, inner.right]);
  const y = linearScale(0, top, [inner.bottom, edge.top]);
  return (
    <svg class="chart-picture" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {bands.map(({ label, fromMs, toMs }) => (
        <Band key={label} label={label} from={clamp(x(fromMs))} to={clamp(x(toMs))} />
      ))}
      <Levels values={linearTicks(top, 4)} y={y} left={edge.left} right={inner.right} tick={tick} />
      {clockTicks(firstMs, lastMs, 6).map((timeMs) => (
        <text key={timeMs} x={toPixel(x(timeMs))} y={height - 6} text-anchor="middle">
          {formatClock(timeMs)}
        </text>
      ))}
      {lines.map((line) => (
        <Line key={line.label} line={line} timesMs={timesMs} x={x} y={y} />
      ))}
      <Limits
        limits={limits.filter(({ value }) => value <= top)}
        y={y}
        left={edge.left}
        right={inner.right}
        labelAt="right"
      />
    </svg>
  );
}

function Band({ label, from, to }: { label: string; from: number; to: number }): JSX.Element {
  const isWide = to - from > label.length * 7;
  return (
    <g>
      <rect
        class="picture-band"
        x={toPixel(from)}
        y={edge.top}
        width={toPixel(Math.max(0, to - from))}
        height={inner.bottom - edge.top}
      />
      {isWide ? (
        <text x={toPixel(from) + 4} y={edge.top + 12}>
          {label}
        </text>
      ) : null}
    </g>
  );
}

interface LineProps {
  readonly line: ChartLine;
  readonly timesMs: readonly number[];
  readonly x: Scale;
  readonly y: Scale;
}

function Line({ line: { values, colour, shape }, timesMs, x, y }: LineProps): JSX.Element {
  const points = timesMs.flatMap((timeMs, index): Point[] => {
    const value = values[index] ?? null;
    return value === null ? [] : [[toPixel(x(timeMs)), toPixel(y(value))]];
  });
  const [only] = points;
  if (points.length === 1 && only !== undefined)
    return <circle class="picture-dot" data-colour={colour} cx={only[0]} cy={only[1]} r={3} />;
  const shown = thinned(points);
  const path = shown
    .map(([left, top], index) => `${index === 0 ? "M" : "L"}${left} ${top}`)
    .join("");
  const area = `${path}V${inner.bottom}H${shown[0]?.[0] ?? edge.left}Z`;
  return (
    <g>
      {shape === "area" && shown.length > 0 ? (
        <path class="picture-area" data-colour={colour} d={area} />
      ) : null}
      <path class="picture-line" data-colour={colour} data-dashed={shape === "dashed"} d={path} />
    </g>
  );
}

type Point = readonly [left: number, top: number];

/** The lowest and the highest point of each place, in their order. */
function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= 2 * places) return points;
  const size = points.length / places;
  return Array.from({ length: places }, (_, place) => {
    const here = points.slice(Math.floor(place * size), Math.floor((place + 1) * size));
    const by = here.toSorted((one, other) => one[1] - other[1]);
    const ends = [by[0]!, by.at(-1)!];
    return here.indexOf(ends[0]!) <= here.indexOf(ends[1]!) ? ends : ends.toReversed();
  }).flat();
}

function clamp(left: number): number {
  return Math.min(Math.max(left, edge.left), inner.right);
}
